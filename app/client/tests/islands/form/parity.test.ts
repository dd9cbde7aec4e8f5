/** The same answers get the same verdict here as on the server (tests/forms/test_parity.py). */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import messages from '../../../../../forms/messages.json';
import { openForm, type Result, resultOf, type Schema } from '../../../src/islands/form/viewer';

interface Case {
  name: string;
  answers: Record<string, unknown>;
  /** No browser can send these answers: form-js does not take them up. */
  forged?: boolean;
  accepted?: Record<string, unknown>;
  absent?: string[];
  errors?: Record<string, string[]>;
}

interface Sheet {
  form: Schema;
  context: Record<string, unknown>;
  cases: Case[];
}

const FOLDER = join(import.meta.dirname, '../../../../../tests/forms/parity');

const sheets = readdirSync(FOLDER).map((name): [string, Sheet] => [
  name.replace('.json', ''),
  expanded(JSON.parse(readFileSync(join(FOLDER, name), 'utf-8'))) as Sheet,
]);

/** Replace `{"repeat": text, "times": n}` by the long text it stands for. */
function expanded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(expanded);
  if (typeof value !== 'object' || value === null) return value;
  const { repeat, times } = value as { repeat?: string; times?: number };
  if (repeat !== undefined && times !== undefined) return repeat.repeat(times);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, expanded(inner)]));
}

/** Fill in the form and submit, as a person would after form-js has settled. */
async function submit({ form: schema, context }: Sheet, draft: object): Promise<Result> {
  const host = document.createElement('div');
  document.body.replaceChildren(host);
  const form = await openForm(host, { schema, data: context, draft: { ...draft } });
  await vi.advanceTimersByTimeAsync(200);
  const result = resultOf(form, form.submit());
  form.destroy();
  return result;
}

/** The codes behind the messages; texts of the form's own stand for `pattern`. */
function codes(errors: Result['errors']): Record<string, Set<string>> {
  return Object.fromEntries(
    Object.entries(errors).map(([key, texts]) => [key, new Set(texts.map(codeOfText))]),
  );
}

function codeOfText(text: string): string {
  const found = Object.entries(messages).find(([, { zh }]) => {
    const parts = zh.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`, 's').test(text);
  });
  return found?.[0] ?? 'pattern';
}

beforeEach(() => {
  document.documentElement.lang = 'zh-CN';
  vi.useFakeTimers({ now: new Date('2026-03-10T09:00:00+08:00') });
});
afterEach(() => void vi.useRealTimers());

describe.each(sheets)('%s', (_, sheet) => {
  test.each(sheet.cases.filter(({ forged }) => !forged))('$name', async (each) => {
    const { answers, errors } = await submit(sheet, each.answers);

    const expected = Object.entries(each.errors ?? {}).map(([key, of]) => [key, new Set(of)]);
    expect(codes(errors)).toEqual(Object.fromEntries(expected));
    expect(answers).toMatchObject(each.accepted ?? {});
    for (const key of each.absent ?? []) expect(answers).not.toHaveProperty(key);
  });

  test.each(sheet.cases.filter(({ forged }) => forged))('forged: $name', async (each) => {
    const { answers } = await submit(sheet, each.answers);

    for (const key of Object.keys(each.errors ?? {}))
      expect(answers[key]).not.toEqual(each.answers[key]);
  });
});
