/** A trial case in the browser: its script is all it is, and undoing is a shorter one. */
import { signal } from '@preact/signals';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Content, Step } from '../../src/studio/content';
import type { Draft } from '../../src/studio/draft';
import { Player } from '../../src/studio/play/player';
import {
  type Call,
  kept,
  lastCalls,
  nextTimer,
  presentHour,
  remocked,
  type Trial,
  until,
} from '../../src/studio/play/trial';

const CONTENT: Content = { diagram: '<a/>', forms: {}, decisions: {}, notices: {}, scenarios: [] };
const APPROVE: Step = { complete: 'review', answers: { decision: 'approve' } };
const CALL: Call = {
  element: 'book',
  name: '预约',
  step: 0,
  operation: 'arrange_session',
  inputs: {},
  outputs: {},
  is_scripted: false,
  error: '',
};

function trial(changes: Partial<Trial> = {}): Trial {
  return {
    at: '2026-03-02T09:00:00+08:00',
    status: null,
    is_finished: false,
    ready: [],
    waits: [],
    standing: [],
    variables: {},
    path: [],
    entered: ['start'],
    flows: [],
    calls: [],
    problem: null,
    ...changes,
  };
}

let asked: { content: Content; scenario: { steps: Step[]; at: string } }[];
let answers: Response[];
const content = signal(CONTENT);
const draft = { url: '/api/studio/consultation', content } as unknown as Draft;

beforeEach(() => {
  asked = [];
  answers = [];
  content.value = CONTENT;
  vi.stubGlobal('fetch', async (_url: string, { body }: RequestInit) => {
    asked.push(JSON.parse(String(body)));
    return answers.shift() ?? Response.json(trial());
  });
});
afterEach(() => vi.unstubAllGlobals());

test('each step is sent with all before it, and undone by being left out', async () => {
  const player = new Player(draft);
  await player.start();
  await player.take(APPROVE);
  await player.take({ advance: 'PT1H' });
  await player.undo();

  expect(asked.map(({ scenario }) => scenario.steps.length)).toEqual([0, 1, 2, 1]);
  expect(new Set(asked.map(({ scenario }) => scenario.at)).size).toBe(1);
  expect(player.steps.value).toEqual([APPROVE]);
});

test('what a form refuses did not happen', async () => {
  const player = new Player(draft);
  await player.start();
  answers.push(Response.json({ message: '不行', errors: { reason: '必填' } }, { status: 422 }));

  await expect(player.take(APPROVE)).rejects.toMatchObject({ errors: { reason: '必填' } });

  expect(player.steps.value).toEqual([]);
  expect(player.isBusy.value).toBe(false);
});

test('a draft with errors is told with its findings, and played again once it changed', async () => {
  const player = new Player(draft);
  const findings = [{ element: 'review', name: '审核', rule: 'x', severity: 'error', text: '错' }];
  answers.push(Response.json({ message: '草稿中还有错误', findings }, { status: 422 }));
  await player.start();
  expect(player.refusal.value).toEqual({ message: '草稿中还有错误', findings });

  await player.refresh();
  expect(asked).toHaveLength(1);

  content.value = { ...CONTENT, diagram: '<b/>' };
  await player.refresh();
  expect(player.refusal.value).toBeNull();
  expect(asked[1]?.content.diagram).toBe('<b/>');
});

test('back from a problem is back to before the step that could not be done', async () => {
  const player = new Player(draft);
  const problem = {
    element: 'x',
    name: '',
    kind: 'astray',
    step: 1,
    text: '',
    errors: {},
  } as const;
  answers.push(Response.json(trial({ problem })));
  await player.load({
    name: '',
    at: '2026-03-02T09:00:00+08:00',
    variables: {},
    steps: [APPROVE, { deliver: 'cancel', payload: {} }, APPROVE],
    expected: [],
  });

  await player.undo();

  expect(asked[1]?.scenario.steps).toEqual([APPROVE]);
  expect(asked[1]?.scenario.at).toBe('2026-03-02T09:00:00+08:00');
});

test('the next timer is the first that is due, whatever the zone', () => {
  const wait = { element: 'a', name: '', message: null };
  const waits = [
    { ...wait, due_at: '2026-03-02T12:00:00+08:00' },
    { ...wait, due_at: '2026-03-02T03:30:00+00:00', element: 'b' },
    { ...wait, due_at: null, message: 'cancel', element: 'c' },
  ];

  expect(nextTimer(trial({ waits }))?.element).toBe('b');
  expect(nextTimer(trial())).toBeNull();
  expect(until('2026-03-02T11:00:00+08:00', '2026-03-02T03:30:00.5+00:00')).toBe('PT1801S');
});

test('a call is mocked after the step that made it, and again in its place', () => {
  const fail: Step = { fail: 'book', code: 'busy' };
  const mocked = remocked([APPROVE], CALL, fail);
  const again = remocked(mocked, { ...CALL, step: 1, is_scripted: true }, { ...fail, code: 'no' });

  expect(mocked).toEqual([APPROVE, fail]);
  expect(again).toEqual([APPROVE, { fail: 'book', code: 'no' }]);
});

test('only the answers of the last step can be changed', () => {
  const calls = [CALL, { ...CALL, step: 1 }, { ...CALL, step: 2, is_scripted: true }];
  const steps: Step[] = [APPROVE, APPROVE, { answer: 'book', outputs: {} }];

  expect(lastCalls(trial({ calls }), steps)).toEqual(calls.slice(1));
  expect(lastCalls(trial({ calls: [{ ...CALL, step: -1 }] }), [])).toHaveLength(1);
});

test('a trial begins at the full hour and is kept with its way', () => {
  const at = presentHour(new Date('2026-03-02T09:41:12+08:00'));

  expect(at).toBe('2026-03-02T09:00:00+08:00');
  expect(kept('退回', at, [APPROVE], trial())).toEqual({
    name: '退回',
    at,
    variables: {},
    steps: [APPROVE],
    expected: ['start'],
  });
});
