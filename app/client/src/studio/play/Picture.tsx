/** The draft's diagram to look at: some elements and flows are marked, and tokens stand on it. */
import Viewer from 'bpmn-js/lib/Viewer';
import type Canvas from 'diagram-js/lib/core/Canvas';
import type ElementRegistry from 'diagram-js/lib/core/ElementRegistry';
import type Overlays from 'diagram-js/lib/features/overlays/Overlays';
import type { ElementLike, ShapeLike } from 'diagram-js/lib/model/Types';
import { useEffect, useRef } from 'preact/hooks';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import { type Point, watchGestures } from '../../lib/gestures';
import { t as general } from '../../lib/i18n';
import { Icon } from '../../room/Icon';

interface Services {
  canvas: Canvas;
  elementRegistry: ElementRegistry;
  overlays: Overlays;
}

export interface PictureProps {
  xml: string;
  /** In words, for whoever does not see it. */
  label: string;
  /** Id of an element or flow to the class it gets: `is-done`, `is-left`, `is-active`, `is-stuck`. */
  marks: ReadonlyMap<string, string>;
  /** Elements at which tokens stand; the first is brought into view. */
  tokens?: readonly string[];
  /** The elements the token came by since the last picture, to be seen moving. */
  way?: readonly string[];
}

const STEP_MS = 140;
const LONGEST_WAY = 30;
const READABLE = 0.7;

export function Picture({ xml, label, marks, tokens = [], way = [] }: PictureProps) {
  const frame = useRef<HTMLDivElement>(null);
  const drawing = useRef<Drawing | null>(null);
  useEffect(() => {
    const made = new Drawing(frame.current as HTMLElement);
    drawing.current = made;
    made.draw(xml).catch(() => {}); // what cannot be drawn is said by the checks
    return () => made.stop();
  }, [xml]);
  useEffect(() => drawing.current?.show(marks, tokens, way), [xml, marks]);
  useEffect(() => drawing.current?.describe(label), [xml, label]);
  return (
    <div class="play-picture">
      <div ref={frame} class="play-picture__frame" />
      <div class="play-picture__zoom" role="toolbar" aria-label={general('diagram.controls')}>
        {(
          [
            ['fit', 'diagram.fit', () => drawing.current?.fit()],
            ['target', 'diagram.current', () => drawing.current?.focus()],
            ['minus', 'diagram.out', () => drawing.current?.zoomBy(0.8)],
            ['plus', 'diagram.in', () => drawing.current?.zoomBy(1.25)],
          ] as const
        ).map(([icon, name, act]) => (
          <button
            key={name}
            type="button"
            class="button button--quiet button--icon button--small"
            title={general(name)}
            aria-label={general(name)}
            onClick={act}
          >
            <Icon name={icon} />
          </button>
        ))}
      </div>
    </div>
  );
}

