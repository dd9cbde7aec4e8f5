/** What stands on the board: strokes that are kept, those on their way, those being drawn. Pure. */
import type { Logged, Point, StrokeData } from '../protocol';

export interface Stroke extends StrokeData {
  author: number;
  /** Its number in the room's log; undefined until the server has it. */
  number?: number;
}

export interface Board {
  /** In the order of the log: later ones lie on top. */
  strokes: readonly Stroke[];
  /** One's own, drawn and not yet acknowledged; shown all the same and sent again if need be. */
  pending: readonly Stroke[];
  /** Other people's strokes under way, by key. */
  previews: ReadonlyMap<string, Stroke>;
}

export type BoardMessage =
  | Extract<Logged, { type: 'stroke:added' | 'stroke:undone' }>
  | (StrokeData & { type: 'stroke:preview'; author: number })
  | { type: 'stroke:drawn'; stroke: Stroke }
  | { type: 'stroke:dropped'; key: string };

export const EMPTY: Board = { strokes: [], pending: [], previews: new Map() };

export function reduce(board: Board, message: BoardMessage): Board {
  switch (message.type) {
    case 'stroke:drawn':
      return { ...board, pending: [...board.pending, message.stroke] };
    case 'stroke:dropped':
      return { ...board, pending: board.pending.filter(({ key }) => key !== message.key) };
    case 'stroke:preview':
      return { ...board, previews: grown(board.previews, message) };
    case 'stroke:added':
      return added(board, message);
    case 'stroke:undone':
      return {
        ...board,
        strokes: board.strokes.filter(({ number }) => number !== message.stroke),
      };
    default:
      return message satisfies never;
  }
}

function added(board: Board, stroke: Stroke): Board {
  const isSame = (other: Stroke) => other.key === stroke.key && other.author === stroke.author;
  const previews = new Map(board.previews);
  previews.delete(stroke.key);
  return {
    strokes: [...board.strokes.filter((other) => other.number !== stroke.number), stroke],
    pending: board.pending.filter((other) => !isSame(other)),
    previews,
  };
}

/** Previews bring only the points that are new. */
function grown(
  previews: ReadonlyMap<string, Stroke>,
  { key, record, width, points, author }: Stroke,
): ReadonlyMap<string, Stroke> {
  const known: Point[] = previews.get(key)?.points ?? [];
  return new Map(previews).set(key, { key, record, width, author, points: [...known, ...points] });
}

/** Everything to be seen on one record, bottom first. */
export function shownOn(board: Board, record: number): Stroke[] {
  return [...board.strokes, ...board.pending, ...board.previews.values()].filter(
    (stroke) => stroke.record === record,
  );
}

/** The number of the last stroke a person can take back on a record. */
export function lastOf(board: Board, author: number, record: number): number | undefined {
  return board.strokes.findLast((stroke) => stroke.author === author && stroke.record === record)
    ?.number;
}
