/**
 * Every message of the sockets. The same shapes as signaling/messages.py; tests/protocol/*.json is
 * read by the tests of both sides.
 */

/** x, y in pixels of the record's natural size; pressure 0..1. */
export type Point = number[];

// -- What a page sends ----------------------------------------------------------------------

export interface StrokeData {
  /** The drawing browser's own name for the stroke; sent twice, it is still one. */
  key: string;
  record: number;
  width: number;
  points: Point[];
}

export interface IceCandidate {
  candidate?: string;
  sdpMid?: string | null;
  sdpMLineIndex?: number | null;
  usernameFragment?: string | null;
}

export interface Outgoing {
  'case:watch': { consultation: number };
  'room:join': { consultation: number };
  'room:leave': Record<string, never>;
  'room:missed': { after: number };
  'room:media': { camera: boolean; microphone: boolean };
  'call:offer': { to: number; sdp: string };
  'call:answer': { to: number; sdp: string };
  'call:candidate': { to: number; candidate: IceCandidate | null };
  'stroke:preview': StrokeData;
  'stroke:add': StrokeData;
  'stroke:undo': { number: number };
  'page:turn': { record: number };
  'chat:say': { key: string; text: string };
}

// -- What acknowledgements bring, beside `ok` -----------------------------------------------

export interface Member {
  id: number;
  name: string;
  /** Of the person for the room's life: the colour of their pen. */
  place: number;
}

export interface Present extends Member {
  camera: boolean;
  microphone: boolean;
}

export interface Snapshot {
  room: number;
  last: number;
  members: Member[];
  entries: Logged[];
}

export interface Answers {
  'case:watch': object;
  'room:join': Snapshot & { present: Present[] };
  'room:leave': object;
  'room:missed': Snapshot;
  'room:media': object;
  'call:offer': object;
  'call:answer': object;
  'call:candidate': object;
  'stroke:preview': object;
  'stroke:add': { number: number };
  'stroke:undo': { number: number };
  'page:turn': { number: number };
  'chat:say': { number: number };
}

// -- What a page is told --------------------------------------------------------------------

/** Entries of the room's log: numbered 1, 2, 3… without a gap. */
interface Entry {
  number: number;
  author: number;
  at: string;
}

export type Logged =
  | (Entry & StrokeData & { type: 'stroke:added' })
  | (Entry & { type: 'stroke:undone'; stroke: number })
  | (Entry & { type: 'chat:said'; key: string; text: string })
  | (Entry & { type: 'page:turned'; record: number })
  | (Entry & { type: 'person:joined' })
  | (Entry & { type: 'person:left' });

export type ClosedReason = 'closed' | 'removed' | 'elsewhere';

export type Incoming =
  | Logged
  | (StrokeData & { type: 'stroke:preview'; author: number })
  | { type: 'room:present'; present: Present[] }
  | { type: 'room:closed'; reason: ClosedReason }
  | { type: 'call:offer'; from: number; sdp: string }
  | { type: 'call:answer'; from: number; sdp: string }
  | { type: 'call:candidate'; from: number; candidate: IceCandidate | null }
  | { type: 'case:changed'; consultation: number }
  | { type: 'inbox:changed' }
  | { type: 'notices:changed' };

type Kind = 'number' | 'string' | 'list' | 'object or null';

const ENTRY = { number: 'number', author: 'number', at: 'string' } as const;
const STROKE = { key: 'string', record: 'number', width: 'number', points: 'list' } as const;
const FIELDS: Record<Incoming['type'], Record<string, Kind>> = {
  'stroke:added': { ...ENTRY, ...STROKE },
  'stroke:undone': { ...ENTRY, stroke: 'number' },
  'chat:said': { ...ENTRY, key: 'string', text: 'string' },
  'page:turned': { ...ENTRY, record: 'number' },
  'person:joined': ENTRY,
  'person:left': ENTRY,
  'stroke:preview': { ...STROKE, author: 'number' },
  'room:present': { present: 'list' },
  'room:closed': { reason: 'string' },
  'call:offer': { from: 'number', sdp: 'string' },
  'call:answer': { from: 'number', sdp: 'string' },
  'call:candidate': { from: 'number', candidate: 'object or null' },
  'case:changed': { consultation: 'number' },
  'inbox:changed': {},
  'notices:changed': {},
};

/** The message as what it says it is, or null: a page older than its server must not stumble. */
export function parse(value: unknown): Incoming | null {
  if (typeof value !== 'object' || value === null || !('type' in value)) return null;
  const fields = Object.hasOwn(FIELDS, String(value.type))
    ? FIELDS[value.type as Incoming['type']]
    : undefined;
  if (!fields) return null;
  const given = value as Record<string, unknown>;
  const fits = Object.entries(fields).every(([name, kind]) => is(kind, given[name]));
  return fits ? (value as Incoming) : null;
}

function is(kind: Kind, value: unknown): boolean {
  switch (kind) {
    case 'number':
      return typeof value === 'number';
    case 'string':
      return typeof value === 'string';
    case 'list':
      return Array.isArray(value);
    case 'object or null':
      return typeof value === 'object' && value !== undefined;
  }
}

/** Whether a message is an entry of the room's log. */
export function isLogged(message: Incoming): message is Logged {
  return 'number' in message;
}
