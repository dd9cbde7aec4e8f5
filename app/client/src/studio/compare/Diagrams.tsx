/** Both diagrams beside each other, one view for both, with what changed in colour. */
import type { Signal } from '@preact/signals';
import Viewer from 'bpmn-js/lib/Viewer';
import type Canvas from 'diagram-js/lib/core/Canvas';
import type ElementRegistry from 'diagram-js/lib/core/ElementRegistry';
import { useEffect, useRef } from 'preact/hooks';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import { watchGestures } from '../../lib/gestures';
import { t as general } from '../../lib/i18n';
import { t } from '../words/compare';
import type { Change, Difference, How } from './changes';

interface Services {
  canvas: Canvas;
  elementRegistry: ElementRegistry;
}

interface Props {
  difference: Difference;
  selected: Signal<string | null>;
}

const SCALE = { min: 0.1, max: 3, step: 1.25, focus: 1 };
/** On which side a change can be seen. */
const SIDES: Record<How, readonly [boolean, boolean]> = {
  added: [false, true],
  removed: [true, false],
  changed: [true, true],
  moved: [true, true],
};

export function Diagrams({ difference, selected }: Props) {
  const older = useRef<HTMLElement>(null);
  const newer = useRef<HTMLElement>(null);
  const pair = useRef<Pair | null>(null);
  useEffect(() => {
    const both = new Pair(difference, selected);
    pair.current = both;
    both.draw([older, newer].map(({ current }) => current as HTMLElement)).catch(reportError);
    return () => both.stop();
  }, [difference]);
  useEffect(() => selected.subscribe((id) => pair.current?.show(id)), []);
  return (
    <div class="compare__diagrams">
      {[
        { label: difference.before.label, frame: older },
        { label: difference.after.label, frame: newer },
      ].map(({ label, frame }) => (
        <figure key={label} class="compare__side">
          <figcaption class="compare__caption">{label}</figcaption>
          <section
            ref={frame}
            class="compare__frame"
            aria-label={t('compare.picture', { label })}
          />
        </figure>
      ))}
      <div class="compare__zoom" role="toolbar" aria-label={general('diagram.controls')}>
        <button type="button" class="button button--small" onClick={() => pair.current?.fit()}>
          {general('diagram.fit')}
        </button>
        {[1 / SCALE.step, SCALE.step].map((factor) => (
          <button
            key={factor}
            type="button"
            class="button button--small"
            onClick={() => pair.current?.zoomBy(factor)}
          >
            {general(factor > 1 ? 'diagram.in' : 'diagram.out')}
          </button>
        ))}
      </div>
    </div>
  );
}

/** Two viewers that look at the same place. */
class Pair {
  private viewers: Viewer<Services>[] = [];
  private readonly stops: (() => void)[] = [];
  private shown: string | null = null;

  constructor(
    private readonly difference: Difference,
    private readonly selected: Signal<string | null>,
  ) {}

  async draw(frames: HTMLElement[]): Promise<void> {
    const { before, after, changes } = this.difference;
    this.viewers = frames.map((container) => new Viewer<Services>({ container }));
    await Promise.all(
      this.viewers.map((viewer, side) => viewer.importXML((side === 0 ? before : after).diagram)),
    );
    for (const [side, viewer] of this.viewers.entries()) {
      mark(viewer, changes, side);
      viewer.on('element.click', ({ element }: { element: { id: string } }) => {
        if (changes.some(({ part, id }) => part === 'diagram' && id === element.id))
          this.selected.value = element.id;
      });
      const frame = frames[side] as HTMLElement;
      this.stops.push(
        watchGestures(frame, ({ dx, dy, factor, centre }) => {
          this.zoomBy(factor, centre);
          for (const one of this.viewers) one.get('canvas').scroll({ dx, dy });
        }),
      );
    }
    this.fit();
  }

  /** Both sides show the newer diagram's whole extent at one scale. */
  fit(): void {
    const boxes = this.viewers.map((viewer) => viewer.get('canvas').viewbox().inner);
    const [x, y] = [Math.min(...boxes.map((b) => b.x)), Math.min(...boxes.map((b) => b.y))];
    const width = Math.max(...boxes.map((b) => b.x + b.width)) - x;
    const height = Math.max(...boxes.map((b) => b.y + b.height)) - y;
    for (const viewer of this.viewers)
      viewer
        .get('canvas')
        .viewbox({ x: x - 20, y: y - 20, width: width + 40, height: height + 40 });
  }

  zoomBy(factor: number, centre?: { x: number; y: number }): void {
    if (factor === 1) return;
    for (const viewer of this.viewers) {
      const canvas = viewer.get('canvas');
      const { width, height } = canvas.getSize();
      const scale = Math.min(SCALE.max, Math.max(SCALE.min, canvas.zoom() * factor));
      canvas.zoom(scale, centre ?? { x: width / 2, y: height / 2 });
    }
  }

  /** Bring an element into the middle of both, and frame it where it is drawn. */
  show(id: string | null): void {
    const shapes = this.viewers.map((viewer) =>
      id ? viewer.get('elementRegistry').get(id) : null,
    );
    const box = shapes.flatMap((shape) => boxOf(shape) ?? []).at(-1);
    for (const [side, viewer] of this.viewers.entries()) {
      const canvas = viewer.get('canvas');
      if (this.shown && viewer.get('elementRegistry').get(this.shown))
        canvas.removeMarker(this.shown, 'is-selected');
      if (id && shapes[side]) canvas.addMarker(id, 'is-selected');
      if (!box) continue;
      const { width, height } = canvas.getSize();
      const scale = Math.max(SCALE.focus, canvas.zoom());
      canvas.viewbox({
        x: box.x - width / scale / 2,
        y: box.y - height / scale / 2,
        width: width / scale,
        height: height / scale,
      });
    }
    this.shown = id;
  }

  stop(): void {
    for (const stop of this.stops) stop();
    for (const viewer of this.viewers) viewer.destroy();
  }
}

function mark(viewer: Viewer<Services>, changes: readonly Change[], side: number): void {
  const registry = viewer.get('elementRegistry');
  for (const { part, id, how } of changes) {
    if (part !== 'diagram' || !SIDES[how][side] || !registry.get(id)) continue;
    viewer.get('canvas').addMarker(id, `is-${how}`);
  }
}

type Drawn =
  | { x: number; y: number; width: number; height: number }
  | { waypoints: { x: number; y: number }[] };

/** The middle of a shape or of a flow. */
function boxOf(shape: unknown): { x: number; y: number } | null {
  const drawn = shape as Drawn | null | undefined;
  if (!drawn) return null;
  if ('waypoints' in drawn) return drawn.waypoints[Math.floor(drawn.waypoints.length / 2)] ?? null;
  return { x: drawn.x + drawn.width / 2, y: drawn.y + drawn.height / 2 };
}
