import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { getJson, HttpError, postJson } from '../../src/lib/http';

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

function answer(body: string, status = 200) {
  const fetch = vi.fn<Fetch>(async () => new Response(body || null, { status }));
  vi.stubGlobal('fetch', fetch);
  return fetch;
}

const refusalOf = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail('was not refused'),
    (error: unknown) => error as HttpError,
  );

beforeEach(() => {
  document.head.innerHTML = '<meta name="csrf-token" content="token-1">';
});
afterEach(() => vi.unstubAllGlobals());

test('a change carries the CSRF token and JSON; a question carries neither', async () => {
  const fetch = answer('{"id": 17}');

  expect(await postJson('/api/tasks/17/completion', { decision: 'approve' })).toEqual({ id: 17 });
  await getJson('/api/tasks');

  const [post, get] = fetch.mock.calls.map(([, init]) => init);
  expect(post?.headers).toMatchObject({
    'X-CSRFToken': 'token-1',
    'Content-Type': 'application/json',
  });
  expect(post?.body).toBe('{"decision":"approve"}');
  expect(get?.headers).toEqual({ Accept: 'application/json' });
});

test('an upload leaves its content type to the browser', async () => {
  const fetch = answer('', 204);

  expect(await postJson('/api/records', new FormData())).toBeUndefined();

  expect(fetch.mock.calls[0]?.[1].headers).not.toHaveProperty('Content-Type');
});

test('a refusal keeps the code, the message and one line per field', async () => {
  answer('{"code":"invalid","message":"请检查填写内容","errors":{"age":["必填","须为数字"]}}', 422);

  const error = await refusalOf(postJson('/api/cases', {}));

  expect(error).toBeInstanceOf(HttpError);
  expect([error.status, error.code, error.message]).toEqual([422, 'invalid', '请检查填写内容']);
  expect(error.errors).toEqual({ age: '必填 须为数字' });
});

test('an answer that is not ours is still a readable refusal', async () => {
  answer('<h1>502 Bad Gateway</h1>', 502);
  const error = await refusalOf(getJson('/api/tasks'));
  expect([error.code, error.errors]).toEqual(['http_502', {}]);
  expect(error.message).not.toBe('');

  answer('<h1>signed out</h1>', 200);
  expect((await refusalOf(getJson('/api/tasks'))).code).toBe('not_json');
});

test('no network, no time and no interest are three different things', async () => {
  vi.stubGlobal('fetch', async () => {
    throw new TypeError('failed to fetch');
  });
  expect((await refusalOf(getJson('/api/tasks'))).code).toBe('offline');

  vi.stubGlobal('fetch', never);
  expect((await refusalOf(getJson('/api/tasks', { timeoutMs: 1 }))).code).toBe('timeout');

  vi.stubGlobal('fetch', async () => new Response(new ReadableStream({ start: cut })));
  expect((await refusalOf(getJson('/api/tasks'))).code).toBe('offline');

  vi.stubGlobal('fetch', never);
  const stop = new AbortController();
  const asked = refusalOf(getJson('/api/tasks', { signal: stop.signal }));
  stop.abort();
  expect((await asked).name).toBe('AbortError');
});

/** The connection breaks in the middle of the answer. */
const cut = (stream: ReadableStreamDefaultController) => stream.error(new TypeError('cut'));

const never: Fetch = (_url, init) =>
  new Promise((_resolve, reject) => {
    const signal = init.signal;
    signal?.addEventListener('abort', () => reject(signal.reason));
  });
