import { afterEach, expect, test } from 'vitest';
import { t } from '../../src/lib/i18n';
import { en } from '../../src/lib/i18n/en';
import { zh } from '../../src/lib/i18n/zh';

afterEach(() => {
  document.documentElement.lang = '';
});

const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

test('both dictionaries say the same things', () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
});

test.each(Object.entries(zh))('%s has the same blanks in both languages', (key, text) => {
  expect(placeholders(en[key as keyof typeof zh])).toEqual(placeholders(text));
});

test('the English dictionary holds no Chinese and no empty text', () => {
  for (const text of Object.values(en)) expect(text).toMatch(/^\P{Script=Han}+$/u);
});

test('the language of the page chooses the dictionary, Chinese unless English is asked for', () => {
  document.documentElement.lang = 'zh-CN';
  expect(t('status.close')).toBe(zh['status.close']);

  document.documentElement.lang = 'en';
  expect(t('status.close')).toBe(en['status.close']);

  document.documentElement.lang = 'fr';
  expect(t('status.close')).toBe(zh['status.close']);
});
