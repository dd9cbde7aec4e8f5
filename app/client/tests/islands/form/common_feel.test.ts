/** Rules mean the same to feelin as to bpmn.feel (tests/forms/test_common_feel.py). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { evaluate } from '@bpmn-io/feelin';
import { expect, test, vi } from 'vitest';
import { today } from '../../../src/islands/form/viewer';

const SHEET = join(import.meta.dirname, '../../../../../tests/forms/common_feel.json');
const { cases } = JSON.parse(readFileSync(SHEET, 'utf-8')) as {
  cases: [text: string, variables: object, value: boolean | null][];
};

test.each(cases)('%s with %j', (text, variables, value) => {
  vi.setSystemTime('2026-03-10T09:00:00+08:00');
  expect(evaluate(text, { today, ...variables }).value).toBe(value);
});
