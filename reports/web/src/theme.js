/* theme.js - light or dark: what the system says, unless the reader (button) or the address
 * (report.html#theme=dark) says otherwise. Charts read their colours from the page's style. */

const root = document.documentElement;
const listeners = [];
const system = window.matchMedia('(prefers-color-scheme: dark)');

function stored() {
  try {
    return localStorage.getItem('feller-theme');
  } catch {
    return null;
  }
}

export const isDark = () => (root.dataset.theme || (system.matches ? 'dark' : 'light')) === 'dark';

export function onThemeChange(listener) {
  listeners.push(listener);
}

const changed = () => listeners.forEach((listener) => listener());

export function setTheme(theme) {
  root.dataset.theme = theme;
  changed();
}

export function startTheme() {
  const asked = /theme=(light|dark)/.exec(location.hash);
  const theme = asked ? asked[1] : stored();
  if (theme === 'light' || theme === 'dark') {
    root.dataset.theme = theme;
  }
  system.addEventListener('change', changed);
}

export function toggleTheme() {
  setTheme(isDark() ? 'light' : 'dark');
  try {
    localStorage.setItem('feller-theme', root.dataset.theme);
  } catch {
    /* a browser that keeps nothing for files: the choice lasts as long as the page */
  }
}

const NAMES = [
  'page',
  'ink',
  'muted',
  'rule',
  'panel',
  'main',
  'bench',
  'gain',
  'loss',
  'long',
  'short',
  'accent',
  'shade',
  'veil',
];

export function palette() {
  const style = getComputedStyle(root);
  return Object.fromEntries(
    NAMES.map((name) => [name, style.getPropertyValue('--' + name).trim()]),
  );
}
