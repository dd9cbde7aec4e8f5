/** A doctor fills in a task's form: drafts, errors, a double click, a lost network, a quicker colleague. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { mount } from '../../../src/islands/form';

const SCHEMA = {
  type: 'default',
  components: [
    { type: 'textfield', key: 'name', label: '姓名', validate: { required: true } },
    { type: 'textarea', key: 'history', label: '病史' },
    {
      type: 'select',
      key: 'ward',
      label: '病区',
      values: [{ label: '一病区', value: 'w1' }],
    },
    { type: 'radio', key: 'sex', label: '性别', values: [{ label: '女', value: 'f' }] },
  ],
};

const LOADED = {
  schema: SCHEMA,
  data: {},
  draft: null as Record<string, unknown> | null,
  version: 7,
  readonly: false,
  title: '会诊申请',
};

type Answer = () => Promise<Response>;

const json = (status: number, body: unknown): Answer => {
  return async () => new Response(JSON.stringify(body), { status });
};
const offline: Answer = async () => {
  throw new TypeError('network');
};

/** Stands in for the server: one answer per method, and a log of what was asked. */
function serve(answers: Partial<Record<'GET' | 'PUT' | 'POST', Answer>>) {
  const asked: { method: string; url: string; body: unknown }[] = [];
  const all = { GET: json(200, LOADED), PUT: json(200, {}), ...answers };
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    const method = init.method as 'GET' | 'PUT' | 'POST';
    const body = init.body ? JSON.parse(String(init.body)) : undefined;
    asked.push({ method, url, body });
    return (all[method] ?? offline)();
  });
  const sent = (method: string) => asked.filter((each) => each.method === method);
  return { all, sent };
}

let stop = () => {};
let assign = vi.fn();

async function open(): Promise<HTMLElement> {
  document.body.innerHTML = `<div id="form" data-url="/form" data-draft-url="/draft"
    data-submit-url="/submit" data-back-url="/inbox"></div>`;
  const el = document.getElementById('form') as HTMLElement;
  stop = mount(el);
  await settle();
  return el;
}

const settle = (ms = 200) => vi.advanceTimersByTimeAsync(ms);

function control(el: HTMLElement, label: string): HTMLInputElement {
  const found = [...el.querySelectorAll('label')].find((each) =>
    each.textContent?.startsWith(label),
  );
  return el.querySelector(`#${CSS.escape(found?.htmlFor ?? '')}`) as HTMLInputElement;
}

async function type(el: HTMLElement, label: string, text: string): Promise<void> {
  const input = control(el, label);
  input.value = text;
  input.dispatchEvent(new Event('input', { bubbles: true }));
  await settle(50);
}

const submitButton = (el: HTMLElement) => el.querySelector('.form-bar button') as HTMLButtonElement;
const textOf = (el: HTMLElement, selector: string) => el.querySelector(selector)?.textContent ?? '';

