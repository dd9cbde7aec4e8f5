/** Findings follow what is written, without waiting for each other. */
import { signal } from '@preact/signals';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Content, Finding, Vocabulary } from '../../../src/studio/content';
import { lint, Superseded } from '../../../src/studio/lint';
import { judge } from '../../../src/studio/lint/judge';
import { keepChecked, merged, QUIET_MS, SERVER_MS } from '../../../src/studio/lint/watch';
import type { Answer, Question } from '../../../src/studio/lint/worker';

/** A browser's worker, which happy-dom has not: it answers a moment later, unless it was ended. */
class Thread extends EventTarget {
  #isEnded = false;

  postMessage({ number, xml, context }: Question): void {
    void judge(xml, context).then((said) => {
      if (!this.#isEnded) {
        const data: Answer = { number, said };
        this.dispatchEvent(new MessageEvent('message', { data }));
      }
    });
  }

  terminate(): void {
    this.#isEnded = true;
  }
}

const VOCABULARY: Vocabulary = {
  roles: [],
  sides: [],
  statuses: [],
  operations: [],
  records: [],
  options: [],
  notices: [],
  variables: [],
};
const CONTEXT = { forms: {}, decisions: [], notices: [], vocabulary: VOCABULARY } as const;

function diagram(inside: string): string {
  return `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d">
    <bpmn:process id="p">${inside}</bpmn:process></bpmn:definitions>`;
}

const EMPTY = diagram('');
const LONELY = diagram('<bpmn:startEvent id="s"/>');

function content(xml: string): Content {
  return { diagram: xml, forms: {}, decisions: {}, notices: {}, scenarios: [] };
}

const saidOf = (findings: readonly Finding[]) =>
  findings.map((one) => `${one.rule} ${one.element}`);

const answer = (...findings: object[]) =>
  Promise.resolve(
    new Response(JSON.stringify({ findings }), { headers: { 'Content-Type': 'application/json' } }),
  );

beforeEach(() => {
  vi.stubGlobal('Worker', Thread);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a diagram is judged in the language of the page', async () => {
  const zh = await lint(EMPTY, { ...CONTEXT, language: 'zh' });
  const en = await lint(EMPTY, { ...CONTEXT, language: 'en' });

  expect(saidOf(zh)).toEqual(['one-start p', 'no-end p']);
  expect([zh[1]?.text, en[1]?.text]).toEqual(['没有结束事件', 'there is no end event']);
});

test('a newer question ends the older', async () => {
  const older = lint(EMPTY, { ...CONTEXT, language: 'zh' });
  const newer = lint(LONELY, { ...CONTEXT, language: 'zh' });

  await expect(older).rejects.toBeInstanceOf(Superseded);
  expect(saidOf(await newer)).toEqual(['no-end p', 'dead-end s']);
});

test('findings follow what is written once the writer rests', async () => {
  vi.useFakeTimers();
  const asked: unknown[] = [];
  vi.stubGlobal('fetch', (_url: string, options: { body: string }) => {
    asked.push(JSON.parse(options.body).content.diagram);
    return answer({
      element: 's',
      name: '',
      rule: 'bad-feel',
      severity: 'error',
      text: '',
      file: '',
    });
  });
  const draft = {
    url: '/api/studio/x',
    content: signal(content(EMPTY)),
    findings: signal<readonly Finding[]>([]),
    vocabulary: VOCABULARY,
  };

  const stop = keepChecked(draft);
  await vi.advanceTimersByTimeAsync(1);
  await vi.waitFor(() =>
    expect(saidOf(draft.findings.value)).toEqual(['one-start p', 'no-end p', 'bad-feel s']),
  );

  draft.content.value = content('<');
  await vi.advanceTimersByTimeAsync(QUIET_MS - 1);
  draft.content.value = content(LONELY);
  await vi.advanceTimersByTimeAsync(QUIET_MS + 1);
  await vi.waitFor(() =>
    expect(saidOf(draft.findings.value)).toEqual(['no-end p', 'dead-end s', 'bad-feel s']),
  );
  expect(asked).toEqual([EMPTY]);
  await vi.advanceTimersByTimeAsync(SERVER_MS);
  expect(asked).toEqual([EMPTY, LONELY]);

  stop();
  draft.content.value = content(EMPTY);
  await vi.advanceTimersByTimeAsync(2 * SERVER_MS);
  expect(asked).toHaveLength(2);
});

test('of the server stays what only it can know, and what is about files', () => {
  const finding = (rule: string, file = ''): Finding => ({
    element: '',
    name: '',
    rule,
    severity: 'error',
    text: '',
    file,
  });
  const there = [finding('dead-end'), finding('bad-feel'), finding('type', 'a.form')];

  expect(merged([finding('no-end')], there).map((one) => one.rule)).toEqual([
    'no-end',
    'bad-feel',
    'type',
  ]);
});
