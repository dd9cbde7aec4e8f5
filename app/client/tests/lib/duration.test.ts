import { expect, test } from 'vitest';
import { duration } from '../../src/lib/duration';

test.each([
  [0, '不到 1 分钟'],
  [59.9, '不到 1 分钟'],
  [60, '1 分钟'],
  [3_600, '1 小时'],
  [9_000, '2 小时 30 分钟'],
  [86_400 + 59 * 60, '1 天'],
  [2 * 86_400 + 3 * 3_600 + 1_200, '2 天 3 小时'],
])('%d seconds are %s', (seconds, words) => {
  expect(duration(seconds)).toBe(words);
});