class Drawing {
  readonly #viewer: Viewer<Services>;
  readonly #stops: (() => void)[] = [];
  #hasBegun = false;
  #shown: [PictureProps['marks'], readonly string[], readonly string[]] | null = null;
  #marked = new Map<string, string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly frame: HTMLElement) {
    this.#viewer = new Viewer<Services>({
      container: frame,
      bpmnRenderer: {
        defaultFillColor: 'var(--surface)',
        defaultStrokeColor: 'var(--ink-faint)',
        defaultLabelColor: 'var(--ink)',
      },
      textRenderer: { defaultStyle: { fontFamily: getComputedStyle(frame).fontFamily } },
    });
  }

  /** The drawing is one image to a screen reader; the watermark's link beside it stays reachable. */
  describe(label: string): void {
    const picture = this.frame.querySelector('.djs-container');
    picture?.setAttribute('role', 'img');
    picture?.setAttribute('aria-label', label);
  }

  async draw(xml: string): Promise<void> {
    await this.#viewer.importXML(xml);
    for (const focusable of this.frame.querySelectorAll('svg[tabindex]'))
      focusable.setAttribute('tabindex', '-1');
    this.#stops.push(
      watchGestures(this.frame, ({ dx, dy, factor, centre }) => {
        this.zoomBy(factor, centre);
        this.#canvas.scroll({ dx, dy });
      }),
    );
    const resized = new ResizeObserver(() => {
      this.#canvas.resized();
      this.#begin();
    });
    resized.observe(this.frame);
    this.#stops.push(() => resized.disconnect());
  }

  /** A panel that is hidden has no size to fit into. */
  #begin(): void {
    if (!this.frame.clientWidth) return;
    if (this.#hasBegun) {
      this.focus();
      return;
    }
    this.#hasBegun = true;
    this.fit();
    if (this.#shown) this.show(...this.#shown);
  }

  show(marks: PictureProps['marks'], tokens: readonly string[], way: readonly string[]): void {
    this.#shown = [marks, tokens, way];
    if (!this.#hasBegun) return;
    this.#mark(marks);
    clearTimeout(this.#timer);
    const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#walk(isStill ? [] : way.slice(-LONGEST_WAY), tokens);
  }

  /** The token goes along, then stands where tokens stand. */
  #walk([next, ...rest]: readonly string[], tokens: readonly string[]): void {
    if (next === undefined) {
      this.#place(tokens);
      this.focus();
      return;
    }
    this.#place([next]);
    this.#reveal(next);
    this.#timer = setTimeout(() => this.#walk(rest, tokens), STEP_MS);
  }

  /** Everything, with a margin. */
  fit(): void {
    const { inner, outer } = this.#canvas.viewbox();
    const scale = Math.min(1, outer.width / inner.width, outer.height / inner.height) * 0.96;
    this.#look(
      { x: inner.x + inner.width / 2, y: inner.y + inner.height / 2 },
      { x: outer.width / 2, y: outer.height / 2 },
      scale,
    );
  }

  focus(): void {
    const [first] = this.#shown?.[1] ?? [];
    if (first) this.#reveal(first, true);
  }

  zoomBy(factor: number, centre?: Point): void {
    const { x, y, outer } = this.#canvas.viewbox();
    const before = this.#canvas.zoom();
    const at = centre ?? { x: outer.width / 2, y: outer.height / 2 };
    const point = { x: x + at.x / before, y: y + at.y / before };
    if (factor !== 1) this.#look(point, at, Math.min(3, Math.max(0.1, before * factor)));
  }

  /** Show a point of the drawing at a place of the frame. */
  #look(point: Point, at: Point, scale: number): void {
    const { width, height } = this.#canvas.getSize();
    this.#canvas.viewbox({
      x: point.x - at.x / scale,
      y: point.y - at.y / scale,
      width: width / scale,
      height: height / scale,
    });
  }

  stop(): void {
    clearTimeout(this.#timer);
    for (const stop of this.#stops) stop();
    this.#viewer.destroy();
  }

  get #canvas(): Canvas {
    return this.#viewer.get('canvas');
  }

  #mark(marks: ReadonlyMap<string, string>): void {
    const registry = this.#viewer.get('elementRegistry');
    for (const [id, name] of this.#marked) this.#canvas.removeMarker(id, name);
    this.#marked = new Map([...marks].filter(([id]) => registry.get(id)));
    for (const [id, name] of this.#marked) this.#canvas.addMarker(id, name);
  }

  #place(tokens: readonly string[]): void {
    const overlays = this.#viewer.get('overlays');
    overlays.remove({ type: 'token' });
    for (const id of tokens) {
      const shape = this.#shape(id);
      if (!shape) continue;
      const token = document.createElement('span');
      token.className = 'play-picture__token';
      overlays.add(id, 'token', {
        position: { top: -11, left: shape.width / 2 - 11 },
        html: token,
      });
    }
  }

  /** Bring an element into view, near enough to be read if it is where one works. */
  #reveal(id: string, isNear = false): void {
    const shape = this.#shape(id);
    if (!shape || !this.frame.clientWidth) return; // hidden by now
    const canvas = this.#canvas;
    const view = canvas.viewbox();
    const scale = isNear ? Math.max(canvas.zoom(), READABLE) : canvas.zoom();
    const middle = { x: shape.x + shape.width / 2, y: shape.y + shape.height / 2 };
    const isSeen =
      middle.x > view.x &&
      middle.x < view.x + view.width &&
      middle.y > view.y &&
      middle.y < view.y + view.height;
    if (isSeen && scale === canvas.zoom()) return;
    const { width, height } = canvas.getSize();
    this.#look(middle, { x: width / 2, y: height / 2 }, scale);
  }

  #shape(id: string): ShapeLike | undefined {
    const found: ElementLike | undefined = this.#viewer.get('elementRegistry').get(id);
    return found && 'width' in found ? (found as ShapeLike) : undefined;
  }
}
