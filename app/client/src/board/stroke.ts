/** Geometry of strokes, in pixels of the image: their outline, and points worth keeping. Pure. */
import { getStroke } from 'perfect-freehand';
import type { Point } from '../protocol';

/** The server takes as many; a longer line goes on as a new stroke. */
export const MOST_POINTS = 2000;

/** Pen widths as shares of the image's width: a line looks alike on a photo and on a film scan. */
export const PENS = { thin: 0.003, medium: 0.006, thick: 0.012 } as const;
export type Pen = keyof typeof PENS;

/** Width in pixels of the image, within what the server takes. */
export function penWidth(pen: Pen, imageWidth: number): number {
  return Math.min(200, Math.max(0.5, Math.round(PENS[pen] * imageWidth * 10) / 10));
}

/** The filled outline of a stroke as path data ('' for none). */
export function outline(points: readonly Point[], width: number): string {
  const ring = getStroke(points as number[][], {
    size: width,
    thinning: 0.4,
    smoothing: 0.5,
    streamline: 0.3,
    simulatePressure: points.every(([, , pressure]) => pressure === 0.5),
  });
  const [first, ...rest] = ring;
  if (!first) return '';
  return `M${at(first)}${rest.map((point) => `L${at(point)}`).join('')}Z`;
}

const at = ([x = 0, y = 0]: readonly number[]) => `${x.toFixed(1)} ${y.toFixed(1)}`;

/** Where on the image a pointer is. box: where the image is shown; null when outside of it. */
export function onImage(
  pointer: { clientX: number; clientY: number; pressure: number },
  box: { left: number; top: number; width: number; height: number },
  image: { width: number; height: number },
): Point | null {
  const x = ((pointer.clientX - box.left) / box.width) * image.width;
  const y = ((pointer.clientY - box.top) / box.height) * image.height;
  if (x < 0 || y < 0 || x > image.width || y > image.height) return null;
  return [round(x), round(y), Math.round((pointer.pressure || 0.5) * 100) / 100];
}

const round = (value: number) => Math.round(value * 10) / 10;

/** Whether a point is far enough from the one before to matter for a line of this width. */
export function matters(previous: Point | undefined, point: Point, width: number): boolean {
  if (!previous) return true;
  const [x0 = 0, y0 = 0] = previous;
  const [x1 = 0, y1 = 0] = point;
  return Math.hypot(x1 - x0, y1 - y0) >= Math.max(0.5, width / 4);
}
