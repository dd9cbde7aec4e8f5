/**
 * The case's own diagram: what is done, where it stands, what is late, who and how long.
 *
 * `<div data-island="diagram" data-url="/api/…" data-steps="id of the ordered list">`; the address
 * gives a Progress. For those who do not see it the picture is one sentence that points to the list.
 */

// The plain viewer: the navigated one knows no touch and takes the wheel away from the page.
import Viewer from 'bpmn-js/lib/Viewer';
import type Canvas from 'diagram-js/lib/core/Canvas';
import type ElementRegistry from 'diagram-js/lib/core/ElementRegistry';
import type EventBus from 'diagram-js/lib/core/EventBus';
import type Overlays from 'diagram-js/lib/features/overlays/Overlays';
import type { ElementLike, ShapeLike } from 'diagram-js/lib/model/Types';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import '../styles/diagram.css';
import { watchGestures } from '../lib/gestures';
import { getJson, HttpError } from '../lib/http';
import { t } from '../lib/i18n';
import { icon } from '../lib/icon';
import {
  description,
  merge,
  type Progress,
  STATES,
  type State,
  summary,
  type Visit,
} from './diagram/states';

interface Services {
  canvas: Canvas;
  elementRegistry: ElementRegistry;
  eventBus: EventBus;
  overlays: Overlays;
}

const ZOOM = { min: 0.15, max: 3, step: 1.25 };
/** Below this scale labels cannot be read: then the current step is shown instead of everything. */
const READABLE = 0.85;
const PAN_PX = 120;
const MARKS: Record<State, string> = {
  done: 'check',
  active: 'clock',
  overdue: 'warning',
  cancelled: 'close',
};

