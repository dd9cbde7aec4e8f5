import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, expect, test, vi } from 'vitest';
import type { Draft } from '../../src/studio/draft';
import type { Listed, Notices, Texts } from '../../src/studio/notices/texts';
import {
  inForce,
  isChanged,
  sendersIn,
  withoutPart,
  withText,
} from '../../src/studio/notices/texts';
import NoticesPanel from '../../src/studio/panels/notices';
import { makeDraft, serve } from './harness';

const SHIPS: Texts = {
  zh: { title: '未通过', body: '会诊 {number}', sms: '{number}' },
  en: { title: 'Refused', body: 'Case {number}', sms: '{number}!' },
};
const words = (notices: Notices) => inForce(notices, 'refused', SHIPS);
const title = (text: string) => ({ language: 'zh', part: 'title', text }) as const;

test('a text said anew in one language stands in both', () => {
  const changed = withText({}, 'refused', SHIPS, title('没有通过'));
  expect(changed).toEqual({
    refused: { zh: { title: '没有通过' }, en: { title: 'Refused' } },
  });
  expect(words(changed).zh).toEqual({ ...SHIPS.zh, title: '没有通过' });
  expect(isChanged(changed, 'refused', 'title')).toBe(true);
  expect(isChanged(changed, 'refused', 'sms')).toBe(false);
});

test('what is typed back to the shipped text is kept no longer', () => {
  const changed = withText({}, 'refused', SHIPS, title('没有通过'));
  expect(withText(changed, 'refused', SHIPS, title('未通过'))).toEqual({});
});

test('a part that is taken back leaves the others', () => {
  const both = withText(withText({}, 'refused', SHIPS, title('没有通过')), 'refused', SHIPS, {
    language: 'en',
    part: 'sms',
    text: 'no',
  });
  expect(withoutPart(both, 'refused', 'title', true)).toEqual({
    refused: { zh: { sms: '{number}' }, en: { sms: 'no' } },
  });
});

test('an own notice keeps its texts whatever they say', () => {
  const own = withText({}, 'mine', undefined, title('请看'));
  expect(own).toEqual({ mine: { zh: { title: '请看' }, en: { title: '' } } });
});

const DIAGRAM = `<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:z="http://camunda.org/schema/zeebe/1.0"><process>
${[
  ['a', '提醒', '=&quot;refused&quot;'],
  ['b', '', 'mine'],
  ['c', '', '=choice'],
  ['d', '再提醒', '= &quot;refused&quot; '],
]
  .map(
    ([id, name, source]) =>
      `<serviceTask id="${id}" name="${name}"><extensionElements><z:ioMapping>
       <z:input source="${source}" target="template"/><z:input source="=&quot;all&quot;" target="audience"/>
       </z:ioMapping></extensionElements></serviceTask>`,
  )
  .join('')}</process></definitions>`;

test('the tasks that send a notice are found in the diagram', () => {
  expect([...sendersIn(DIAGRAM)]).toEqual([
    [
      'refused',
      [
        { id: 'a', name: '提醒' },
        { id: 'd', name: '再提醒' },
      ],
    ],
    ['mine', [{ id: 'b', name: '' }]],
  ]);
  expect(sendersIn('<broken').size).toBe(0);
});

const LISTED: Listed = {
  templates: [
    {
      name: 'refused',
      label: '申请未通过',
      sent: '',
      texts: SHIPS,
      placeholders: ['number', 'at'],
      unsure: ['at'],
    },
    { name: 'urged', label: '催办', sent: '催办时', texts: SHIPS, placeholders: [], unsure: [] },
  ],
  own: { placeholders: ['number'], unsure: [] },
  placeholders: [
    { name: 'number', label: '会诊编号', hint: '', in_sms: true },
    { name: 'at', label: '会诊时间', hint: '', in_sms: false },
  ],
  limits: { title: 60, body: 500, sms: 400, sms_parts: 2 },
};

