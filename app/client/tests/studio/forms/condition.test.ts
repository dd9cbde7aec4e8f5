import { expect, test } from 'vitest';
import { read, write } from '../../../src/studio/forms/condition';

test.each([
  '=urgency = "critical"',
  '=年龄 >= 60 and sex != "m"',
  '=a = null or b = "x and y" or c < -1.5',
  '=list contains(allergens, "iodine") and not(list contains(allergens, "none"))',
  '=high > low',
  '=ticked = true and other = false',
])('%s is rows, and they are it', (text) => {
  const condition = read(text);
  expect(condition && write(condition)).toBe(text);
});

test('a box alone is ticked, and with not it is not', () => {
  expect(read('=allergic')?.tests).toEqual([{ key: 'allergic', operator: '=', operand: 'true' }]);
  expect(read('=not(allergic)')?.tests[0]?.operand).toBe('false');
});

test.each([
  '=a = 1 and b = 2 or c = 3',
  '=(a = 1)',
  '=a + b = c',
  '=date(a) <= today()',
  '=a in ("x", "y")',
  '=true',
  '=',
  'a = ',
])('%s stays FEEL', (text) => {
  expect(read(text)).toBeNull();
});
