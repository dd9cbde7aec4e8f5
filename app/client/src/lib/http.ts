/** JSON over HTTP to our own server, with the page's CSRF token and errors one can show. */
import { t } from './i18n';

/**
 * What the server refused and why; `errors` holds one message per field when fields are at fault,
 * `details` all the server said.
 */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly errors: Readonly<Record<string, string>> = {},
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

export interface RequestOptions {
  signal?: AbortSignal;
  /** Milliseconds until the request is given up; default 30 s. */
  timeoutMs?: number;
  /** Let the request outlive the page; the browser allows 64 kB. */
  keepalive?: boolean;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export const getJson = <T>(url: string, options?: RequestOptions) =>
  request<T>('GET', url, undefined, options);

/** `body` is sent as JSON, or as a form when it is FormData (uploads). */
export const postJson = <T>(url: string, body?: unknown, options?: RequestOptions) =>
  request<T>('POST', url, body, options);

export const putJson = <T>(url: string, body: unknown, options?: RequestOptions) =>
  request<T>('PUT', url, body, options);

/**
 * Ask the server; gives the parsed answer (`undefined` for an empty one).
 *
 * Throws HttpError. Its code is the server's; `offline` or `timeout` (status 0) when no answer
 * came, `http_503` and the like when the answer was not ours. Aborting `signal` throws AbortError.
 */
export async function request<T>(
  method: Method,
  url: string,
  body?: unknown,
  options: RequestOptions = {},
): Promise<T> {
  const { response, text } = await send(method, url, body, options);
  const payload = payloadOf(response, text);
  if (!response.ok) throw refusal(response.status, payload);
  return payload as T;
}

/**
 * Ask for an answer that comes line by line, each a JSON value, for as long as it takes.
 *
 * Throws HttpError; aborting `signal` throws AbortError.
 */
export async function* postLines<T>(
  url: string,
  body: unknown,
  signal: AbortSignal,
): AsyncGenerator<T> {
  const init: RequestInit = {
    method: 'POST',
    headers: headers('POST', body),
    credentials: 'same-origin',
    body: JSON.stringify(body),
    signal,
  };
  const response = await fetch(url, init).catch((error: unknown) => {
    if (signal.aborted) throw error;
    throw new HttpError(0, 'offline', t('http.offline'));
  });
  if (!response.ok) throw refusal(response.status, payloadOf(response, await response.text()));
  const decoder = new TextDecoder();
  const reader = response.body?.getReader();
  let rest = '';
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    rest += decoder.decode(value, { stream: !done });
    const lines = rest.split('\n');
    rest = done ? '' : (lines.pop() ?? '');
    for (const line of lines) if (line) yield JSON.parse(line) as T;
    if (done) return;
  }
}

async function send(
  method: Method,
  url: string,
  body: unknown,
  { signal, timeoutMs = 30_000, keepalive = false }: RequestOptions,
): Promise<{ response: Response; text: string }> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const init: RequestInit = {
    method,
    headers: headers(method, body),
    credentials: 'same-origin',
    keepalive,
    signal: either(timeout, signal),
  };
  if (body !== undefined) init.body = body instanceof FormData ? body : JSON.stringify(body);
  try {
    const response = await fetch(url, init);
    return { response, text: await response.text() };
  } catch (error) {
    if (signal?.aborted) throw error;
    if (timeout.aborted) throw new HttpError(0, 'timeout', t('http.timeout'));
    throw new HttpError(0, 'offline', t('http.offline'));
  }
}

/** AbortSignal.any, which the last browsers for Windows 7 do not know. */
function either(first: AbortSignal, second: AbortSignal | undefined): AbortSignal {
  if (!second) return first;
  const both = new AbortController();
  for (const signal of [first, second]) {
    if (signal.aborted) both.abort(signal.reason);
    signal.addEventListener('abort', () => both.abort(signal.reason), { signal: both.signal });
  }
  return both.signal;
}

function headers(method: Method, body: unknown): Record<string, string> {
  const result: Record<string, string> = { Accept: 'application/json' };
  // The browser itself writes the type of a multipart form, with its boundary.
  if (body !== undefined && !(body instanceof FormData))
    result['Content-Type'] = 'application/json';
  if (method !== 'GET') result['X-CSRFToken'] = csrfToken();
  return result;
}

function csrfToken(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? '';
}

function payloadOf(response: Response, text: string): unknown {
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    if (response.ok) throw new HttpError(response.status, 'not_json', t('http.failed'));
    return undefined;
  }
}

function refusal(status: number, payload: unknown): HttpError {
  const details: Record<string, unknown> = isRecord(payload) ? payload : {};
  const { code, message, errors } = details;
  return new HttpError(
    status,
    typeof code === 'string' ? code : `http_${status}`,
    typeof message === 'string' ? message : t('http.failed'),
    isRecord(errors) ? textsOf(errors) : {},
    details,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One line per field: marshmallow gives a list of messages, forms.Invalid a single one. */
function textsOf(errors: Record<string, unknown>): Record<string, string> {
  const line = (value: unknown) => (Array.isArray(value) ? value.join(' ') : String(value));
  return Object.fromEntries(Object.entries(errors).map(([key, value]) => [key, line(value)]));
}
