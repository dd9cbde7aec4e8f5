/** Where one looks: scale and position of a drawing in its frame. */
import type Canvas from 'diagram-js/lib/core/Canvas';

const ZOOM = { min: 0.1, max: 3, step: 1.25 };
/** Below this scale labels cannot be read. */
const READABLE = 0.75;

export function fitAll(canvas: Canvas): void {
  const scale = canvas.zoom('fit-viewport', { x: 0, y: 0 });
  const { width, height } = canvas.getSize();
  canvas.zoom(Math.min(scale * 0.96, 1), { x: width / 2, y: height / 2 });
}

/** Everything if that can be read, else its upper left corner with a margin beside it. */
export function start(canvas: Canvas, marginPx: number): void {
  const { inner, outer } = canvas.viewbox();
  const whole = Math.min(outer.width / inner.width, outer.height / inner.height);
  if (whole >= READABLE) {
    fitAll(canvas);
    return;
  }
  canvas.viewbox({
    x: inner.x - marginPx / READABLE,
    y: inner.y - 16 / READABLE,
    width: outer.width / READABLE,
    height: outer.height / READABLE,
  });
}

/** By one step in or out, or by a factor around a point of the frame. */
export function zoomBy(
  canvas: Canvas,
  by: 'in' | 'out' | number,
  at?: { x: number; y: number },
): void {
  const factor = by === 'in' ? ZOOM.step : by === 'out' ? 1 / ZOOM.step : by;
  const { width, height } = canvas.getSize();
  const scale = Math.min(ZOOM.max, Math.max(ZOOM.min, canvas.zoom() * factor));
  canvas.zoom(scale, at ?? { x: width / 2, y: height / 2 });
}
