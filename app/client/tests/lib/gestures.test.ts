import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Change, change, watchGestures } from '../../src/lib/gestures';

test('one finger moves and never scales', () => {
  const moved = change([{ x: 10, y: 10 }], [{ x: 25, y: 4 }]);
  expect(moved).toMatchObject({ dx: 15, dy: -6, factor: 1 });
});

test('two fingers scale about their middle and move with it', () => {
  const before = [
    { x: 100, y: 100 },
    { x: 200, y: 100 },
  ];
  const after = [
    { x: 60, y: 110 },
    { x: 260, y: 110 },
  ];
  expect(change(before, after)).toEqual({ dx: 10, dy: 10, factor: 2, centre: { x: 150, y: 100 } });
});

test('fingers on one spot do not scale without bounds', () => {
  const spot = { x: 5, y: 5 };
  expect(change([spot, spot], [spot, { x: 50, y: 5 }]).factor).toBe(1);
});

const el = document.createElement('div');
el.setPointerCapture = () => {};
let reported: Change[] = [];
let stop = () => {};

beforeEach(() => {
  reported = [];
  stop = watchGestures(el, (seen) => reported.push(seen));
});
afterEach(() => stop());

function point(type: string, x: number, y: number, pointerId = 1) {
  el.dispatchEvent(new PointerEvent(type, { clientX: x, clientY: y, pointerId, button: 0 }));
}

test('a tap with a trembling finger is no pan, a drag is', () => {
  point('pointerdown', 100, 100);
  point('pointermove', 103, 101);
  point('pointerup', 103, 101);
  expect(reported).toEqual([]);

  point('pointerdown', 100, 100);
  point('pointermove', 120, 100);
  point('pointermove', 121, 100);
  point('pointerup', 121, 100);
  expect(reported.map(({ dx }) => dx)).toEqual([20, 1]);
});

test('a pointer that was lifted, or never pressed, moves nothing', () => {
  point('pointermove', 300, 300);
  point('pointerdown', 100, 100);
  point('pointerup', 100, 100);
  point('pointermove', 300, 300);
  expect(reported).toEqual([]);
});

test('the wheel scrolls the page unless Ctrl is held', () => {
  const wheel = (ctrlKey: boolean) => {
    const event = new WheelEvent('wheel', { deltaY: -400, cancelable: true });
    // happy-dom's wheel event leaves out what every mouse event has.
    Object.assign(event, { ctrlKey, clientX: 0, clientY: 0 });
    el.dispatchEvent(event);
    return event.defaultPrevented;
  };

  expect(wheel(false)).toBe(false);
  expect(wheel(true)).toBe(true);
  expect(reported).toHaveLength(1);
  expect(reported[0]?.factor).toBeCloseTo(Math.E);
});

test('nothing is heard after stopping', () => {
  const report = vi.fn();
  watchGestures(el, report)();
  point('pointerdown', 0, 0);
  point('pointermove', 50, 50);
  expect(report).not.toHaveBeenCalled();
});
