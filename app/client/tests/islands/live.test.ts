import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Incoming } from '../../src/protocol';

type Hears = { message: (message: Incoming) => void; open: (isOpen: boolean) => void };
const line = vi.hoisted(() => ({
  hears: undefined as Hears | undefined,
  sent: [] as [string, object][],
}));
vi.mock('../../src/lib/socket', () => ({
  Refused: class extends Error {},
  openLine: () => ({
    isOpen: true,
    send: async (event: string, message: object) => line.sent.push([event, message]),
    listen: (hears: Hears) => {
      line.hears = hears;
      return () => {
        line.hears = undefined;
      };
    },
    release: () => {},
  }),
}));

import { mount } from '../../src/islands/live';

function page(html: string): HTMLElement {
  document.body.innerHTML = html;
  return document.querySelector('[data-island]') as HTMLElement;
}

beforeEach(() => {
  vi.useFakeTimers();
  // happy-dom has none; nothing is to be reported here.
  vi.stubGlobal('reportError', vi.fn());
  line.sent = [];
});
afterEach(() => {
  expect(reportError).not.toHaveBeenCalled();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const INBOX =
  '<div data-island="live" data-event="inbox:changed" data-refresh-url="/inbox?fragment=1">' +
  '<a href="/tasks/1" id="t1">一</a></div>';

function serve(html: string) {
  const fetched = vi.fn(async () => ({ ok: true, redirected: false, text: async () => html }));
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

describe('a live part', () => {
  it('shows what the server has now, asked once for several news', async () => {
    const fetched = serve('<a href="/tasks/2">二</a>');
    const el = page(INBOX);
    mount(el);
    for (let i = 0; i < 3; i += 1) line.hears?.message({ type: 'inbox:changed' });
    await vi.advanceTimersByTimeAsync(300);
    expect(fetched).toHaveBeenCalledOnce();
    expect(el.textContent).toBe('二');
  });

  it('keeps the focus on what it was on', async () => {
    serve('<a href="/tasks/2">二</a><a href="/tasks/1" id="t1">一</a>');
    const el = page(INBOX);
    mount(el);
    document.getElementById('t1')?.focus();
    line.hears?.message({ type: 'inbox:changed' });
    await vi.advanceTimersByTimeAsync(300);
    expect(document.activeElement?.id).toBe('t1');
  });

  it('asks again after the line was broken, and not when it is first open', async () => {
    const fetched = serve('');
    mount(page(INBOX));
    line.hears?.open(true);
    await vi.advanceTimersByTimeAsync(300);
    expect(fetched).not.toHaveBeenCalled();
    line.hears?.open(false);
    line.hears?.open(true);
    await vi.advanceTimersByTimeAsync(300);
    expect(fetched).toHaveBeenCalledOnce();
  });

  it('does not put the sign-in page into a part of this one', async () => {
    vi.stubGlobal('fetch', async () => ({ ok: true, redirected: true, text: async () => '登录' }));
    const el = page(INBOX);
    mount(el);
    line.hears?.message({ type: 'inbox:changed' });
    await vi.advanceTimersByTimeAsync(300);
    expect(el.textContent).toBe('一');
  });

  it('of a case watches that case, and does not take a writer’s words away', async () => {
    const el = page(
      '<div data-island="live" data-event="case:changed" data-consultation="5"></div>' +
        '<textarea id="comment"></textarea>',
    );
    mount(el);
    line.hears?.open(true);
    expect(line.sent).toEqual([['case:watch', { consultation: 5 }]]);
    (document.getElementById('comment') as HTMLTextAreaElement).value = '写到一半';
    line.hears?.message({ type: 'case:changed', consultation: 6 });
    await vi.advanceTimersByTimeAsync(300);
    expect(el.textContent).toBe('');
    line.hears?.message({ type: 'case:changed', consultation: 5 });
    line.hears?.message({ type: 'case:changed', consultation: 5 });
    await vi.advanceTimersByTimeAsync(300);
    expect(el.textContent).toContain('内容有更新');
    expect(el.querySelectorAll('.alert')).toHaveLength(1);
  });
});
