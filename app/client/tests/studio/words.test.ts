/** Every panel's words stand in both languages, with the same blanks. */
import { afterEach, expect, test } from 'vitest';
import { translator } from '../../src/lib/i18n/translator';

afterEach(() => {
  document.documentElement.lang = '';
});

test('the language of the page chooses the word, and blanks are filled', () => {
  const t = translator({ held: '{name} 正在编辑' }, { held: '{name} is editing' });

  document.documentElement.lang = 'zh-CN';
  expect(t('held', { name: '赵' })).toBe('赵 正在编辑');

  document.documentElement.lang = 'en';
  expect(t('held', { name: 'Zhao' })).toBe('Zhao is editing');
});
