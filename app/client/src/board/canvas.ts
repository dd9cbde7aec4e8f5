/** Draws strokes over an image; knows where they are, not what they mean. */
import type { Stroke } from './reduce';
import { outline } from './stroke';

/** More pixels than this a canvas cannot hold on every device; beyond it lines get coarser. */
const MOST_PIXELS = 16_000_000;

export class StrokeCanvas {
  private readonly paths = new WeakMap<Stroke, Path2D>();
  private frame = 0;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly colourOf: (author: number) => string,
  ) {}

  /** Show `strokes` of an image of natural size `image`; drawn with the next frame. */
  show(strokes: readonly Stroke[], image: { width: number; height: number }): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw(strokes, image));
  }

  stop(): void {
    cancelAnimationFrame(this.frame);
  }

  private draw(strokes: readonly Stroke[], image: { width: number; height: number }): void {
    const shown = this.canvas.clientWidth * devicePixelRatio;
    const most = Math.sqrt(MOST_PIXELS / (image.width * image.height));
    const scale = Math.min(shown / image.width, most);
    this.canvas.width = Math.round(image.width * scale);
    this.canvas.height = Math.round(image.height * scale);
    const context = this.canvas.getContext('2d');
    if (!context) return;
    context.scale(scale, scale);
    for (const stroke of strokes) {
      context.fillStyle = this.colourOf(stroke.author);
      context.fill(this.pathOf(stroke));
    }
  }

  private pathOf(stroke: Stroke): Path2D {
    let path = this.paths.get(stroke);
    if (!path) {
      path = new Path2D(outline(stroke.points, stroke.width));
      this.paths.set(stroke, path);
    }
    return path;
  }
}
