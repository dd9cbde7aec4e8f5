import { describe, expect, it } from 'vitest';
import { type Board, EMPTY, lastOf, reduce, type Stroke, shownOn } from '../../src/board/reduce';

const ME = 1;
const OTHER = 2;

function stroke(key: string, author = ME, record = 7): Stroke {
  return { key, record, width: 4, points: [[1, 2, 0.5]], author };
}

function added(key: string, number: number, author = ME) {
  return { type: 'stroke:added' as const, at: '', ...stroke(key, author), number };
}

const keys = (board: Board, record = 7) => shownOn(board, record).map(({ key }) => key);

describe('the board', () => {
  it('shows a stroke of one’s own before the server has it, and once when it has', () => {
    const drawn = reduce(EMPTY, { type: 'stroke:drawn', stroke: stroke('a') });
    expect(keys(drawn)).toEqual(['a']);
    const kept = reduce(drawn, added('a', 3));
    expect(keys(kept)).toEqual(['a']);
    expect(kept.pending).toEqual([]);
  });

  it('does not take another person’s key for its own', () => {
    const drawn = reduce(EMPTY, { type: 'stroke:drawn', stroke: stroke('a') });
    expect(reduce(drawn, added('a', 3, OTHER)).pending).toHaveLength(1);
  });

  it('lets a refused stroke go', () => {
    const drawn = reduce(EMPTY, { type: 'stroke:drawn', stroke: stroke('a') });
    expect(keys(reduce(drawn, { type: 'stroke:dropped', key: 'a' }))).toEqual([]);
  });

  it('grows a preview by what is new and replaces it by the stroke', () => {
    const first = { type: 'stroke:preview' as const, ...stroke('p', OTHER) };
    const second = { ...first, points: [[3, 4, 0.5]] };
    const growing = [first, second].reduce(reduce, EMPTY);
    expect(shownOn(growing, 7)[0]?.points).toEqual([
      [1, 2, 0.5],
      [3, 4, 0.5],
    ]);
    const kept = reduce(growing, added('p', 4, OTHER));
    expect(keys(kept)).toEqual(['p']);
    expect(kept.previews.size).toBe(0);
  });

  it('shows a stroke once however often it is told', () => {
    expect(keys([added('a', 3), added('a', 3)].reduce(reduce, EMPTY))).toEqual(['a']);
  });

  it('takes back by number', () => {
    const board = [added('a', 3), added('b', 4)].reduce(reduce, EMPTY);
    const undone = { type: 'stroke:undone' as const, number: 5, author: ME, at: '', stroke: 3 };
    expect(keys(reduce(board, undone))).toEqual(['b']);
  });

  it('finds the last stroke one may take back on a record', () => {
    const board = [added('a', 3), added('b', 4), added('c', 5, OTHER)].reduce(reduce, EMPTY);
    expect(lastOf(board, ME, 7)).toBe(4);
    expect(lastOf(board, ME, 8)).toBeUndefined();
  });

  it('shows strokes on their own record only', () => {
    expect(keys(reduce(EMPTY, added('a', 3)), 8)).toEqual([]);
  });
});
