/**
 * The case's own diagram: what is done, where it stands, what is late, who and how long.
 *
 * `<div data-island="diagram" data-url="/api/…" data-steps="id of the ordered list">`; the address
 * gives a Progress.
 */
import { getJson, HttpError } from '../lib/http';
import { t } from '../lib/i18n';
import { type Drawn, drawDiagram, element, legend, type Spot } from './diagram/drawing';
import {
  description,
  merge,
  type Progress,
  STATES,
  type State,
  summary,
  type Visit,
} from './diagram/states';

export function mount(el: HTMLElement): () => void {
  const stop = new AbortController();
  const stops = [() => stop.abort(), () => el.replaceChildren()];
  load(el, stop.signal)
    .then((progress) => draw(el, progress))
    .then((drawn) => {
      if (stop.signal.aborted) drawn.destroy();
      else stops.unshift(drawn.destroy);
    })
    .catch((error: unknown) => {
      if (!stop.signal.aborted) showFailure(el, error);
    });
  return () => {
    for (const step of stops) step();
  };
}

async function load(el: HTMLElement, signal: AbortSignal): Promise<Progress> {
  el.classList.add('diagram');
  const url = el.dataset.url;
  if (!url) throw new Error('a diagram needs data-url');
  return getJson<Progress>(url, { signal });
}

export function showFailure(el: HTMLElement, error: unknown): void {
  const note = document.createElement('p');
  note.className = 'alert alert--error';
  note.setAttribute('role', 'alert');
  note.textContent = error instanceof HttpError ? error.message : t('diagram.failed');
  el.replaceChildren(note);
  if (!(error instanceof HttpError)) reportError(error);
}

function draw(el: HTMLElement, progress: Progress): Promise<Drawn> {
  const visits = merge(progress.elements);
  return drawDiagram(el, progress.xml, visits.map(spot), {
    label: description(visits),
    steps: el.dataset.steps,
    legend: legend(counted(visits)),
  });
}

function spot(visit: Visit): Spot {
  return {
    id: visit.id,
    state: visit.state,
    mark: visit.count > 1 ? t('diagram.times', { count: visit.count }) : '',
    chip: summary(visit),
    tip: explanation(visit),
  };
}

function explanation(visit: Visit): HTMLElement[] {
  return [
    element('strong', 'diagram__tip-name', visit.name),
    element('span', `badge badge--${BADGES[visit.state]}`, t(`diagram.${visit.state}`)),
    element('span', '', summary(visit)),
    element('span', '', visit.count > 1 ? t('diagram.entered', { count: visit.count }) : ''),
  ].filter((line) => line.textContent);
}

const BADGES: Record<State, string> = {
  done: 'completed',
  active: 'in_progress',
  overdue: 'overdue',
  cancelled: 'cancelled',
};

/** The states this diagram shows, and how many elements are in each. */
function counted(visits: readonly Visit[]): [State, string][] {
  return STATES.flatMap((state): [State, string][] => {
    const count = visits.filter((visit) => visit.state === state).length;
    return count ? [[state, `${t(`diagram.${state}`)} ${count}`]] : [];
  });
}
