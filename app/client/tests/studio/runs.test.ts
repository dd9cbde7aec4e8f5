/** Kept scenarios are played again a moment after each change, and only the newest result counts. */
import { signal } from '@preact/signals';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Content, Scenario } from '../../src/studio/content';
import type { Draft } from '../../src/studio/draft';
import { signedHours } from '../../src/studio/play/history';
import { QUIET_MS, watchScenarios } from '../../src/studio/play/runs';

const EMPTY: Content = { diagram: '<a/>', forms: {}, decisions: {}, notices: {}, scenarios: [] };
const KEPT: Scenario = { name: '退回', at: '', variables: {}, steps: [], expected: [] };
const RUNS = { verdicts: [{ name: '退回', is_passed: true }], coverage: { percent: 12 } };

let asked: string[];
let answer: () => Response;

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  answer = () => Response.json(RUNS);
  vi.stubGlobal('fetch', async (_url: string, { body }: RequestInit) => {
    asked.push(JSON.parse(String(body)).content.diagram);
    return answer();
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function draftOf(content: Content) {
  const kept = signal(content);
  return { kept, draft: { url: '/api/studio/consultation', content: kept } as unknown as Draft };
}

test('a draft without scenarios asks for nothing', async () => {
  const { draft } = draftOf(EMPTY);
  watchScenarios(draft);
  await vi.advanceTimersByTimeAsync(QUIET_MS * 2);
  expect(asked).toEqual([]);
});

test('several changes in a row are one run, of what they came to', async () => {
  const { draft, kept } = draftOf({ ...EMPTY, scenarios: [KEPT] });
  const { runs } = watchScenarios(draft);
  await vi.advanceTimersByTimeAsync(0);
  kept.value = { ...kept.value, diagram: '<b/>' };
  kept.value = { ...kept.value, diagram: '<c/>' };
  await vi.advanceTimersByTimeAsync(QUIET_MS);

  expect(asked).toEqual(['<a/>', '<c/>']);
  expect(runs.value).toEqual(RUNS);
  expect(watchScenarios(draft).runs).toBe(runs);
});

test('why they cannot be played is said, and no old result is left standing', async () => {
  const { draft, kept } = draftOf({ ...EMPTY, scenarios: [KEPT] });
  const { runs, refusal } = watchScenarios(draft);
  await vi.advanceTimersByTimeAsync(0);
  answer = () => Response.json({ message: '草稿中还有错误' }, { status: 422 });
  kept.value = { ...kept.value, diagram: '<b/>' };
  await vi.advanceTimersByTimeAsync(QUIET_MS);

  expect(refusal.value).toBe('草稿中还有错误');
  expect(runs.value).toBeNull();
});

test('hours are told with their sign', () => {
  expect([5400, -360, 100].map(signedHours)).toEqual(['+1.5', '−0.1', '0']);
});
