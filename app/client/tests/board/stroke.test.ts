import { describe, expect, it } from 'vitest';
import { PenStroke } from '../../src/board/pen';
import { MOST_POINTS, matters, onImage, outline, penWidth } from '../../src/board/stroke';
import type { StrokeData } from '../../src/protocol';

const IMAGE = { width: 800, height: 600 };
const BOX = { left: 100, top: 50, width: 400, height: 300 };
const at = (clientX: number, clientY: number, pressure = 0.5) => ({ clientX, clientY, pressure });

describe('a pointer', () => {
  it('is where it is on the image, however large that is shown', () => {
    expect(onImage(at(100, 50), BOX, IMAGE)).toEqual([0, 0, 0.5]);
    expect(onImage(at(300, 200), BOX, IMAGE)).toEqual([400, 300, 0.5]);
    const zoomed = { left: -300, top: -250, width: 1600, height: 1200 };
    expect(onImage(at(500, 350, 0.8), zoomed, IMAGE)).toEqual([400, 300, 0.8]);
  });

  it('is nowhere beside the image', () => {
    expect(onImage(at(99, 60), BOX, IMAGE)).toBeNull();
    expect(onImage(at(501, 60), BOX, IMAGE)).toBeNull();
    expect(onImage(at(300, 351), BOX, IMAGE)).toBeNull();
  });

  it('presses as a mouse does when it knows no pressure', () => {
    expect(onImage(at(100, 50, 0), BOX, IMAGE)?.[2]).toBe(0.5);
  });
});

describe('a line', () => {
  it('is a closed outline around its points', () => {
    const path = outline(
      [
        [10, 10, 0.5],
        [60, 10, 0.5],
      ],
      4,
    );
    expect(path).toMatch(/^M[\d.]+ [\d.]+(L[\d.]+ [\d.]+)+Z$/);
    expect(outline([], 4)).toBe('');
  });

  it('has a width that looks alike on every image and that the server takes', () => {
    expect(penWidth('medium', 1000)).toBe(6);
    expect(penWidth('thin', 50)).toBe(0.5);
    expect(penWidth('thick', 60_000)).toBe(200);
  });

  it('keeps no points that cannot be told apart', () => {
    expect(matters(undefined, [1, 1, 0.5], 4)).toBe(true);
    expect(matters([1, 1, 0.5], [1.5, 1, 0.5], 4)).toBe(false);
    expect(matters([1, 1, 0.5], [2, 1, 0.5], 4)).toBe(true);
  });
});

describe('a pen', () => {
  function draw(points: number, msPerPoint = 10) {
    const previews: StrokeData[] = [];
    const finished: StrokeData[] = [];
    let keys = 0;
    const pen = new PenStroke({ record: 7, width: 4 }, () => `k${keys++}`, {
      preview: (stroke) => previews.push(stroke),
      finished: (stroke) => finished.push(stroke),
    });
    for (let i = 0; i < points; i += 1) pen.move([i * 2, 0, 0.5], 1000 + i * msPerPoint);
    pen.lift();
    return { previews, finished };
  }

  it('gives one stroke when it is lifted', () => {
    const { finished } = draw(10);
    expect(finished.map(({ key, points }) => [key, points.length])).toEqual([['k0', 10]]);
  });

  it('previews each point once, at most thirty times a second', () => {
    const { previews } = draw(100);
    const shown = previews.flatMap(({ points }) => points.map(([x]) => x));
    expect(shown).toEqual([...new Set(shown)]);
    expect(previews.length).toBeLessThanOrEqual(31);
    expect(previews.length).toBeGreaterThan(20);
  });

  it('goes on as a new stroke where the server would refuse a longer one', () => {
    const { finished } = draw(MOST_POINTS + 100);
    expect(finished.map(({ key }) => key)).toEqual(['k0', 'k1']);
    expect(finished.every(({ points }) => points.length <= MOST_POINTS)).toBe(true);
    expect(finished[1]?.points[0]).toEqual(finished[0]?.points.at(-1));
  });

  it('that never touched the image draws nothing', () => {
    expect(draw(0).finished).toEqual([]);
  });
});
