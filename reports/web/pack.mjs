/* pack.mjs - the page in two halves, before and after the report's JSON, and both as a C file.
 * Usage: node pack.mjs BUILD_FOLDER (which holds report.js and node_modules). */
import { readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const build = process.argv[2];

const PACKAGES = [
  ['echarts', ['NOTICE', 'LICENSE']],
  ['zrender', ['LICENSE']],
  ['tslib', ['LICENSE.txt']],
];

function licences() {
  const folder = (name) => join(build, 'node_modules', name);
  return PACKAGES.map(([name, files]) => {
    const { version } = JSON.parse(readFileSync(join(folder(name), 'package.json'), 'utf8'));
    return [
      `==== ${name} ${version} ====`,
      ...files.map((file) => readFileSync(join(folder(name), file), 'utf8')),
    ].join('\n\n');
  }).join('\n\n');
}

/* The style sheets in order of their names. */
function styles() {
  const folder = join(here, 'style');
  const files = readdirSync(folder).filter((name) => name.endsWith('.css'));
  return files
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
}

/* What would end a script element early may not be inside one. */
function inScript(text, what) {
  if (/<\/script|<!--/i.test(text)) {
    throw new Error(`${what} holds a script's end mark`);
  }
  return text;
}

function halves() {
  const parts = {
    '@STYLE@': styles()
      .replace(/\/\*[^]*?\*\/\s*/g, '')
      .trim(),
    '@SCRIPT@': inScript(readFileSync(join(build, 'report.js'), 'utf8').trim(), 'report.js'),
    '@LICENCES@': inScript(licences(), 'a licence'),
  };
  const [head, tail, ...more] = readFileSync(join(here, 'template.html'), 'utf8').split('@REPORT@');
  if (tail === undefined || more.length > 0) {
    throw new Error('template.html needs @REPORT@ once');
  }
  const filled = (text) =>
    Object.entries(parts).reduce((page, [mark, part]) => page.replace(mark, () => part), text);
  return { head: filled(head), tail: filled(tail) };
}

/* Bytes as numbers: a string literal of this size is beyond what ISO C asks of compilers. */
function cArray(name, text) {
  const bytes = Buffer.from(text, 'utf8');
  const lines = [];
  for (let i = 0; i < bytes.length; i += 32) {
    lines.push(Array.from(bytes.subarray(i, i + 32)).join(',') + ',');
  }
  return [
    `const unsigned char ${name}[] = {`,
    ...lines,
    '};',
    `const size_t ${name}_size = sizeof(${name});`,
    '',
  ].join('\n');
}

/* Whole or not there, also when two builds run at once. */
function write(name, text) {
  const temporary = join(build, `${name}.${process.pid}`);
  writeFileSync(temporary, text);
  renameSync(temporary, join(build, name));
}

const { head, tail } = halves();
write('page_head.html', head);
write('page_tail.html', tail);
write(
  'report_assets.c',
  [
    "/* report_assets.c - the report's page around its JSON; made by reports/web/pack.mjs. */",
    '#include "reports/html_internal.h"',
    '',
    cArray('report_page_head', head),
    cArray('report_page_tail', tail),
  ].join('\n'),
);
