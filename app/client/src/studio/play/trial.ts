/** What the server says of a trial case, and what one reads from it. As forms/trials.py writes it. */
import type { Schema, Values } from '../../islands/form/viewer';
import type { Finding, Scenario, Step } from '../content';

export interface Named {
  element: string;
  name: string;
}

export interface Trial {
  /** The trial's own clock, ISO with zone. */
  at: string;
  status: string | null;
  is_finished: boolean;
  ready: readonly ReadyTask[];
  waits: readonly Wait[];
  /** Elements at which tokens are. */
  standing: readonly string[];
  variables: Readonly<Record<string, unknown>>;
  path: readonly (Named & { kind: 'entered' | 'cancelled'; at: string })[];
  entered: readonly string[];
  flows: readonly string[];
  calls: readonly Call[];
  problem: Problem | null;
}

export interface ReadyTask extends Named {
  roles: readonly string[];
  side: string | null;
  /** Which of many instances. */
  item: unknown;
  item_label: unknown;
  inputs: Readonly<Record<string, unknown>>;
  due_at: string | null;
  form: { id: string; schema: Schema; data: Values } | null;
}

export interface Wait extends Named {
  due_at: string | null;
  message: string | null;
}

export interface Call extends Named {
  /** The step that mocked it, or after which it answered itself; -1 is the start. */
  step: number;
  operation: string;
  inputs: Readonly<Record<string, unknown>>;
  outputs: Readonly<Record<string, unknown>>;
  is_scripted: boolean;
  error: string;
}

export interface Problem extends Named {
  kind: 'stuck' | 'astray' | 'answers' | 'scenario';
  step: number;
  text: string;
  errors: Readonly<Record<string, string>>;
}

/** A refusal to play at all, with what is wrong in the draft. */
export interface Unplayable {
  message: string;
  findings: readonly Finding[];
}

/** The timer that fires next, if one waits. */
export function nextTimer(trial: Trial): (Wait & { due_at: string }) | null {
  const timers = trial.waits.flatMap((wait) =>
    wait.due_at ? [{ ...wait, due_at: wait.due_at }] : [],
  );
  return timers.sort((a, b) => Date.parse(a.due_at) - Date.parse(b.due_at))[0] ?? null;
}

/** The ISO duration from one moment to a later one, in whole seconds, not too short. */
export function until(from: string, to: string): string {
  return `PT${Math.max(0, Math.ceil((Date.parse(to) - Date.parse(from)) / 1000))}S`;
}

/** The calls of the last step: those whose answer may still be changed. */
export function lastCalls(trial: Trial, steps: readonly Step[]): Call[] {
  let first = steps.length - 1;
  while (first >= 0 && isMock(steps[first])) first -= 1;
  return trial.calls.filter((call) => call.step >= first);
}

function isMock(step: Step | undefined): boolean {
  return step !== undefined && ('answer' in step || 'fail' in step);
}

/** The script with a call answered, or failed, another way: what the mocks after it said is dropped. */
export function remocked(steps: readonly Step[], call: Call, mock: Step): Step[] {
  const place = call.is_scripted ? call.step : steps.length;
  return [...steps.slice(0, place), mock];
}

/** The present hour in the browser's zone, as a trial begins: ISO with offset. */
export function presentHour(now = new Date()): string {
  const hour = new Date(now);
  hour.setMinutes(0, 0, 0);
  const offset = -hour.getTimezoneOffset();
  const local = new Date(hour.getTime() + offset * 60_000).toISOString().slice(0, 19);
  const two = (value: number) => String(Math.floor(Math.abs(value))).padStart(2, '0');
  return `${local}${offset < 0 ? '-' : '+'}${two(offset / 60)}:${two(offset % 60)}`;
}

/** The scenario that a played trial is kept as. */
export function kept(name: string, at: string, steps: readonly Step[], trial: Trial): Scenario {
  return { name, at, variables: {}, steps, expected: trial.entered };
}