export function mount(el: HTMLElement): () => void {
  const stop = new AbortController();
  const stops = [() => stop.abort(), () => el.replaceChildren()];
  load(el, stop.signal)
    .then((progress) => draw(el, progress))
    .then((undraw) => {
      if (stop.signal.aborted) undraw();
      else stops.unshift(undraw);
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

function showFailure(el: HTMLElement, error: unknown): void {
  const note = document.createElement('p');
  note.className = 'alert alert--error';
  note.setAttribute('role', 'alert');
  note.textContent = error instanceof HttpError ? error.message : t('diagram.failed');
  el.replaceChildren(note);
  if (!(error instanceof HttpError)) reportError(error);
}

async function draw(el: HTMLElement, progress: Progress): Promise<() => void> {
  const visits = merge(progress.elements);
  const frame = document.createElement('div');
  frame.className = 'diagram__frame';
  const viewer = new Viewer<Services>({
    container: frame,
    bpmnRenderer: {
      defaultFillColor: 'var(--surface)',
      defaultStrokeColor: 'var(--ink-faint)',
      defaultLabelColor: 'var(--ink)',
    },
    overlays: { defaults: { scale: { min: 0.75, max: 1.25 } } },
    textRenderer: { defaultStyle: { fontFamily: getComputedStyle(el).fontFamily } },
  });
  const view = new View(viewer, visits);
  el.replaceChildren(toolbar(el, view), frame, legend(visits));
  await viewer.importXML(progress.xml);

  const shown = visits.filter((visit) => viewer.get('elementRegistry').get(visit.id));
  for (const visit of shown) mark(viewer, visit);
  describePicture(frame, visits, el.dataset.steps);
  const hideTip = explainOnHover(viewer, frame, shown);
  view.start();
  const release = watchGestures(frame, ({ dx, dy, factor, centre }) => {
    hideTip();
    view.zoomBy(factor, centre);
    view.pan(dx, dy);
  });
  const resized = new ResizeObserver(() => viewer.get('canvas').resized());
  resized.observe(frame);
  return () => {
    resized.disconnect();
    release();
    viewer.destroy();
  };
}

/** Where one looks: scale and position of the drawing in its frame. */
class View {
  constructor(
    private readonly viewer: Viewer<Services>,
    private readonly visits: readonly Visit[],
  ) {}

  /** Everything if that can be read, else the step at work. */
  start(): void {
    this.fit();
    if (this.canvas.zoom() < READABLE) this.goToCurrent();
  }

  fit(): void {
    const scale = this.canvas.zoom('fit-viewport', { x: 0, y: 0 });
    this.canvas.zoom(scale * 0.96, this.middle()); // a margin
  }

  goToCurrent(): void {
    const shape = this.current();
    if (!shape) return;
    const scale = Math.max(this.canvas.zoom(), READABLE);
    const { width, height } = this.canvas.getSize();
    this.canvas.viewbox({
      x: shape.x + shape.width / 2 - width / scale / 2,
      y: shape.y + shape.height / 2 - height / scale / 2,
      width: width / scale,
      height: height / scale,
    });
  }

  zoomBy(factor: number, centre?: { x: number; y: number }): void {
    if (factor === 1) return;
    const now = this.canvas.zoom();
    // A large diagram seen as a whole may already be smaller than the least scale.
    const least = Math.min(ZOOM.min, now);
    const scale = Math.min(ZOOM.max, Math.max(least, now * factor));
    this.canvas.zoom(scale, centre ?? this.middle());
  }

  pan(dx: number, dy: number): void {
    this.canvas.scroll({ dx, dy });
  }

  private get canvas(): Canvas {
    return this.viewer.get('canvas');
  }

  private middle(): { x: number; y: number } {
    const { width, height } = this.canvas.getSize();
    return { x: width / 2, y: height / 2 };
  }

  /** The most urgent element that is drawn, or the last one that was done. */
  private current(): ElementLike | undefined {
    const registry = this.viewer.get('elementRegistry');
    const [first] = STATES.flatMap((state) => {
      const those = this.visits.filter((visit) => visit.state === state);
      return state === 'done' ? those.reverse() : those;
    }).flatMap((visit) => registry.get(visit.id) ?? []);
    return first;
  }
}

function mark(viewer: Viewer<Services>, visit: Visit): void {
  viewer.get('canvas').addMarker(visit.id, `is-${visit.state}`);
  const shape = viewer.get('elementRegistry').get(visit.id);
  if (!shape || !isShape(shape) || shape.width < 60) return; // on a gateway colour is enough
  const overlays = viewer.get('overlays');
  overlays.add(visit.id, {
    position: { top: -10, left: -10 },
    html: badge(visit),
  });
  const text = summary(visit);
  if (!text) return;
  overlays.add(visit.id, {
    position: { bottom: 9, left: freeFrom(shape) },
    show: { minZoom: 0.5 },
    html: element('span', `diagram__chip diagram__chip--${visit.state}`, text),
  });
}

function isShape(element: ElementLike): element is ShapeLike {
  return 'width' in element;
}

/** Where the lower edge is free of boundary events, in pixels from its left end. */
function freeFrom(shape: ShapeLike): number {
  const bottom = shape.y + shape.height;
  const attached: ShapeLike[] = shape.attachers ?? [];
  const ends = attached
    .filter((event) => event.y + event.height > bottom)
    .map((event) => event.x + event.width - shape.x);
  return Math.max(6, ...ends.map((end) => end + 2));
}

function badge({ state, count }: Visit): HTMLElement {
  const mark = element('span', `diagram__mark diagram__mark--${state}`);
  mark.append(icon(MARKS[state]));
  if (count > 1) mark.append(t('diagram.times', { count }));
  return mark;
}

/** The drawing is one image to a screen reader; the watermark's link beside it stays reachable. */
function describePicture(frame: HTMLElement, visits: readonly Visit[], steps?: string): void {
  const picture = frame.querySelector('.djs-container');
  picture?.setAttribute('role', 'img');
  picture?.setAttribute('aria-label', description(visits));
  if (steps) picture?.setAttribute('aria-details', steps);
  for (const focusable of picture?.querySelectorAll('[tabindex]') ?? []) {
    focusable.setAttribute('tabindex', '-1');
  }
}

/** Name, state, people and time of the element under the pointer, or of the one that was tapped. */
function explainOnHover(
  viewer: Viewer<Services>,
  frame: HTMLElement,
  visits: readonly Visit[],
): () => void {
  const tip = element('div', 'diagram__tip');
  tip.setAttribute('aria-hidden', 'true'); // the list says the same
  tip.hidden = true;
  frame.append(tip);
  const hide = () => {
    tip.hidden = true;
  };
  const show = ({ element: shape }: { element: ShapeLike }) => {
    const visit = visits.find(({ id }) => id === shape.id);
    if (!visit) return hide();
    tip.replaceChildren(...explanation(visit));
    tip.hidden = false;
    const box = viewer.get('canvas').getAbsoluteBBox(shape);
    placeTip(tip, frame, { x: box.x + box.width / 2, top: box.y, bottom: box.y + box.height });
  };
  viewer.on('element.hover', show);
  viewer.on('element.click', show);
  viewer.on('element.out', hide);
  return hide;
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

/** Above the element where there is room, else below, and never beyond the frame's sides. */
function placeTip(
  tip: HTMLElement,
  frame: HTMLElement,
  { x, top, bottom }: { x: number; top: number; bottom: number },
): void {
  const { offsetWidth: width, offsetHeight: height } = tip;
  const left = Math.min(Math.max(x - width / 2, 8), frame.clientWidth - width - 8);
  const above = top - height - 14;
  tip.style.left = `${left}px`;
  tip.style.top = `${above > 4 ? above : bottom + 18}px`;
}

function toolbar(el: HTMLElement, view: View): HTMLElement {
  const bar = element('div', 'diagram__toolbar');
  bar.setAttribute('role', 'group');
  bar.setAttribute('aria-label', t('diagram.controls'));
  bar.append(
    button('fit', t('diagram.fit'), () => view.fit()),
    button('target', t('diagram.current'), () => view.goToCurrent()),
    button('minus', t('diagram.out'), () => view.zoomBy(1 / ZOOM.step)),
    button('plus', t('diagram.in'), () => view.zoomBy(ZOOM.step)),
    button('chevron-left', t('diagram.left'), () => view.pan(PAN_PX, 0)),
    button('chevron-right', t('diagram.right'), () => view.pan(-PAN_PX, 0)),
    button('chevron-up', t('diagram.up'), () => view.pan(0, PAN_PX)),
    button('chevron-down', t('diagram.down'), () => view.pan(0, -PAN_PX)),
  );
  if (document.fullscreenEnabled) {
    bar.append(button('screen', t('diagram.full'), () => toggleFullScreen(el)));
  }
  return bar;
}

function toggleFullScreen(el: HTMLElement): void {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void el.requestFullscreen();
}

function button(symbol: string, label: string, act: () => void): HTMLButtonElement {
  const result = document.createElement('button');
  result.type = 'button';
  result.className = 'button button--quiet button--icon button--small';
  result.title = label;
  result.setAttribute('aria-label', label);
  result.append(icon(symbol));
  result.addEventListener('click', act);
  return result;
}

/** The states this diagram shows, and how many elements are in each. */
function legend(visits: readonly Visit[]): HTMLElement {
  const list = element('ul', 'diagram__legend');
  for (const state of STATES) {
    const count = visits.filter((visit) => visit.state === state).length;
    if (!count) continue;
    const mark = element('span', `diagram__mark diagram__mark--${state}`);
    mark.append(icon(MARKS[state]));
    const item = element('li', 'diagram__legend-item');
    item.append(mark, `${t(`diagram.${state}`)} ${count}`);
    list.append(item);
  }
  return list;
}

function element(tag: string, className: string, text = ''): HTMLElement {
  const result = document.createElement(tag);
  result.className = className;
  result.textContent = text;
  return result;
}
