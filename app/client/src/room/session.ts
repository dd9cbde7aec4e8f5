/** One stay in a room: keeps its state true to the server's log and its calls to who is present. */
import { batch, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { lastOf, type Stroke } from '../board/reduce';
import { getJson } from '../lib/http';
import { t } from '../lib/i18n';
import { type Line, openLine, Refused } from '../lib/socket';
import { notify } from '../lib/status';
import { type Incoming, isLogged, type Logged, type StrokeData } from '../protocol';
import { type Media, openMedia } from './media';
import { type LinkState, Peer } from './peer';
import {
  caughtUp,
  EMPTY_ROOM,
  entered,
  follows,
  type Room,
  type RoomMessage,
  reduce,
} from './state';

/** What the page's template writes into data-config. */
export interface Config {
  consultation: number;
  me: number;
  /** Addresses: the records as JSON, the case's page. */
  records: string;
  back: string;
  iceServers: RTCIceServer[];
}

export interface MedicalRecord {
  id: number;
  title: string;
  kind: 'image' | 'pdf';
  url: string;
  width: number | null;
  height: number | null;
}

/** Another person's picture and sound. */
export interface Remote {
  peer: Peer;
  stream: MediaStream | undefined;
  state: LinkState;
}

type CallSignal = Extract<
  Incoming,
  { type: 'call:offer' } | { type: 'call:answer' } | { type: 'call:candidate' }
>;

const KEEP_ALIVE_MS = 5 * 60_000;
/** A name for a stroke or a line that no other browser gives. */
export const newKey = () => crypto.getRandomValues(new Uint32Array(3)).join('-');

export class Session {
  readonly room: Signal<Room> = signal(EMPTY_ROOM);
  readonly isOpen = signal(false);
  readonly media: Signal<Media | undefined> = signal(undefined);
  readonly camera = signal(false);
  readonly microphone = signal(false);
  readonly records: Signal<readonly MedicalRecord[] | undefined> = signal(undefined);
  readonly remotes: Signal<ReadonlyMap<number, Remote>> = signal(new Map());
  /** Why the room cannot be entered. */
  readonly refusal: Signal<string | undefined> = signal(undefined);

  private readonly line: Line = openLine();
  private readonly stops: (() => void)[] = [];
  private isEntered = false;
  private isEnded = false;
  /** What came before the room was entered, or while something was missing. */
  private waiting: Logged[] = [];
  /** Whoever hears of us first may call before we can answer. */
  private waitingSignals: CallSignal[] = [];
  private catchingUp: Promise<void> | undefined;

  constructor(readonly config: Config) {}

  /** Enter, and enter again after every break of the connection; meanwhile ask for the devices. */
  async start(): Promise<void> {
    this.stops.push(
      this.line.listen({
        message: (message) => this.hear(message),
        open: (isOpen) => (isOpen ? this.enter() : this.lose()),
      }),
    );
    // Looking and listening for an hour is being there: the sign-in must not go idle meanwhile.
    const alive = setInterval(() => this.loadRecords(), KEEP_ALIVE_MS);
    this.stops.push(() => clearInterval(alive));
    await Promise.all([this.loadRecords(), this.loadMedia()]);
  }

  stop(): void {
    this.isEnded = true;
    for (const stop of this.stops.splice(0)) stop();
    this.hangUp();
    if (this.media.value) stopTracks(this.media.value.stream);
    this.line.release();
  }

  draw(data: StrokeData): void {
    const stroke: Stroke = { ...data, author: this.config.me };
    this.apply({ type: 'stroke:drawn', stroke });
    this.post(stroke);
  }

  preview(data: StrokeData): void {
    if (this.isEntered) this.line.mention('stroke:preview', data);
  }

  async undo(record: number): Promise<void> {
    const number = lastOf(this.room.value.board, this.config.me, record);
    if (number !== undefined) await this.attempt(() => this.line.send('stroke:undo', { number }));
  }

  /** Whether it was said; if not, the writer keeps the text. */
  async say(text: string): Promise<boolean> {
    return this.attempt(() => this.line.send('chat:say', { key: newKey(), text }));
  }

  async turnTo(record: number): Promise<void> {
    if (this.room.value.page !== record)
      await this.attempt(() => this.line.send('page:turn', { record }));
  }

  toggle(what: 'camera' | 'microphone'): void {
    const stream = this.media.value?.stream;
    if (!stream) return;
    const tracks = what === 'camera' ? stream.getVideoTracks() : stream.getAudioTracks();
    if (tracks.length === 0) return;
    const isOn = !this[what].value;
    for (const track of tracks) track.enabled = isOn;
    this[what].value = isOn;
    if (this.isEntered) this.tellMedia();
  }

  private apply(message: RoomMessage): void {
    this.room.value = reduce(this.room.value, message);
  }

  // -- Entering and staying in step ---------------------------------------------------------

  private async enter(): Promise<void> {
    if (this.room.value.closed || this.refusal.value) return;
    try {
      const answer = await this.line.send('room:join', { consultation: this.config.consultation });
      this.hangUp();
      batch(() => {
        this.room.value = entered(this.room.value, answer);
        this.isOpen.value = true;
      });
      this.isEntered = true;
      this.replay();
      this.call();
      this.tellMedia();
      for (const stroke of this.room.value.board.pending) this.post(stroke);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // A lost line is entered again when it is back; anything else is final.
      if (error.code === 'offline' || error.code === 'timeout') return;
      this.refusal.value = error.message;
    }
  }

  private lose(): void {
    this.isEntered = false;
    this.isOpen.value = false;
    this.waitingSignals = [];
  }

  private hear(message: Incoming): void {
    if (isLogged(message)) {
      if (this.isEntered && !this.catchingUp) this.take(message);
      else this.waiting.push(message);
      return;
    }
    switch (message.type) {
      case 'room:present':
        this.apply(message);
        this.meet();
        return;
      case 'room:closed':
        this.apply(message);
        this.stop();
        return;
      case 'stroke:preview':
        this.apply(message);
        return;
      case 'call:offer':
      case 'call:answer':
      case 'call:candidate':
        if (this.canCall) this.takeSignal(message);
        else this.waitingSignals.push(message);
        return;
      case 'case:changed':
      case 'inbox:changed':
      case 'notices:changed':
        return;
      default:
        message satisfies never;
    }
  }

  private take(entry: Logged): void {
    switch (follows(this.room.value, entry)) {
      case 'seen':
        return;
      case 'next':
        if (entry.type === 'person:joined') this.hangUpOn(entry.author);
        this.apply(entry);
        return;
      case 'gap':
        this.waiting.push(entry);
        this.catchUp();
    }
  }

  private catchUp(): void {
    this.catchingUp ??= this.line
      .send('room:missed', { after: this.room.value.last })
      .then((snapshot) => {
        // Whoever came back meanwhile has a new page, which knows nothing of the old call.
        for (const entry of snapshot.entries)
          if (entry.type === 'person:joined') this.hangUpOn(entry.author);
        this.room.value = caughtUp(this.room.value, snapshot);
        this.meet();
      })
      .catch((error: unknown) => {
        if (!(error instanceof Refused)) reportError(error);
      })
      .finally(() => {
        this.catchingUp = undefined;
        this.replay();
      });
  }

  private replay(): void {
    const waiting = this.waiting.splice(0).sort((a, b) => a.number - b.number);
    for (const entry of waiting) if (follows(this.room.value, entry) === 'next') this.take(entry);
  }

  private async post({ author: _author, number: _number, ...data }: Stroke): Promise<void> {
    try {
      await this.line.send('stroke:add', data);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // On a lost line it waits for the next entry into the room.
      if (error.code === 'offline' || error.code === 'timeout') return;
      this.apply({ type: 'stroke:dropped', key: data.key });
      notify(error.message, 'error');
    }
  }

  private async attempt(action: () => Promise<unknown>): Promise<boolean> {
    try {
      await action();
      return true;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      notify(error.message, 'error');
      return false;
    }
  }

  private tellMedia(): void {
    const state = { camera: this.camera.value, microphone: this.microphone.value };
    this.line.mention('room:media', state);
  }

  private async loadMedia(): Promise<void> {
    const media = await openMedia();
    if (this.isEnded) return stopTracks(media.stream);
    batch(() => {
      this.media.value = media;
      this.camera.value = media.stream.getVideoTracks().length > 0;
      this.microphone.value = media.stream.getAudioTracks().length > 0;
    });
    if (!this.isEntered) return;
    this.tellMedia();
    this.call();
  }

  private async loadRecords(): Promise<void> {
    try {
      this.records.value = await getJson<MedicalRecord[]>(this.config.records);
    } catch (error) {
      this.records.value ??= [];
      if (error instanceof Error)
        notify(t('room.records.failed', { reason: error.message }), 'error');
    }
  }

  // -- Calls --------------------------------------------------------------------------------

  /**
   * Before the question about the devices is answered, a browser gives others an address that only
   * its own network can resolve: a call begun then may never connect.
   */
  private get canCall(): boolean {
    return this.isEntered && this.media.value !== undefined;
  }

  private call(): void {
    this.meet();
    if (!this.canCall) return;
    for (const signal of this.waitingSignals.splice(0)) this.takeSignal(signal);
  }

  /** Call everybody who is present, and drop whoever is gone. */
  private meet(): void {
    if (!this.canCall) return;
    const present = new Set(this.room.value.present.map(({ id }) => id));
    present.delete(this.config.me);
    for (const id of this.remotes.value.keys()) if (!present.has(id)) this.hangUpOn(id);
    for (const id of present) this.peerOf(id);
  }

  private peerOf(id: number): Peer {
    const known = this.remotes.value.get(id);
    if (known) return known.peer;
    const peer = new Peer(
      this.config.me > id,
      this.config.iceServers,
      this.media.value?.stream ?? new MediaStream(),
      {
        offer: (sdp) => this.relay('call:offer', { to: id, sdp }),
        answer: (sdp) => this.relay('call:answer', { to: id, sdp }),
        candidate: (candidate) => this.relay('call:candidate', { to: id, candidate }),
      },
      {
        stream: (stream) => this.change(id, peer, { stream }),
        state: (state) => this.change(id, peer, { state }),
      },
    );
    this.remotes.value = new Map(this.remotes.value).set(id, {
      peer,
      stream: undefined,
      state: 'connecting',
    });
    return peer;
  }

  private relay: Line['send'] = async (event, message) => {
    try {
      return await this.line.send(event, message);
    } catch (error) {
      // The other one just left, or the line broke: either way a new call follows.
      if (!(error instanceof Refused)) throw error;
      return {} as never;
    }
  };

  private takeSignal(message: CallSignal): void {
    const peer = this.peerOf(message.from);
    switch (message.type) {
      case 'call:offer':
        peer.describe('offer', message.sdp).catch(reportError);
        return;
      case 'call:answer':
        peer.describe('answer', message.sdp).catch(reportError);
        return;
      case 'call:candidate':
        peer.reachBy(message.candidate).catch(reportError);
        return;
      default:
        message satisfies never;
    }
  }

  private change(id: number, peer: Peer, change: Partial<Remote>): void {
    const known = this.remotes.value.get(id);
    if (known?.peer !== peer) return;
    this.remotes.value = new Map(this.remotes.value).set(id, { ...known, ...change });
  }

  private hangUpOn(id: number): void {
    this.waitingSignals = this.waitingSignals.filter(({ from }) => from !== id);
    const remotes = new Map(this.remotes.value);
    remotes.get(id)?.peer.close();
    if (remotes.delete(id)) this.remotes.value = remotes;
  }

  private hangUp(): void {
    for (const { peer } of this.remotes.value.values()) peer.close();
    this.remotes.value = new Map();
  }
}

/** The name of a person of the room, as far as it is known. */
export function nameOf(room: ReadonlySignal<Room>, id: number): string {
  return room.value.members.get(id)?.name ?? '';
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
