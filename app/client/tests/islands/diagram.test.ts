import { expect, test } from 'vitest';
import { description, merge, summary, type Visit } from '../../src/islands/diagram/states';

const visit = (changes: Partial<Visit>): Visit => ({
  id: 'opinion',
  name: '书写会诊意见',
  state: 'done',
  who: '演示专家甲',
  duration_s: 600,
  count: 1,
  ...changes,
});

test('a step of several people shows the most urgent of their states and all their names', () => {
  const [step, ...others] = merge([
    visit({ state: 'done', who: '演示专家甲', duration_s: 600 }),
    visit({ state: 'overdue', who: '演示专家乙', duration_s: 7200 }),
    visit({ state: 'active', who: '演示专家甲', duration_s: null }),
  ]);

  expect(others).toEqual([]);
  expect(step).toMatchObject({ state: 'overdue', duration_s: 7200, count: 3 });
  expect(step?.who).toBe('演示专家甲、演示专家乙');
});

test('merging leaves what the server sent as it was', () => {
  const sent = [visit({}), visit({ who: '演示专家乙' })];
  const copy = structuredClone(sent);
  merge(sent);
  expect(sent).toEqual(copy);
});

test('a summary says what is known and nothing else', () => {
  expect(summary(visit({ duration_s: 9000 }))).toBe('演示专家甲 · 2 小时 30 分钟');
  expect(summary(visit({ who: '' }))).toBe('10 分钟');
  expect(summary(visit({ who: '', duration_s: null }))).toBe('');
});

test('who cannot see the picture hears how far the case is and where it stands', () => {
  const steps = [
    visit({ id: 'a' }),
    visit({ id: 'b', name: '安排会诊时间', state: 'overdue' }),
    visit({ id: 'c', name: '进行远程会诊', state: 'active' }),
  ];
  expect(description(steps)).toContain('已完成 1 步，当前：安排会诊时间、进行远程会诊');
  expect(description([visit({})])).toContain('没有进行中的步骤');
});
