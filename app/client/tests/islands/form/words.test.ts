/** Nothing form-js says is left in English. */
import { readFileSync } from 'node:fs';
import { beforeEach, expect, test } from 'vitest';
import messages from '../../../../../forms/messages.json';
import { codeOf, message, translate, wordFor } from '../../../src/islands/form/words';

const VIEWER = readFileSync('node_modules/@bpmn-io/form-js-viewer/dist/index.es.js', 'utf-8');

/** Every text form-js hands to `translate`, read from its own source. */
const TEXTS = [...VIEWER.matchAll(/translate\((['"])((?:\\.|(?!\1).)+)\1/g)]
  .map(([, , text]) => (text ?? '').replace(/\\(.)/g, '$1'))
  .filter((text) => !text.startsWith('HELLO '));

beforeEach(() => {
  document.documentElement.lang = 'zh-CN';
});

test('the texts are found where form-js keeps them', () => {
  expect(TEXTS.length).toBeGreaterThan(35);
  expect(TEXTS).toContain('Field is required.');
  expect(VIEWER.match(/\btranslate\((?!['"]|template|-\d)/g) ?? []).toEqual([]);
});

test.each(TEXTS)('“%s” has a Chinese text', (text) => {
  const placeholders = (from: string) => (from.match(/\{\w+\}/g) ?? []).sort();

  const chinese = translate(text);

  expect(chinese).toMatch(/[\u4e00-\u9fff]/);
  expect(placeholders(chinese)).toEqual(placeholders(text));
});

test('each message the server shares with form-js is one form-js has', () => {
  const shared = Object.values(messages).flatMap((each) =>
    'form_js' in each ? [each.form_js] : [],
  );
  expect(shared.filter((text) => !TEXTS.includes(text))).toEqual([]);
  expect(shared.filter((text) => !codeOf(text))).toEqual([]);
});

test.each(['Select', 'Search', 'No results'])('the hard-coded “%s” too', (text) => {
  expect(VIEWER).toContain(`'${text}'`);
  expect(wordFor(text, 'zh')).toMatch(/[\u4e00-\u9fff]/);
});

test('values are put in, zero as well, and nothing in a value is taken for a placeholder', () => {
  expect(message('min', { value: 0 })).toBe('不能小于 0。');
  expect(translate('Field must match pattern {value}.', { value: '^{value}$' })).toBe(
    '格式不正确，应符合 ^{value}$。',
  );
});

test('an English page is told in the words of the server', () => {
  document.documentElement.lang = 'en';
  expect(translate('Field is required.')).toBe(messages.required.en);
  expect(translate('Remove tag')).toBe('Remove tag');
});
