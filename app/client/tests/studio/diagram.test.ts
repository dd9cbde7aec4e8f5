/** What the properties panel reads and writes, on the shipped diagram itself. */
import { readFileSync } from 'node:fs';
import { BpmnModdle } from 'bpmn-moddle';
import { beforeAll, expect, test } from 'vitest';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';
import type { Content, FormSchema, Vocabulary } from '../../src/studio/content';
import { attribute, inputs, type Moddle, property } from '../../src/studio/diagram/extensions';
import { missing, translate } from '../../src/studio/diagram/translate';
import { variablesAt } from '../../src/studio/diagram/variables';

const ROOT = '../../';
const XML = readFileSync(`${ROOT}bpmn/processes/consultation.bpmn`, 'utf8');
const VOCABULARY: Vocabulary = {
  roles: [],
  sides: [],
  statuses: [],
  operations: [
    {
      name: 'arrange_session',
      label: '',
      inputs: ['scheduled_at', 'duration_min'],
      optional: [],
      outputs: ['session_at'],
      choices: {},
      notices: [],
      meaning: '',
    },
  ],
  records: [],
  options: [],
  notices: [],
  variables: ['applicant', 'consultation'],
};

let elements: Readonly<Record<string, Moddle>>;

beforeAll(async () => {
  const read = await new BpmnModdle({ zeebe }).fromXML(XML);
  elements = read.elementsById as Record<string, Moddle>;
});

const element = (id: string): Moddle => elements[id] ?? expect.fail(id);
const form = (id: string): FormSchema =>
  JSON.parse(readFileSync(`${ROOT}forms/${id}.form`, 'utf8'));

function known(id: string): Map<string, string> {
  const content = {
    forms: { application: form('application'), schedule: form('schedule') },
  } as unknown as Content;
  const found = variablesAt(() => content, VOCABULARY, '系统')(element(id));
  return new Map(found.map(({ name, info }) => [name, info]));
}

test('what the parser reads is read where it stands', () => {
  const review = element('review_director');

  expect(attribute(review, 'zeebe:FormDefinition', 'formId')).toBe('review');
  expect(property(review, 'record')).toBe('review');
  expect(property(element('lane_expert'), 'side')).toBe('invited');
  expect(inputs(element('director_remind')).get('audience')).toBe('="assignees"');
  expect(property(review, 'nothing')).toBe('');
});

test('an expression knows what was written on the way to it, and by whom', () => {
  expect(known('start')).toEqual(
    new Map([
      ['applicant', '系统'],
      ['consultation', '系统'],
    ]),
  );

  const review = known('review_director');
  expect(review.get('urgency')).toBe('填写会诊申请');
  expect(review.get('limits')).toBe('确定响应时限');
  expect(review.has('session_at')).toBe(false);
});

test('the fields of the own form are known to the outputs of its task, not yet to those after it', () => {
  expect(known('fill_application').has('consent_given')).toBe(true);
  expect(known('set_limits').has('consent_given')).toBe(false);
});

test('an operation gives its outputs to what follows, also through a boundary event', () => {
  expect(known('open_room').get('session_at')).toBeTruthy();
  expect(known('session_overrun').get('session_at')).toBeTruthy();
});

test('inside of what is done for each, the item is known', () => {
  expect(known('write_opinions').get('expert')).toBeTruthy();
  expect(known('write_report').has('expert')).toBe(false);
  expect(known('write_report').has('tracks')).toBe(true);
});

test('a flow knows what the element before it wrote', () => {
  const [flow] = element('decision_director').get<Moddle[]>('outgoing');

  expect(known(flow?.id ?? '').has('decision')).toBe(true);
});

test('bpmn.io speaks Chinese, and what has no Chinese is heard of', () => {
  expect(translate('Append end event')).toBe('后接：结束事件');
  expect(translate('Open {element}', { element: '子流程' })).toBe('打开子流程');
  expect(missing.value).toEqual([]);

  expect(translate('Brand new text')).toBe('Brand new text');
  expect(missing.value).toEqual(['Brand new text']);
});

test('in English it speaks its own words', () => {
  document.documentElement.lang = 'en';

  expect(translate('Open {element}', { element: 'x' })).toBe('Open x');
  document.documentElement.lang = '';
});
