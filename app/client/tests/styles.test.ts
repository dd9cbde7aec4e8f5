/** Colours are named in one place, and every pair that carries text can be read. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const FOLDER = 'src/styles/';
const TOKENS = Object.fromEntries(
  [...readFileSync(`${FOLDER}tokens.css`, 'utf8').matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map(
    ([, name, colour]) => [name, colour],
  ),
);

/** Relative luminance of `#rrggbb`. Source: WCAG 2.2, definition of relative luminance. */
function luminance(colour: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(ink: string, ground: string): number {
  const [a, b] = [ink, ground].map((name) => luminance(TOKENS[name] ?? expect.fail(name)));
  const [light, dark] = [Math.max(a ?? 0, b ?? 0), Math.min(a ?? 0, b ?? 0)];
  return (light + 0.05) / (dark + 0.05);
}

const GROUNDS = ['canvas', 'surface', 'surface-sunken', 'surface-hover'];
const TEXT: [string, string][] = [
  ...['ink', 'ink-soft', 'ink-faint', 'accent', 'accent-strong', 'danger', 'warning'].flatMap(
    (ink) => GROUNDS.map((ground): [string, string] => [ink, ground]),
  ),
  ...['danger', 'warning', 'success', 'info', 'neutral'].map((name): [string, string] => [
    name,
    `${name}-soft`,
  ]),
  ['ink', 'danger-soft'],
  ['accent-strong', 'accent-soft'],
  ['danger-strong', 'danger-soft'],
  ['ink-inverse', 'accent'],
  ['ink-inverse', 'accent-strong'],
  ['ink-faint', 'neutral-soft'],
  ['rail-ink', 'rail'],
  ['rail-ink-faint', 'rail'],
  ['ink-inverse', 'rail-raised'],
  ['rail', 'rail-ink'],
  ['demo-ink', 'demo'],
];

test.each(TEXT)('%s can be read on %s', (ink, ground) => {
  expect(contrast(ink, ground)).toBeGreaterThanOrEqual(4.5);
});

test.each([
  ['line-control', 'surface'],
  ['focus', 'canvas'],
  ['focus', 'surface'],
  ['rail-mark', 'rail'],
])('%s can be made out on %s', (line, ground) => {
  expect(contrast(line, ground)).toBeGreaterThanOrEqual(3);
});

test('no colour is written down outside tokens.css', () => {
  const others = readdirSync(FOLDER).filter((name) => name !== 'tokens.css');
  expect(others.length).toBeGreaterThan(4);
  for (const name of others) {
    const css = readFileSync(FOLDER + name, 'utf8');
    expect(css, name).not.toMatch(/#[0-9a-f]{3,8}\b(?=[^{]*[;}])|\b(?:rgb|hsl|oklch)a?\(/i);
  }
});

test('every name that is used is defined', () => {
  const sheets = readdirSync(FOLDER).map((name) => readFileSync(FOLDER + name, 'utf8'));
  const defined = new Set(
    sheets.flatMap((css) => [...css.matchAll(/(--[\w-]+):/g)].map((m) => m[1])),
  );
  const used = sheets.flatMap((css) => [...css.matchAll(/var\((--[\w-]+)/g)].map((m) => m[1]));
  expect(used.filter((name) => !defined.has(name))).toEqual([]);
});
