/* top.js - the top of every kind of page: what was run, what the reader must know first, the key
 * numbers. */
import { h } from './dom.js';
import { isDark, onThemeChange, toggleTheme } from './theme.js';

function themeButton() {
  const button = h('button', { type: 'button', class: 'theme', onclick: toggleTheme });
  const label = () => {
    button.textContent = isDark() ? 'Light' : 'Dark';
    button.title = `Show the page ${isDark() ? 'light' : 'dark'}`;
  };
  label();
  onThemeChange(label);
  return button;
}

const ICONS = { warning: '!', note: 'i' };

export function noteList(list) {
  return list.length === 0
    ? null
    : h(
        'ul',
        { class: 'notes', 'aria-label': 'Warnings and notes' },
        list.map((n) =>
          h(
            'li',
            { class: n.severity === 'warning' ? 'warning' : 'note' },
            h('span', { class: 'icon', 'aria-hidden': 'true' }, ICONS[n.severity] || 'i'),
            h(
              'span',
              {},
              h('strong', {}, n.severity === 'warning' ? 'Warning' : 'Note'),
              ' ',
              n.text,
            ),
          ),
        ),
      );
}

/* what: texts or nodes of the line under the title; facts: texts, null is left out. */
export function masthead({ eyebrow, title, what, facts, notes, sentence }) {
  return h(
    'header',
    { class: 'masthead' },
    h('div', { class: 'top' }, h('p', { class: 'eyebrow' }, eyebrow), themeButton()),
    h('h1', {}, title),
    h('p', { class: 'what' }, what),
    h(
      'p',
      { class: 'facts' },
      facts.filter(Boolean).map((fact) => h('span', {}, fact)),
    ),
    noteList(notes),
    h('p', { class: 'sentence' }, sentence),
  );
}

/* One key number: value, what stands beside it, and how it is defined. */
function card({ label, value, extra, beside, convention, tone }) {
  return h(
    'div',
    { class: 'card', title: convention || null },
    h('dt', {}, label),
    h('dd', { class: 'value ' + (tone || '') }, value, extra ? h('small', {}, ' ' + extra) : null),
    beside ? h('dd', { class: 'beside' }, beside) : null,
    convention ? h('dd', { class: 'convention' }, convention) : null,
  );
}

export const cards = (list) =>
  h('dl', { class: 'cards', 'aria-label': 'Key numbers' }, list.map(card));

export const signTone = (x) => (x > 0 ? 'gain' : x < 0 ? 'loss' : '');
