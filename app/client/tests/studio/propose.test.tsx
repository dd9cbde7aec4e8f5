import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, expect, test, vi } from 'vitest';
import type { Draft } from '../../src/studio/draft';
import Propose from '../../src/studio/panels/propose';
import { makeDraft, serve } from './harness';

const PROPOSAL = {
  id: 3,
  state: 'open',
  reason: '时限太短',
  proposed_by: { id: 1, name: '李敏' },
  refusal: '',
  url: '/studio/consultation/proposals/3',
};

let el: HTMLElement;

async function show(draft: Draft): Promise<void> {
  el = document.body.appendChild(document.createElement('div'));
  await act(() => render(<Propose draft={draft} />, el));
  await act(() => new Promise((done) => setTimeout(done)));
}

async function submit(reason: string): Promise<void> {
  const area = el.querySelector('textarea') as HTMLTextAreaElement;
  area.value = reason;
  area.dispatchEvent(new Event('input', { bubbles: true }));
  await act(async () => {
    el.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }));
    await new Promise((done) => setTimeout(done));
  });
}

afterEach(() => {
  render(null, el);
  el.remove();
  vi.unstubAllGlobals();
});

test('what is unsaved is saved before it is proposed, and the proposal is opened', async () => {
  const draft = makeDraft();
  const calls: unknown[] = [];
  draft.save = async () => {
    calls.push('saved');
  };
  draft.revision = () => calls.length + 6;
  const assign = vi.fn();
  vi.stubGlobal('location', { assign });
  serve({
    proposals: (body) => {
      if (!body) return { proposals: [] };
      calls.push(body);
      return PROPOSAL;
    },
  });

  await show(draft);
  await submit('时限太短');

  expect(calls).toEqual(['saved', { revision: 7, reason: '时限太短' }]);
  expect(assign).toHaveBeenCalledWith(PROPOSAL.url);
});

test('faults that the server finds are counted and kept for the list of checks', async () => {
  const draft = makeDraft();
  const finding = { element: 'x', name: '', rule: 'r', severity: 'error', text: '?', file: '' };
  vi.stubGlobal('fetch', async (_url: string, { method }: RequestInit) =>
    method === 'GET'
      ? Response.json({ proposals: [] })
      : Response.json({ code: 'invalid', message: '?', findings: [finding] }, { status: 422 }),
  );

  await show(draft);
  await submit('时限太短');

  expect(draft.findings.value).toEqual([finding]);
  expect(el.querySelector('[role=alert]')?.textContent).toContain('1');
});

test('while one waits to be signed there is a way to it and no second form', async () => {
  serve({ proposals: () => ({ proposals: [PROPOSAL] }) });
  await show(makeDraft());
  expect(el.querySelector('form')).toBeNull();
  expect(el.querySelector('.alert a')?.getAttribute('href')).toBe(PROPOSAL.url);
});

test('whoever may not edit can neither propose nor import', async () => {
  serve({ proposals: () => ({ proposals: [] }) });
  await show(makeDraft({}, false));
  expect(el.querySelector<HTMLButtonElement>('button[type=submit]')?.disabled).toBe(true);
  expect(el.querySelector('a[href$="/import"]')).toBeNull();
  expect(el.querySelector('a[href$="/pack"]')).not.toBeNull();
});
