import { expect, test } from 'vitest';
import type { Content } from '../../../src/studio/content';
import { copied, inOrder, renamed, usesOf, without } from '../../../src/studio/forms/catalogue';

const task = (id: string, form: string) => `<b:userTask id="${id}" name="任务${id}">
  <b:extensionElements><z:formDefinition formId="${form}" />
  <z:properties><z:property name="name_en" value="Task ${id}" /></z:properties></b:extensionElements></b:userTask>`;
const DIAGRAM = `<b:definitions xmlns:b="urn:b" xmlns:z="urn:z">${task('t1', 'review')}
  ${task('t2', 'review')}${task('t3', 'review_2')}</b:definitions>`;
const form = (id: string) => ({ id, type: 'default', components: [{ type: 'spacer' }] });
const CONTENT: Content = {
  diagram: DIAGRAM,
  forms: { review: form('review'), review_2: form('review_2'), idle: form('idle') },
  decisions: {},
  notices: {},
  scenarios: [],
};

test('the tasks that show a form are known', () => {
  const uses = usesOf(DIAGRAM);
  expect(uses.get('review')).toEqual([
    { element: 't1', name: '任务t1' },
    { element: 't2', name: '任务t2' },
  ]);
  document.documentElement.lang = 'en';
  expect(usesOf(DIAGRAM).get('review_2')?.[0]?.name).toBe('Task t3');
  document.documentElement.lang = 'zh-CN';
  expect(uses.has('idle')).toBe(false);
  expect(usesOf('<no').size).toBe(0);
});

test('forms stand in the order of the diagram', () => {
  const forms = { idle: form('idle'), ...CONTENT.forms };
  expect(inOrder({ ...CONTENT, forms }, usesOf(DIAGRAM))).toEqual(['review', 'review_2', 'idle']);
});

test('a copy has a name of its own', () => {
  const { id, part } = copied(CONTENT, 'review_2');
  expect(id).toBe('review_1');
  expect(part.forms?.[id]).toEqual(form('review_1'));
});

test('a form keeps its place and its tasks under another name', () => {
  const { forms, diagram } = renamed(CONTENT, 'review', 'check');
  expect(Object.keys(forms ?? {})).toEqual(['check', 'review_2', 'idle']);
  expect(forms?.check?.id).toBe('check');
  const uses = usesOf(diagram ?? '');
  expect(uses.get('check')?.map(({ element }) => element)).toEqual(['t1', 't2']);
  expect(uses.get('review_2')?.map(({ element }) => element)).toEqual(['t3']);
});

test('a form is taken away', () => {
  expect(Object.keys(without(CONTENT, 'idle').forms ?? {})).toEqual(['review', 'review_2']);
});
