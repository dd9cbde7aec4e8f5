/** Trying a decision out: asked of the server whenever inputs or the decision change. */
import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { HttpError, postJson } from '../../lib/http';

const QUIET_MS = 500;

/** What the decision wants to know; `type` in DMN's words, empty where the decision says none. */
export interface Field {
  name: string;
  label: string;
  type: string;
  choices: readonly (string | number | boolean)[];
}

export interface Step {
  decision: string;
  name: string;
  inputs: readonly { label: string; value: unknown }[];
  /** Numbers of the rules that matched, from 1. */
  rules: readonly number[];
  value: unknown;
}

/** The answer of `POST /api/studio/<key>/decision-trials`. */
export interface Answer {
  fields: readonly Field[];
  value: unknown;
  steps: readonly Step[];
  problems: readonly { decision: string; rule: number | null; text: string }[];
  faults: Readonly<Record<string, string>>;
}

export interface Asked {
  xml: string;
  decision: string;
  inputs: Readonly<Record<string, string>>;
}

export interface TrialState {
  answer: Answer | null;
  /** Why there is no answer. */
  problem: string;
}

/** What the server says, asked once nothing has changed for a moment; not while `isAway`. */
export function useTrial(url: string, asked: Asked, isAway: boolean): ReadonlySignal<TrialState> {
  const state = useSignal<TrialState>({ answer: null, problem: '' });
  const body = JSON.stringify(asked);
  useEffect(() => {
    if (isAway) return;
    const left = new AbortController();
    const ask = async () => {
      try {
        const answer = await postJson<Answer>(`${url}/decision-trials`, JSON.parse(body), {
          signal: left.signal,
        });
        state.value = { answer, problem: '' };
      } catch (error) {
        if (left.signal.aborted) return;
        if (!(error instanceof HttpError)) throw error;
        state.value = { answer: null, problem: error.message };
      }
    };
    const timer = setTimeout(() => void ask(), state.peek().answer ? QUIET_MS : 0);
    return () => {
      clearTimeout(timer);
      left.abort();
    };
  }, [url, body, isAway, state]);
  return state;
}
