import { describe, expect, it } from 'vitest';
import { shownOn } from '../../src/board/reduce';
import type { Logged, Present, Snapshot } from '../../src/protocol';
import { caughtUp, EMPTY_ROOM, entered, follows, type Room, reduce } from '../../src/room/state';

const at = '2026-03-02T01:00:00+00:00';
const LI: Present = { id: 1, name: '李示例', place: 0, camera: true, microphone: true };
const said = (number: number, text = '你好'): Logged => ({
  type: 'chat:said',
  number,
  author: 1,
  at,
  key: `k${number}`,
  text,
});
const drawn = (number: number, key: string): Logged => ({
  type: 'stroke:added',
  number,
  author: 1,
  at,
  key,
  record: 7,
  width: 4,
  points: [[1, 1, 0.5]],
});
const snapshot = (last: number, ...entries: Logged[]): Snapshot & { present: Present[] } => ({
  room: 1,
  last,
  members: [LI],
  entries,
  present: [LI],
});
const inRoom = (last: number): Room => ({ ...EMPTY_ROOM, last });

describe('a room', () => {
  it('is what a newcomer is told', () => {
    const room = entered(EMPTY_ROOM, snapshot(6, said(2), drawn(4, 'a')));
    expect(room.last).toBe(6);
    expect(room.chat.map(({ text }) => text)).toEqual(['你好']);
    expect(shownOn(room.board, 7)).toHaveLength(1);
    expect(room.members.get(1)?.name).toBe('李示例');
  });

  it('keeps own strokes that never arrived when it is entered again', () => {
    const stroke = { key: 'b', record: 7, width: 4, points: [[1, 1, 0.5]], author: 1 };
    const before = reduce(reduce(inRoom(3), { type: 'stroke:drawn', stroke }), said(4));
    const again = entered(before, snapshot(5, drawn(2, 'a')));
    expect(shownOn(again.board, 7).map(({ key }) => key)).toEqual(['a', 'b']);
    expect(again.chat).toEqual([]);
  });

  it('sends nothing twice that arrived although its answer was lost', () => {
    const stroke = { key: 'a', record: 7, width: 4, points: [[1, 1, 0.5]], author: 1 };
    const before = reduce(inRoom(3), { type: 'stroke:drawn', stroke });
    expect(entered(before, snapshot(4, drawn(4, 'a'))).board.pending).toEqual([]);
  });

  it('knows what follows, what it has seen, and what is missing', () => {
    expect(follows(inRoom(3), said(4))).toBe('next');
    expect(follows(inRoom(3), said(3))).toBe('seen');
    expect(follows(inRoom(3), said(5))).toBe('gap');
  });

  it('catches up without saying anything twice', () => {
    const room = [said(1), said(2)].reduce(reduce, EMPTY_ROOM);
    const now = caughtUp(room, snapshot(5, said(2), said(3), said(5)));
    expect(now.chat.map(({ number }) => number)).toEqual([1, 2, 3, 5]);
    expect(now.last).toBe(5);
  });

  it('shows the record everybody was brought to', () => {
    const turned: Logged = { type: 'page:turned', number: 1, author: 1, at, record: 9 };
    expect(reduce(EMPTY_ROOM, turned).page).toBe(9);
  });

  it('tells who came and went', () => {
    const joined: Logged = { type: 'person:joined', number: 1, author: 1, at };
    const left: Logged = { type: 'person:left', number: 2, author: 1, at };
    expect([joined, left].reduce(reduce, EMPTY_ROOM).chat.map(({ kind }) => kind)).toEqual([
      'joined',
      'left',
    ]);
  });

  it('is over when it is over', () => {
    expect(reduce(EMPTY_ROOM, { type: 'room:closed', reason: 'removed' }).closed).toBe('removed');
  });
});
