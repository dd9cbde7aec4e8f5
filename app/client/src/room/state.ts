/** All that is known of a room, from the messages about it. Pure; knows no socket and no screen. */
import { type Board, type BoardMessage, EMPTY, reduce as reduceBoard } from '../board/reduce';
import type { ClosedReason, Incoming, Logged, Member, Present, Snapshot } from '../protocol';

export interface ChatLine {
  number: number;
  author: number;
  at: string;
  /** Someone came or went, when it is not something said. */
  kind: 'said' | 'joined' | 'left';
  text: string;
}

export interface Room {
  /** The number of the last entry of the log that is known. */
  last: number;
  members: ReadonlyMap<number, Member>;
  present: readonly Present[];
  /** The record everybody was brought to, if any. */
  page: number | undefined;
  board: Board;
  chat: readonly ChatLine[];
  closed: ClosedReason | undefined;
}

export const EMPTY_ROOM: Room = {
  last: 0,
  members: new Map(),
  present: [],
  page: undefined,
  board: EMPTY,
  chat: [],
  closed: undefined,
};

export type RoomMessage =
  | Logged
  | Extract<Incoming, { type: 'room:present' | 'room:closed' }>
  | BoardMessage;

/** How an entry of the log follows on what is known: at once, not (seen already), or after a gap. */
export function follows(room: Room, entry: Logged): 'next' | 'seen' | 'gap' {
  if (entry.number <= room.last) return 'seen';
  return entry.number === room.last + 1 ? 'next' : 'gap';
}

/** The room as a newcomer is told of it; own strokes that are on their way stay so. */
export function entered(room: Room, snapshot: Snapshot & { present: Present[] }): Room {
  const started = {
    ...EMPTY_ROOM,
    board: { ...EMPTY, pending: room.board.pending },
    present: snapshot.present,
  };
  return caughtUp(withMembers(started, snapshot.present), snapshot);
}

/** The room with what was missed. */
export function caughtUp(room: Room, snapshot: Snapshot): Room {
  const fresh = snapshot.entries.filter((entry) => entry.number > room.last);
  const replayed = fresh.reduce<Room>(reduce, withMembers(room, snapshot.members));
  return { ...replayed, last: Math.max(room.last, snapshot.last) };
}

export function reduce(room: Room, message: RoomMessage): Room {
  switch (message.type) {
    case 'room:present':
      return { ...withMembers(room, message.present), present: message.present };
    case 'room:closed':
      return { ...room, closed: message.reason };
    case 'stroke:drawn':
    case 'stroke:dropped':
    case 'stroke:preview':
      return { ...room, board: reduceBoard(room.board, message) };
    case 'stroke:added':
    case 'stroke:undone':
      return { ...room, last: message.number, board: reduceBoard(room.board, message) };
    case 'page:turned':
      return { ...room, last: message.number, page: message.record };
    case 'chat:said':
      return withLine(room, message, 'said', message.text);
    case 'person:joined':
      return withLine(room, message, 'joined');
    case 'person:left':
      return withLine(room, message, 'left');
    default:
      return message satisfies never;
  }
}

function withLine(room: Room, entry: Logged, kind: ChatLine['kind'], text = ''): Room {
  const { number, author, at } = entry;
  return { ...room, last: number, chat: [...room.chat, { number, author, at, kind, text }] };
}

function withMembers(room: Room, members: readonly Member[]): Room {
  const known = new Map(room.members);
  for (const { id, name, place } of members) known.set(id, { id, name, place });
  return { ...room, members: known };
}