const host = document.createElement('div');

async function open(draft: Draft): Promise<void> {
  serve({
    '/notices': () => LISTED,
    '/notice-previews': (body) => ({
      problems: JSON.stringify(body).includes('{diagnosis}')
        ? [
            {
              language: 'zh',
              part: 'sms',
              rule: 'notice-sms-patient',
              severity: 'error',
              text: '短信不得含',
            },
          ]
        : [],
      languages: { zh: { whole: { title: '未', body: '会诊 HZ' }, bare: {}, sms: null } },
    }),
  });
  document.body.append(host);
  await act(() => render(<NoticesPanel draft={draft} />, host));
  await vi.waitFor(() => expect(host.querySelector('.wording__card')).not.toBeNull());
}

afterEach(() => {
  render(null, host);
  host.remove();
  vi.unstubAllGlobals();
});

function field(label: string): HTMLTextAreaElement {
  const found = [...host.querySelectorAll('label')].find(
    ({ textContent }) => textContent === label,
  );
  return host.querySelector<HTMLTextAreaElement>(`#${found?.htmlFor}`) ?? expect.fail(label);
}

async function type(into: HTMLTextAreaElement, text: string): Promise<void> {
  await act(() => {
    into.focus();
    into.value = text;
    into.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

function button(text: string): HTMLButtonElement {
  const all = [...host.querySelectorAll('button')];
  return all.find(({ textContent }) => textContent?.includes(text)) ?? expect.fail(text);
}

test('a refused placeholder is told at its field, and the shipped text comes back', async () => {
  const draft = makeDraft({ diagram: DIAGRAM });
  await open(draft);
  await type(field('短信 中文'), '{diagnosis}');
  await vi.waitFor(() => expect(host.textContent).toContain('短信不得含'));
  expect(field('短信 中文').getAttribute('aria-invalid')).toBe('true');
  expect(field('短信 英文').getAttribute('aria-invalid')).toBe('false');
  await act(() => button('还原自带文字').click());
  expect(draft.content.value.notices).toEqual({});
  expect(field('短信 中文').value).toBe('{number}');
});

test('a placeholder goes where one writes, in brackets if it may be unknown', async () => {
  const draft = makeDraft({ diagram: DIAGRAM });
  await open(draft);
  await type(field('站内文字 中文'), '时间');
  await act(() => {
    field('站内文字 中文').setSelectionRange(2, 2);
    button('会诊时间').click();
  });
  expect(draft.content.value.notices.refused?.zh.body).toBe('时间[{at}]');
  await act(() => field('短信 中文').focus());
  expect(button('会诊时间').disabled).toBe(true);
  expect(button('会诊编号').disabled).toBe(false);
});

test('a notice of ones own is added under a key, and stays while a task sends it', async () => {
  const draft = makeDraft({ diagram: DIAGRAM });
  await open(draft);
  const add = async (key: string) => {
    const input = host.querySelector<HTMLInputElement>('form input') ?? expect.fail();
    await act(() => {
      input.value = key;
      input.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await act(() => button('新增').click());
  };
  await act(() => button('新增通知').click());
  await add('Mine');
  expect(host.textContent).toContain('小写字母');
  await add('refused');
  expect(host.textContent).toContain('已有这个标识');
  await add('mine');
  expect(Object.keys(draft.content.value.notices)).toEqual(['mine']);
  expect(draft.place.value).toEqual({ panel: 'notices', item: 'mine' });
  expect(button('删除这种通知').disabled).toBe(true);
  await act(() => draft.change({ diagram: '' }));
  await act(() => button('删除这种通知').click());
  expect(draft.content.value.notices).toEqual({});
});

test('who may not edit reads', async () => {
  await open(makeDraft({ diagram: DIAGRAM }, false));
  expect(field('标题 中文').readOnly).toBe(true);
  expect(host.querySelector('.wording__facts')).toBeNull();
  expect(host.textContent).not.toContain('新增通知');
});
