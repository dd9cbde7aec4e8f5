/** What happened at each element of a case's diagram; pure, knows nothing of drawing. */
import { duration } from '../../lib/duration';
import { t } from '../../lib/i18n';

export type State = 'done' | 'active' | 'overdue' | 'cancelled';

/** One element as the server tells it; `duration_s` in seconds, `count` how often it was entered. */
export interface Visit {
  id: string;
  name: string;
  state: State;
  who: string;
  duration_s: number | null;
  count: number;
}

export interface Progress {
  xml: string;
  elements: Visit[];
}

/** The most urgent first: it is what an element shows when several people work on it. */
export const STATES: readonly State[] = ['overdue', 'active', 'done', 'cancelled'];

/**
 * One visit an element: parallel opinions of three experts are three visits of one task. The most
 * urgent state wins, the people are listed once, the longest time counts.
 */
export function merge(visits: readonly Visit[]): Visit[] {
  const groups = new Map<string, [Visit, ...Visit[]]>();
  for (const visit of visits) {
    const group = groups.get(visit.id);
    if (group) group.push(visit);
    else groups.set(visit.id, [visit]);
  }
  return [...groups.values()].map(together);
}

function together(visits: [Visit, ...Visit[]]): Visit {
  const [first] = visits;
  const people = new Set(visits.map((visit) => visit.who).filter(Boolean));
  const durations = visits.flatMap((visit) => visit.duration_s ?? []);
  return {
    ...first,
    state: STATES.find((state) => visits.some((visit) => visit.state === state)) ?? first.state,
    who: [...people].join(t('diagram.and')),
    duration_s: durations.length ? Math.max(...durations) : null,
    count: visits.reduce((sum, visit) => sum + visit.count, 0),
  };
}

/** “演示专家 · 2 小时”: who and how long, as far as known. */
export function summary({ who, duration_s }: Visit): string {
  return [who, duration_s === null ? '' : duration(duration_s)].filter(Boolean).join(' · ');
}

/** One sentence in place of the picture; the list beside it has the rest. */
export function description(visits: readonly Visit[]): string {
  const of = (...states: State[]) => visits.filter((visit) => states.includes(visit.state));
  const now = of('active', 'overdue').map((visit) => visit.name);
  const params = { done: of('done').length, now: now.join(t('diagram.and')) };
  return now.length ? t('diagram.label', params) : t('diagram.label.idle', params);
}
