/** From a pointer's moves to strokes and previews; knows no screen. */
import type { Point, StrokeData } from '../protocol';
import { MOST_POINTS, matters } from './stroke';

const PREVIEW_MS = 33;

export interface Paper {
  record: number;
  width: number;
}

export class PenStroke {
  private key: string;
  private points: Point[] = [];
  private shown = 0;
  private shownAt = 0;

  constructor(
    private readonly paper: Paper,
    private readonly newKey: () => string,
    private readonly hears: {
      /** The points that are new since the last preview. */
      preview(stroke: StrokeData): void;
      finished(stroke: StrokeData): void;
    },
  ) {
    this.key = newKey();
  }

  /** The stroke so far, for showing it to whoever draws it. */
  get current(): StrokeData {
    return { ...this.paper, key: this.key, points: this.points };
  }

  move(point: Point, now: number): void {
    if (!matters(this.points.at(-1), point, this.paper.width)) return;
    this.points = [...this.points, point];
    if (this.points.length >= MOST_POINTS) this.goOn(point);
    else if (now - this.shownAt >= PREVIEW_MS) this.preview(now);
  }

  /** The pen is lifted. A stroke of which nothing was on the image is none. */
  lift(): void {
    if (this.points.length > 0) this.hears.finished(this.current);
    this.points = [];
  }

  private preview(now: number): void {
    this.hears.preview({ ...this.current, points: this.points.slice(this.shown) });
    this.shown = this.points.length;
    this.shownAt = now;
  }

  private goOn(from: Point): void {
    this.lift();
    this.key = this.newKey();
    this.points = [from];
    this.shown = 0;
  }
}
