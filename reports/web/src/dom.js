/* dom.js - making elements without markup in strings: text can never become a tag. */

function append(parent, child) {
  if (Array.isArray(child)) {
    child.forEach((c) => append(parent, c));
  } else if (child !== null && child !== undefined && child !== false) {
    parent.append(child);
  }
}

/* h('td', {class: 'number'}, 'text', child, [children], null) */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  append(element, children);
  return element;
}

/* A section with its heading and, under that, a line that says what it shows. */
export function section(id, title, lead, ...children) {
  return h(
    'section',
    { id, class: 'part', 'aria-labelledby': id + '-title' },
    h('h2', { id: id + '-title' }, title),
    lead ? h('p', { class: 'lead' }, lead) : null,
    ...children,
  );
}

/* A row of buttons of which one is pressed; choose(value) is called with the new one. */
export function choice(label, options, value, choose) {
  const buttons = options.map(([key, text, title]) =>
    h(
      'button',
      {
        type: 'button',
        'aria-pressed': String(key === value),
        title: title || null,
        onclick: () => press(key),
      },
      text,
    ),
  );
  function press(key) {
    buttons.forEach((button, i) =>
      button.setAttribute('aria-pressed', String(options[i][0] === key)),
    );
    choose(key);
  }
  return h('div', { class: 'choice', role: 'group', 'aria-label': label }, buttons);
}

/* A row of buttons that do something at once. */
export const actions = (label, options, act) =>
  h(
    'div',
    { class: 'choice', role: 'group', 'aria-label': label },
    options.map(([key, text]) => h('button', { type: 'button', onclick: () => act(key) }, text)),
  );

export function select(label, options, value, choose) {
  const element = h(
    'select',
    { 'aria-label': label, onchange: () => choose(element.value) },
    options.map(([key, text]) =>
      h('option', { value: key, selected: String(key) === String(value) }, text),
    ),
  );
  return element;
}

/* What a cell of a table shows: a number and, under it, what belongs to it. */
export const two = (above, below) => [
  above,
  below ? h('span', { class: 'quiet under' }, below) : null,
];

/* What stands where there is nothing to show, and why. */
export const absent = (text) => h('p', { class: 'absent' }, text);