beforeEach(() => {
  document.documentElement.lang = 'zh-CN';
  vi.useFakeTimers({ now: new Date('2026-03-10T10:32:00+08:00') });
  assign = vi.fn();
  vi.spyOn(window.location, 'assign').mockImplementation(assign);
});
afterEach(() => {
  stop();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test('the form is shown in Chinese with the mark of bpmn.io', async () => {
  serve({});
  const el = await open();

  expect(control(el, '姓名')).toBeInstanceOf(HTMLInputElement);
  expect(el.querySelector('form')?.getAttribute('aria-label')).toBe('会诊申请');
  expect(textOf(el, '.fjs-select-placeholder')).toBe('请选择');
  expect(el.querySelector('.fjs-powered-by-link')).not.toBeNull();
});

test('a screen reader is told what a group of radios is for', async () => {
  serve({});
  const el = await open();

  const group = el.querySelector('[role=radiogroup]');
  expect(textOf(el, `#${CSS.escape(group?.getAttribute('aria-labelledby') ?? '')}`)).toBe('性别');
});

test('a draft is restored, but no more of it than the form has', async () => {
  serve({ GET: json(200, { ...LOADED, draft: { name: '张三', ward: 'closed', old: 1 } }) });
  const el = await open();

  expect(control(el, '姓名').value).toBe('张三');
  expect(textOf(el, '.fjs-select-display')).toBe('请选择');
});

test('a second after the last key the draft is kept, once', async () => {
  const { sent } = serve({});
  const el = await open();

  await type(el, '姓名', '李');
  await settle(700);
  await type(el, '姓名', '李雷');
  await settle(700);
  expect(sent('PUT')).toEqual([]);
  await settle(5000);

  expect(sent('PUT')).toEqual([
    {
      method: 'PUT',
      url: '/draft',
      body: { answers: { name: '李雷', history: '', ward: null, sex: null }, version: 7 },
    },
  ]);
  expect(textOf(el, '[role=status]')).toBe('已保存草稿 10:32');
});

test('a draft the network lost is sent again', async () => {
  const { all, sent } = serve({ PUT: offline });
  const el = await open();
  await type(el, '病史', '高血压');
  await settle(1500);
  expect(textOf(el, '[role=status]')).toContain('草稿尚未保存');

  all.PUT = json(200, {});
  await settle(11_000);

  expect(sent('PUT')).toHaveLength(2);
  expect(textOf(el, '[role=status]')).toContain('已保存草稿');
});

test('what is missing is listed, and the list leads to the field', async () => {
  const { sent } = serve({});
  const el = await open();

  submitButton(el).click();
  await settle();

  const summary = el.querySelector('.form-summary') as HTMLElement;
  expect(document.activeElement).toBe(summary);
  expect(summary.textContent).toBe('有 1 处需要修改姓名：请填写此项。');
  summary.querySelector('a')?.click();
  expect(document.activeElement).toBe(control(el, '姓名'));
  expect(control(el, '姓名').getAttribute('aria-invalid')).toBe('true');
  expect(sent('POST')).toEqual([]);
});

test('a rule is told at its field, and taken back when another field mends it', async () => {
  const number = (key: string, label: string, properties = {}) => {
    return { type: 'number', key, label, decimalDigits: 0, properties };
  };
  const components = [
    number('low', '舒张压'),
    number('high', '收缩压', { rule: '=high > low', rule_message: '收缩压应大于舒张压。' }),
    { ...SCHEMA.components[1], properties: { required_if: '=high >= 180' } },
  ];
  const { sent } = serve({ GET: json(200, { ...LOADED, schema: { ...SCHEMA, components } }) });
  const el = await open();
  const labels = () => [...el.querySelectorAll('label')].map((each) => each.textContent);
  await type(el, '舒张压', '190');

  await type(el, '收缩压', '180');
  expect(textOf(el, '.fjs-form-field-error')).toBe('收缩压应大于舒张压。');
  expect(el.querySelector('.fjs-form-field-error')?.getAttribute('aria-live')).toBe('polite');
  expect(labels()).toEqual(['舒张压', '收缩压', '病史*']);

  await type(el, '舒张压', '90');
  expect(el.querySelector('.fjs-form-field-error')).toBeNull();
  submitButton(el).click();
  await settle();
  expect(textOf(el, '.form-summary')).toContain('病史：请填写此项。');

  await type(el, '收缩压', '120');
  expect(labels()).toEqual(['舒张压', '收缩压', '病史']);
  submitButton(el).click();
  await settle();
  expect(sent('POST')).toHaveLength(1);
});

test('a double click is one submission, and then one goes on', async () => {
  const { sent } = serve({ POST: json(201, { next: '/tasks/8' }) });
  const el = await open();
  await type(el, '姓名', '李雷');

  submitButton(el).click();
  submitButton(el).click();
  await settle(3000);

  expect(sent('POST')).toEqual([
    {
      method: 'POST',
      url: '/submit',
      body: { answers: { name: '李雷', history: '', ward: null, sex: null }, version: 7 },
    },
  ]);
  expect(sent('PUT')).toEqual([]);
  expect(assign).toHaveBeenCalledExactlyOnceWith('/tasks/8');
});

test('what only the server knows stands at its field and in the list', async () => {
  const errors = { name: '与身份证不符。', '': '表单已过期。' };
  serve({ POST: json(422, { code: 'invalid', message: '有误', errors }) });
  const el = await open();
  await type(el, '姓名', '李雷');

  submitButton(el).click();
  await settle();

  expect(textOf(el, '.fjs-form-field-textfield .fjs-form-field-error')).toBe('与身份证不符。');
  const entries = [...el.querySelectorAll('.form-summary li')];
  expect(entries.map((each) => each.textContent)).toEqual(['姓名：与身份证不符。', '表单已过期。']);
  expect(entries.map((each) => each.querySelector('a') !== null)).toEqual([true, false]);
  expect(assign).not.toHaveBeenCalled();
});

test('when the network fails everything stays and can be sent again', async () => {
  const { all, sent } = serve({ POST: offline });
  const el = await open();
  await type(el, '姓名', '李雷');
  submitButton(el).click();
  await settle();
  expect(textOf(el, '.form-notice')).toContain('您填写的内容仍在此页');
  expect(control(el, '姓名').value).toBe('李雷');

  all.POST = json(201, { next: '/done' });
  (el.querySelector('.form-notice button') as HTMLButtonElement).click();
  await settle();

  expect(sent('POST')).toHaveLength(2);
  expect(assign).toHaveBeenCalledExactlyOnceWith('/done');
});

test.each(['POST', 'PUT'] as const)('a colleague was quicker (%s)', async (method) => {
  serve({ [method]: json(409, { code: 'conflict', message: '任务已完成' }) });
  const el = await open();
  await type(el, '姓名', '李雷');

  if (method === 'POST') submitButton(el).click();
  await settle(2000);

  expect(textOf(el, '.form-notice')).toContain('此任务已由他人处理');
  expect(el.querySelector('.form-notice a')?.getAttribute('href')).toBe('/inbox');
  expect(submitButton(el).hidden).toBe(true);
  expect(control(el, '姓名').readOnly).toBe(true);
  expect(control(el, '姓名').value).toBe('李雷');
});

test('a form to be read only has nothing to press and keeps no draft', async () => {
  const { sent } = serve({ GET: json(200, { ...LOADED, data: { name: '李雷' }, readonly: true }) });
  const el = await open();
  await settle(3000);

  expect(control(el, '姓名').readOnly).toBe(true);
  expect(submitButton(el).hidden).toBe(true);
  expect(sent('PUT')).toEqual([]);
});

test('a form that cannot be loaded can be asked for again', async () => {
  const { all } = serve({ GET: offline });
  const el = await open();
  expect(textOf(el, '.form-notice')).toContain('无法连接服务器');

  all.GET = json(200, LOADED);
  (el.querySelector('.form-notice button') as HTMLButtonElement).click();
  await settle();

  expect(control(el, '姓名')).not.toBeNull();
});

test('a page that is left keeps the draft at once, and asks no more', async () => {
  const { sent } = serve({});
  const el = await open();
  await type(el, '姓名', '李雷');
  stop();
  expect(sent('PUT')).toHaveLength(1);
  await settle(5000);

  expect(sent('PUT')).toHaveLength(1);
  expect(el.querySelector('.fjs-form')).toBeNull();
});
