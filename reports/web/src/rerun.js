/* rerun.js - what was set, and all that is needed to run it again. */
import { absent, h, section } from './dom.js';

const asCode = (value) => h('code', {}, value);
export const asText = (value) => value;

/* Keys with their values; show(value) -> text or node. */
export function pairs(caption, list, show = asCode) {
  return h(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    h(
      'table',
      { class: 'pairs' },
      h('caption', {}, caption),
      h(
        'tbody',
        {},
        list.map(({ key, value }) =>
          h('tr', {}, h('th', { scope: 'row' }, key), h('td', {}, show(value))),
        ),
      ),
    ),
  );
}

function saveJson() {
  const text = document.getElementById('feller-report').textContent;
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  h('a', { href: address, download: 'report.json' }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

export function rerunSection(model) {
  const manifest = [
    ...model.manifest,
    ...(model.order_hash ? [{ key: 'order-list hash', value: model.order_hash }] : []),
  ];
  return section(
    'rerun',
    'How to run it again',
    null,
    h(
      'div',
      { class: 'pair' },
      h(
        'div',
        { class: 'block' },
        h('h3', {}, 'Parameters'),
        model.parameters.length > 0
          ? pairs('Parameters', model.parameters)
          : absent('The strategy has no parameters.'),
      ),
      h(
        'div',
        { class: 'block' },
        h('h3', {}, 'Manifest'),
        manifest.length > 0 ? pairs('Manifest', manifest) : absent('No manifest was given.'),
      ),
    ),
    h(
      'p',
      { class: 'caption unprinted' },
      h(
        'button',
        { type: 'button', class: 'plain', onclick: saveJson },
        'Save all numbers of this page as JSON',
      ),
    ),
  );
}
