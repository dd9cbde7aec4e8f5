/** What became of a draft's scenarios: played again a moment after each change. */
import { effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { HttpError, postJson } from '../../lib/http';
import type { Draft } from '../draft';
import type { Named, Problem } from './trial';

export interface Verdict {
  name: string;
  is_passed: boolean;
  is_finished: boolean;
  entered: readonly string[];
  problem: Problem | null;
  difference: { place: number; expected: Named | null; entered: Named | null } | null;
}

export interface Coverage {
  percent: number;
  elements: readonly string[];
  flows: readonly string[];
  elements_left: readonly Named[];
  flows_left: readonly (Named & { source: string; target: string })[];
}

export interface Runs {
  verdicts: readonly Verdict[];
  coverage: Coverage;
}

export interface Watched {
  /** Of the content played last; null before that, and while it cannot be played. */
  runs: ReadonlySignal<Runs | null>;
  isRunning: ReadonlySignal<boolean>;
  /** Why they cannot be played, in words; empty if they can. */
  refusal: ReadonlySignal<string>;
}

export const QUIET_MS = 1500;
const known = new WeakMap<Draft, Watched>();

/** The results of a draft's scenarios, kept up to date from the first time this is asked. */
export function watchScenarios(draft: Draft): Watched {
  let watched = known.get(draft);
  if (!watched) {
    watched = watch(draft);
    known.set(draft, watched);
  }
  return watched;
}

function watch(draft: Draft): Watched {
  const runs = signal<Runs | null>(null);
  const isRunning = signal(false);
  const refusal = signal('');
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isFirst = true;
  effect(() => {
    const content = draft.content.value;
    clearTimeout(timer);
    if (!content.scenarios.length) {
      runs.value = null;
      return;
    }
    timer = setTimeout(() => void run(), isFirst ? 0 : QUIET_MS);
    isFirst = false;
  });

  async function run(): Promise<void> {
    const content = draft.content.peek();
    isRunning.value = true;
    try {
      const found = await postJson<Runs>(`${draft.url}/scenario-runs`, { content });
      if (content === draft.content.peek()) settle(runs, found, refusal, '');
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      if (content === draft.content.peek()) settle(runs, null, refusal, error.message);
    } finally {
      isRunning.value = false;
    }
  }
  return { runs, isRunning, refusal };
}

function settle(
  runs: Signal<Runs | null>,
  found: Runs | null,
  refusal: Signal<string>,
  reason: string,
): void {
  runs.value = found;
  refusal.value = reason;
}
