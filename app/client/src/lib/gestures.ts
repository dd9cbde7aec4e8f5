/** Pan and pinch with mouse, pen or fingers, and zoom with Ctrl and the wheel; knows no canvas. */

export interface Point {
  x: number;
  y: number;
}

/** What a move did: `factor` > 1 draws nearer, about `centre`; then everything shifts by dx, dy. */
export interface Change {
  dx: number;
  dy: number;
  factor: number;
  centre: Point;
}

/** Pixels a pointer must travel before it pans, so that a tap with a trembling finger stays a tap. */
const THRESHOLD_PX = 6;
/** Wheel delta (pixels) that draws nearer by a factor of e. */
const WHEEL_PX = 400;

/** The change that takes one or two fingers from `before` to `after` (same length, in the same order). */
export function change(before: readonly Point[], after: readonly Point[]): Change {
  const from = middle(before);
  const to = middle(after);
  const spread = distance(before);
  const factor = spread > 0 ? distance(after) / spread : 1;
  return { dx: to.x - from.x, dy: to.y - from.y, factor, centre: from };
}

/** Report every change made on `el`; points are relative to its top left. Returns how to stop. */
export function watchGestures(el: HTMLElement, report: (change: Change) => void): () => void {
  const down = new Map<number, Point>();
  let isMoving = false;

  const at = (event: MouseEvent): Point => {
    const box = el.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const press = (event: PointerEvent) => {
    if (event.button === 0 && down.size < 2) down.set(event.pointerId, at(event));
  };
  const move = (event: PointerEvent) => {
    const last = down.get(event.pointerId);
    if (!last) return;
    const now = at(event);
    if (!isMoving && down.size === 1 && Math.hypot(now.x - last.x, now.y - last.y) < THRESHOLD_PX) {
      return;
    }
    isMoving = true;
    // Captured only now: a captured pointer would take the click away from what is under it.
    el.setPointerCapture(event.pointerId);
    const before = [...down.values()];
    down.set(event.pointerId, now);
    report(change(before, [...down.values()]));
  };
  const release = (event: PointerEvent) => {
    down.delete(event.pointerId);
    isMoving = down.size > 0;
  };
  const wheel = (event: WheelEvent) => {
    if (!event.ctrlKey && !event.metaKey) return; // the page scrolls
    event.preventDefault();
    report({ dx: 0, dy: 0, factor: Math.exp(-event.deltaY / WHEEL_PX), centre: at(event) });
  };

  const stop = new AbortController();
  const options = { signal: stop.signal };
  el.addEventListener('pointerdown', press, options);
  el.addEventListener('pointermove', move, options);
  for (const end of ['pointerup', 'pointercancel'] as const) {
    el.addEventListener(end, release, options);
  }
  // A mouse that leaves before it pans is not captured, and its release would go unheard.
  el.addEventListener('pointerleave', release, options);
  el.addEventListener('wheel', wheel, { ...options, passive: false });
  return () => stop.abort();
}

function middle(points: readonly Point[]): Point {
  const sum = points.reduce((a, b) => ({ x: a.x + b.x, y: a.y + b.y }), { x: 0, y: 0 });
  return { x: sum.x / points.length, y: sum.y / points.length };
}

function distance([a, b]: readonly Point[]): number {
  return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
}
