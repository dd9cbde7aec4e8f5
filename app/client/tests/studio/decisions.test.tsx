import { readFileSync } from 'node:fs';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, expect, test, vi } from 'vitest';
import {
  duplicated,
  freeId,
  nameOf,
  outputLabels,
  renamed,
  ruleIds,
  usersIn,
} from '../../src/studio/decisions/files';
import { Trial } from '../../src/studio/decisions/Trial';
import { missing, translate } from '../../src/studio/decisions/translate';
import type { Answer } from '../../src/studio/decisions/trial';
import { makeDraft, serve } from './harness';

const LIMITS = readFileSync('../../bpmn/decisions/response_limits.dmn', 'utf8');
const DIAGRAM = readFileSync('../../bpmn/processes/consultation.bpmn', 'utf8');

test('a decision is read from its file', () => {
  expect(nameOf(LIMITS, 'response_limits')).toBe('响应时限');
  expect(nameOf('<broken', 'limits')).toBe('limits');
  expect(ruleIds(LIMITS, 'response_limits')).toEqual([
    'rule_routine',
    'rule_urgent',
    'rule_critical',
  ]);
  expect(outputLabels(LIMITS, 'response_limits').get('priority')).toBe('优先级（0–100）');
  expect([...usersIn(DIAGRAM).keys()]).toEqual(['response_limits']);
});

test('a decision is renamed and nothing else changes', () => {
  const file = renamed(LIMITS, 'response_limits', '各步 <时限>');
  expect(nameOf(file, 'response_limits')).toBe('各步 <时限>');
  expect(ruleIds(file, 'response_limits')).toEqual(ruleIds(LIMITS, 'response_limits'));
});

test('a copy has an id of its own, and its drawing follows it', () => {
  const id = freeId({ response_limits: '', response_limits_2: '' }, 'response_limits');
  expect(id).toBe('response_limits_3');
  const file = duplicated(LIMITS, 'response_limits', { id, name: '副本' });
  expect(nameOf(file, id)).toBe('副本');
  expect(file).toContain(`dmnElementRef="${id}"`);
  expect(file).not.toContain('dmnElementRef="response_limits"');
});

test('texts of dmn-js are Chinese, and one that is missing is heard', () => {
  expect(translate('Add rule above')).toBe('在上方加规则');
  expect(translate('e.g. { sample }', { sample: 'P1D' })).toBe('例如 P1D');
  expect(translate('Levitate {what}', { what: 'it' })).toBe('Levitate it');
  expect(missing.value).toEqual(['Levitate {what}']);
});

const FIELD = { name: 'urgency', label: '紧急程度', type: 'string', choices: ['urgent'] };
const NOTHING: Answer = { fields: [FIELD], value: null, steps: [], problems: [], faults: {} };
const HIT: Answer = {
  ...NOTHING,
  steps: [
    {
      decision: 'response_limits',
      name: '响应时限',
      inputs: [{ label: '紧急程度', value: 'urgent' }],
      rules: [2],
      value: { priority: 70, review_hours: 4 },
    },
  ],
};
const host = document.createElement('div');

async function open(answers: (inputs: Record<string, string>) => Answer): Promise<void> {
  const draft = makeDraft();
  draft.show('decisions');
  serve({
    '/decision-trials': (body) => answers((body as { inputs: Record<string, string> }).inputs),
  });
  document.body.append(host);
  const trial = <Trial draft={draft} xml={LIMITS} decision="response_limits" />;
  await act(() => render(trial, host));
  await vi.waitFor(() => expect(host.querySelector('input')).not.toBeNull());
}

async function fill(text: string): Promise<void> {
  const input = host.querySelector('input') ?? expect.fail();
  await act(() => {
    input.value = text;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

function marks(): string {
  return document.adoptedStyleSheets
    .flatMap(({ cssRules }) => [...cssRules])
    .map(({ cssText }) => cssText)
    .join(' ');
}

afterEach(() => {
  render(null, host);
  host.remove();
  vi.unstubAllGlobals();
});

test('the rule that matched is said and marked, the outcome stands in the order of the columns', async () => {
  await open(({ urgency }) => (urgency ? HIT : NOTHING));
  expect(host.textContent).toContain('填写输入后显示结果');
  await fill('urgent');
  await vi.waitFor(() => expect(host.textContent).toContain('命中第 2 条规则'));
  const labels = [...host.querySelectorAll('dt')].map(({ textContent }) => textContent);
  expect(labels).toEqual(['审核时限（小时）', '优先级（0–100）']);
  await vi.waitFor(() => expect(marks()).toContain('rule_urgent'));
  await act(() => [...host.querySelectorAll('button')].at(-1)?.click());
  await vi.waitFor(() => expect(marks()).not.toContain('rule_urgent'));
});

test('a text that cannot be read is told at its field, and why there is no outcome in words', async () => {
  await open(({ urgency }) => {
    if (urgency === 'x') return { ...NOTHING, faults: { urgency: '请填写数字' } };
    const problem = { decision: '响应时限', rule: 3, text: '输出不在允许的值之内' };
    return { ...HIT, problems: urgency ? [problem] : [] };
  });
  await fill('x');
  await vi.waitFor(() => expect(host.textContent).toContain('请填写数字'));
  expect(host.querySelector('input')?.getAttribute('aria-invalid')).toBe('true');
  expect(host.querySelector('.trial__step')).toBeNull();
  await fill('y');
  await vi.waitFor(() => expect(host.textContent).toContain('第 3 条规则：输出不在允许的值之内'));
});
