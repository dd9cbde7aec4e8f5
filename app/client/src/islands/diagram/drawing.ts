/**
 * A BPMN diagram with marks on its elements: drawn once, marked anew as often as one likes.
 *
 * For those who do not see it the picture is one sentence that points to a list.
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
import '../../styles/diagram.css';
import { watchGestures } from '../../lib/gestures';
import { t } from '../../lib/i18n';
import { icon } from '../../lib/icon';
import { STATES, type State } from './states';

interface Services {
  canvas: Canvas;
  elementRegistry: ElementRegistry;
  eventBus: EventBus;
  overlays: Overlays;
}

/** What an element shows: its colour, a mark in its corner, a few words below, more when pointed at. */
export interface Spot {
  id: string;
  state: State;
  mark: string;
  chip: string;
  tip: readonly HTMLElement[];
}

/** What stands around the picture. label: the sentence in its place; steps: id of the list. */
export interface Words {
  label: string;
  steps?: string | undefined;
  legend: HTMLElement;
}

export interface Drawn {
  show(spots: readonly Spot[], words: Words): void;
  destroy(): void;
}

const ZOOM = { min: 0.15, max: 3, step: 1.25 };
/** Below this scale labels cannot be read: then the current step is shown instead of everything. */
const READABLE = 0.85;
const PAN_PX = 120;
export const MARKS: Record<State, string> = {
  done: 'check',
  active: 'clock',
  overdue: 'warning',
  cancelled: 'close',
};

/** choose: called with the id of a marked element that is clicked. whole: begin with everything. */
interface Manners {
  choose?: (id: string) => void;
  whole?: boolean;
}

/** Put a diagram into an element. */
export async function drawDiagram(
  el: HTMLElement,
  xml: string,
  spots: readonly Spot[],
  words: Words,
  { choose, whole = false }: Manners = {},
): Promise<Drawn> {
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
  const marks = new Marks(viewer, frame);
  const view = new View(viewer, marks);
  const legend = document.createElement('div');
  el.replaceChildren(toolbar(el, view), frame, legend);
  await viewer.importXML(xml);

  const show = (now: readonly Spot[], around: Words) => {
    marks.show(now);
    describePicture(frame, around);
    legend.replaceChildren(around.legend);
  };
  show(spots, words);
  const hideTip = explainOnHover(viewer, frame, marks, choose);
  if (whole) view.fit();
  else view.start();
  const release = watchGestures(frame, ({ dx, dy, factor, centre }) => {
    hideTip();
    view.zoomBy(factor, centre);
    view.pan(dx, dy);
  });
  const resized = new ResizeObserver(() => viewer.get('canvas').resized());
  resized.observe(frame);
  const destroy = () => {
    resized.disconnect();
    release();
    viewer.destroy();
  };
  return { show, destroy };
}

/** The marks on the drawn elements. */
class Marks {
  spots: readonly Spot[] = [];

  constructor(
    private readonly viewer: Viewer<Services>,
    private readonly frame: HTMLElement,
  ) {}

  show(spots: readonly Spot[]): void {
    const canvas = this.viewer.get('canvas');
    const registry = this.viewer.get('elementRegistry');
    for (const spot of this.spots) canvas.removeMarker(spot.id, `is-${spot.state}`);
    this.viewer.get('overlays').clear();
    this.spots = spots.filter((spot) => registry.get(spot.id));
    for (const spot of this.spots) this.put(spot);
    this.frame.classList.toggle('is-marked', this.spots.length > 0);
  }

  private put(spot: Spot): void {
    this.viewer.get('canvas').addMarker(spot.id, `is-${spot.state}`);
    const shape = this.viewer.get('elementRegistry').get(spot.id);
    if (!shape || !isShape(shape) || (shape.width < 60 && !spot.mark)) return;
    const overlays = this.viewer.get('overlays');
    overlays.add(spot.id, { position: { top: -10, left: -10 }, html: badge(spot) });
    if (!spot.chip || shape.width < 60) return; // on a gateway colour is enough
    overlays.add(spot.id, {
      position: { bottom: 9, left: freeFrom(shape) },
      show: { minZoom: 0.5 },
      html: element('span', `diagram__chip diagram__chip--${spot.state}`, spot.chip),
    });
  }
}

/** Where one looks: scale and position of the drawing in its frame. */
class View {
  constructor(
    private readonly viewer: Viewer<Services>,
    private readonly marks: Marks,
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
      const those = this.marks.spots.filter((spot) => spot.state === state);
      return state === 'done' ? those.reverse() : those;
    }).flatMap((spot) => registry.get(spot.id) ?? []);
    return first;
  }
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

function badge({ state, mark: text }: Spot): HTMLElement {
  const mark = element('span', `diagram__mark diagram__mark--${state}`);
  mark.append(icon(MARKS[state]), text);
  return mark;
}

/** The drawing is one image to a screen reader; the watermark's link beside it stays reachable. */
function describePicture(frame: HTMLElement, { label, steps }: Words): void {
  const picture = frame.querySelector('.djs-container');
  picture?.setAttribute('role', 'img');
  picture?.setAttribute('aria-label', label);
  if (steps) picture?.setAttribute('aria-details', steps);
  for (const focusable of picture?.querySelectorAll('[tabindex]') ?? []) {
    focusable.setAttribute('tabindex', '-1');
  }
}

/** More about the element under the pointer, or the one that was tapped. */
function explainOnHover(
  viewer: Viewer<Services>,
  frame: HTMLElement,
  marks: Marks,
  choose?: (id: string) => void,
): () => void {
  const tip = element('div', 'diagram__tip');
  tip.setAttribute('aria-hidden', 'true'); // the list says the same
  tip.hidden = true;
  frame.append(tip);
  const hide = () => {
    tip.hidden = true;
  };
  const show = ({ element: shape }: { element: ShapeLike }) => {
    const spot = marks.spots.find(({ id }) => id === shape.id);
    if (!spot) return hide();
    tip.replaceChildren(...spot.tip);
    tip.hidden = false;
    const box = viewer.get('canvas').getAbsoluteBBox(shape);
    placeTip(tip, frame, { x: box.x + box.width / 2, top: box.y, bottom: box.y + box.height });
  };
  viewer.on('element.hover', show);
  viewer.on('element.click', (event: { element: ShapeLike }) => {
    show(event);
    if (marks.spots.some(({ id }) => id === event.element.id)) choose?.(event.element.id);
  });
  viewer.on('element.out', hide);
  return hide;
}

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

/** A list of states with their marks and words; none for a count of nothing. */
export function legend(items: readonly [State, string][]): HTMLElement {
  const list = element('ul', 'diagram__legend');
  for (const [state, text] of items) {
    const mark = element('span', `diagram__mark diagram__mark--${state}`);
    mark.append(icon(MARKS[state]));
    const item = element('li', 'diagram__legend-item');
    item.append(mark, text);
    list.append(item);
  }
  return list;
}

export function element(tag: string, className: string, text = ''): HTMLElement {
  const result = document.createElement(tag);
  result.className = className;
  result.textContent = text;
  return result;
}
