/** Keeps a draft's findings true while somebody writes: by the rules here at once, then by the server's. */
import { effect } from '@preact/signals';
import { HttpError, postJson } from '../../lib/http';
import { language } from '../../lib/i18n';
import type { Content, Finding } from '../content';
import type { Draft } from '../draft';
import { cancel, lint, Superseded } from '.';
import { SERVER_ONLY } from './rules';

/** After the last change: the rules of the browser, and those that only the server knows. */
export const QUIET_MS = 400;
export const SERVER_MS = 2500;

type Watched = Pick<Draft, 'url' | 'content' | 'findings' | 'vocabulary'>;

/** Until the returned function is called. */
export function keepChecked(draft: Watched): () => void {
  let here: readonly Finding[] = [];
  let there: readonly Finding[] = [];
  let asking = new AbortController();
  let timers: ReturnType<typeof setTimeout>[] = [];
  let isFirst = true;
  const rest = () => {
    timers.forEach(clearTimeout);
    asking.abort();
    cancel();
  };
  const show = () => {
    draft.findings.value = merged(here, there);
  };
  const lintHere = async (content: Content) => {
    here = await lint(content.diagram, {
      forms: content.forms,
      decisions: Object.keys(content.decisions),
      notices: Object.keys(content.notices),
      vocabulary: draft.vocabulary,
      language: language(),
    });
    show();
  };
  const lintThere = async (content: Content) => {
    asking = new AbortController();
    const answer = await postJson<{ findings: Finding[] }>(
      `${draft.url}/checks`,
      { content },
      { signal: asking.signal },
    );
    there = answer.findings;
    show();
  };
  const stop = effect(() => {
    const content = draft.content.value;
    rest();
    timers = [
      setTimeout(() => void lintHere(content).catch(unlessSuperseded), isFirst ? 0 : QUIET_MS),
      setTimeout(() => void lintThere(content).catch(unlessSuperseded), isFirst ? 0 : SERVER_MS),
    ];
    isFirst = false;
  });
  return () => {
    stop();
    rest();
  };
}

/** What the browser says now, and of the server's older answer what only it can know. */
export function merged(here: readonly Finding[], there: readonly Finding[]): Finding[] {
  return [...here, ...there.filter(({ file, rule }) => file || SERVER_ONLY.has(rule))];
}

function unlessSuperseded(error: unknown): void {
  const isTakenBack = error instanceof DOMException && error.name === 'AbortError';
  // Without the server its findings stay as they were; publishing asks it again.
  if (!(isTakenBack || error instanceof Superseded || error instanceof HttpError)) {
    throw error;
  }
}
