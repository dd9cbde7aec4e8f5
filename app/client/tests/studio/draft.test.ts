import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Loaded } from '../../src/studio/content';
import { KeptDraft, QUIET_MS, RENEW_MS, RETRY_MS } from '../../src/studio/draft';

const ZHAO = { id: 7, name: '赵主任' };
const MINE = { holder: { id: 1, name: '我' }, is_mine: true, until: '2026-01-01T00:02:00Z' };
const THEIRS = { holder: ZHAO, is_mine: false, until: '2026-01-01T00:02:00Z' };

/** The server's side of a draft, as app/studio answers. */
class Server {
  revision = 3;
  content = { diagram: '<a/>', forms: {}, decisions: {}, notices: {}, scenarios: [] };
  lock: Loaded['lock'] = MINE;
  /** Status to refuse saving with; 0 does not answer at all. */
  refusal: number | undefined;
  readonly asked: string[] = [];

  loaded(): Loaded {
    return {
      process: { key: 'consultation', name: '远程会诊' },
      base: null,
      revision: this.revision,
      content: this.content,
      lock: this.lock,
      remarks: [],
      vocabulary: {
        roles: [],
        sides: [],
        statuses: [],
        operations: [],
        records: [],
        options: [],
        notices: [],
        variables: [],
      },
    };
  }

  answer = async (url: string, { method = 'GET', body }: RequestInit): Promise<Response> => {
    this.asked.push(`${method} ${url}`);
    if (method === 'GET') return Response.json(this.loaded());
    if (url.endsWith('/lock')) {
      if (method === 'DELETE') return new Response(null, { status: 204 });
      return Response.json(this.lock);
    }
    return this.#save(JSON.parse(String(body)));
  };

  #save({ revision, content }: { revision: number; content: object }): Response {
    if (this.refusal === 0) throw new TypeError('no network');
    if (this.refusal) return Response.json({ message: '太大' }, { status: this.refusal });
    if (revision !== this.revision) return Response.json({ code: 'conflict' }, { status: 409 });
    this.content = { ...this.content, ...content };
    this.revision += 1;
    return Response.json({ revision: this.revision });
  }
}

let server: Server;
let draft: KeptDraft;

function open(mayWrite = true): KeptDraft {
  draft = new KeptDraft('/api/studio/consultation', server.loaded(), mayWrite);
  draft.start();
  return draft;
}

beforeEach(() => {
  vi.useFakeTimers();
  server = new Server();
  vi.stubGlobal('fetch', vi.fn(server.answer));
});
afterEach(async () => {
  draft.stop();
  await vi.advanceTimersByTimeAsync(0);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('what is written is saved once one pauses, and only what changed', async () => {
  open();

  draft.change({ diagram: '<b/>' });
  draft.change({ diagram: '<c/>' });
  expect(draft.saved.value).toBe('unsaved');
  await vi.advanceTimersByTimeAsync(QUIET_MS);

  expect(draft.saved.value).toBe('saved');
  expect(server.content.diagram).toBe('<c/>');
  expect(server.revision).toBe(4);
});

test('two who ask to save at once save once', async () => {
  open();
  draft.change({ diagram: '<b/>' });

  await Promise.all([draft.save(), draft.save()]);

  expect([draft.saved.value, server.revision]).toEqual(['saved', 4]);
});

test('what is written while saving is saved after it', async () => {
  open();
  draft.change({ diagram: '<b/>' });
  const saving = draft.save();
  draft.change({ forms: { review: { id: 'review', components: [] } } });
  await saving;
  expect(draft.saved.value).toBe('unsaved');

  await vi.advanceTimersByTimeAsync(QUIET_MS);

  expect(draft.saved.value).toBe('saved');
  expect(server.content).toMatchObject({ diagram: '<b/>', forms: { review: {} } });
});

test.each([0, 502])('a lost connection (%i) is tried again', async (refusal) => {
  open();
  server.refusal = refusal;
  draft.change({ diagram: '<b/>' });
  await vi.advanceTimersByTimeAsync(QUIET_MS);
  expect(draft.saved.value).toBe('unsaved');
  expect(draft.problem.value).not.toBe('');

  server.refusal = undefined;
  await vi.advanceTimersByTimeAsync(RETRY_MS);

  expect(draft.saved.value).toBe('saved');
  expect(draft.problem.value).toBe('');
  expect(server.content.diagram).toBe('<b/>');
});

test('what the server refuses is said and kept, and sent again with the next change only', async () => {
  open();
  server.refusal = 413;
  draft.change({ diagram: '<huge/>' });
  await vi.advanceTimersByTimeAsync(QUIET_MS);
  const attempts = server.asked.filter((one) => one.startsWith('PUT')).length;
  await vi.advanceTimersByTimeAsync(RETRY_MS * 3);

  expect(server.asked.filter((one) => one.startsWith('PUT'))).toHaveLength(attempts);
  expect(draft.problem.value).toBe('太大');
  expect(draft.content.value.diagram).toBe('<huge/>');
});

async function conflict(): Promise<void> {
  open();
  server.revision = 9;
  server.content = { ...server.content, diagram: '<theirs/>' };
  draft.change({ diagram: '<mine/>' });
  await vi.advanceTimersByTimeAsync(QUIET_MS);
}

test('a draft that moved on elsewhere is not overwritten', async () => {
  await conflict();

  expect(draft.saved.value).toBe('conflict');
  expect(draft.mayEdit.value).toBe(false);
  expect(server.content.diagram).toBe('<theirs/>');
  expect(draft.content.value.diagram).toBe('<mine/>');
});

test('after a conflict one may take theirs', async () => {
  await conflict();

  await draft.takeTheirs();

  expect(draft.content.value.diagram).toBe('<theirs/>');
  expect([draft.saved.value, draft.mayEdit.value]).toEqual(['saved', true]);
});

test('after a conflict one may keep mine', async () => {
  await conflict();

  await draft.keepMine();

  expect(server.content.diagram).toBe('<mine/>');
  expect([draft.saved.value, draft.mayEdit.value]).toEqual(['saved', true]);
});

test('while somebody else edits nothing can be changed; once they leave one goes on from theirs', async () => {
  server.lock = THEIRS;
  open();
  draft.change({ diagram: '<b/>' });
  expect(draft.content.value.diagram).toBe('<a/>');
  expect(draft.lock.value.holder).toEqual(ZHAO);

  server.revision = 4;
  server.content = { ...server.content, diagram: '<theirs/>' };
  server.lock = MINE;
  await vi.advanceTimersByTimeAsync(RENEW_MS);

  expect(draft.mayEdit.value).toBe(true);
  expect(draft.content.value.diagram).toBe('<theirs/>');
});

test('somebody who may only read asks for no lock', async () => {
  server.lock = { holder: null, is_mine: false, until: null };
  open(false);
  await vi.advanceTimersByTimeAsync(RENEW_MS);
  draft.stop();

  expect(draft.mayEdit.value).toBe(false);
  expect(new Set(server.asked)).toEqual(new Set(['GET /api/studio/consultation']));
});

test('who leaves saves and lets go', async () => {
  open();
  draft.change({ diagram: '<last/>' });

  draft.stop();
  await vi.advanceTimersByTimeAsync(0);

  expect(server.content.diagram).toBe('<last/>');
  expect(server.asked.at(-1)).toBe('DELETE /api/studio/consultation/lock');
});
