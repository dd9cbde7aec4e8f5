/** The draft a manager works on: kept on the server as one writes, by one person at a time. */
import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { getJson, HttpError, postJson, putJson, request } from '../lib/http';
import type { Content, Finding, Loaded, Lock, Remark, Vocabulary } from './content';

export const QUIET_MS = 800;
export const RETRY_MS = 5000;
/** A lock holds for two minutes; asking this often also shows soon that it is free again. */
export const RENEW_MS = 30_000;

export type Saved = 'saved' | 'saving' | 'unsaved' | 'conflict';

/** What every panel is given. */
export interface Draft {
  /** "/api/studio/<key>" */
  url: string;
  /** change() is the only way to write. */
  content: ReadonlySignal<Content>;
  change(part: Partial<Content>): void;
  /** Permission and lock. */
  mayEdit: ReadonlySignal<boolean>;
  saved: ReadonlySignal<Saved>;
  /** Everything written is on the server once this is fulfilled; rejects with HttpError. */
  save(): Promise<void>;
  revision(): number;
  /** Id of an element, shared by diagram, list, findings and remarks. */
  selected: Signal<string | null>;
  findings: Signal<readonly Finding[]>;
  remarks: Signal<readonly Remark[]>;
  vocabulary: Vocabulary;
  /** The panel in front, and what it is asked to show: id of an element, form, decision or notice. */
  place: ReadonlySignal<Place>;
  show(panel: string, item?: string | null): void;
}

export interface Place {
  panel: string;
  item: string | null;
}

/** A Draft that talks to the server. */
export class KeptDraft implements Draft {
  readonly #content: Signal<Content>;
  readonly #saved = signal<Saved>('saved');
  readonly #place: Signal<Place>;
  readonly vocabulary: Vocabulary;
  readonly selected = signal<string | null>(null);
  readonly findings = signal<readonly Finding[]>([]);
  readonly remarks: Signal<readonly Remark[]>;
  readonly lock: Signal<Lock>;
  /** Why the last attempt to save failed, in words; empty when it did not. */
  readonly problem = signal('');
  readonly mayEdit = computed(
    () => this.mayWrite && this.lock.value.is_mine && this.#saved.value !== 'conflict',
  );
  #revision: number;
  #unsaved: Partial<Content> = {};
  #saving: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #renewal: ReturnType<typeof setInterval> | undefined;

  constructor(
    readonly url: string,
    loaded: Loaded,
    readonly mayWrite: boolean,
    place: Place = { panel: 'diagram', item: null },
  ) {
    this.#content = signal(loaded.content);
    this.#revision = loaded.revision;
    this.#place = signal(place);
    this.#select(place);
    this.lock = signal(loaded.lock);
    this.remarks = signal(loaded.remarks);
    this.vocabulary = loaded.vocabulary;
  }

  get content(): ReadonlySignal<Content> {
    return this.#content;
  }

  get saved(): ReadonlySignal<Saved> {
    return this.#saved;
  }

  get place(): ReadonlySignal<Place> {
    return this.#place;
  }

  revision(): number {
    return this.#revision;
  }

  show(panel: string, item: string | null = null): void {
    this.#place.value = { panel, item };
    this.#select({ panel, item });
  }

  /** In the diagram and the list of it an item is an element. */
  #select({ panel, item }: Place): void {
    if (item && (panel === 'diagram' || panel === 'list')) this.selected.value = item;
  }

  change(part: Partial<Content>): void {
    if (!this.mayEdit.peek()) return;
    this.#content.value = { ...this.#content.peek(), ...part };
    this.#unsaved = { ...this.#unsaved, ...part };
    this.#saved.value = 'unsaved';
    this.#later(QUIET_MS);
  }

  /** Keep the lock, or wait for it, until stop(). */
  start(): void {
    void this.refresh();
    this.#renewal = setInterval(() => void this.refresh(), RENEW_MS);
    document.addEventListener('visibilitychange', this.#onVisibility);
    window.addEventListener('online', this.#onOnline);
  }

  /** The page is left: save what is not saved yet and let go of the lock. */
  stop(): void {
    clearInterval(this.#renewal);
    document.removeEventListener('visibilitychange', this.#onVisibility);
    window.removeEventListener('online', this.#onOnline);
    void this.#flush().then(() => this.#release());
  }

  /**
   * Take or renew the lock if one may write, and see what others wrote meanwhile.
   *
   * Nobody who only looks away keeps others from writing: a hidden page lets its lock run out.
   */
  async refresh(): Promise<void> {
    if (document.visibilityState === 'hidden' || this.#saved.peek() === 'conflict') return;
    try {
      if (this.mayWrite && (await this.#takeLock()) && this.#saved.peek() !== 'saved') return;
      this.#adopt(await getJson<Loaded>(this.url));
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      if (error.status !== 0) this.problem.value = error.message;
    }
  }

  async save(): Promise<void> {
    // Two at once would carry the same revision.
    while (this.#saving) await this.#saving.catch(() => {});
    if (!Object.keys(this.#unsaved).length) return;
    clearTimeout(this.#timer);
    this.#saving = this.#send().finally(() => {
      this.#saving = undefined;
    });
    await this.#saving;
  }

  /** After a conflict: drop what is not saved and go on from what the server has. */
  async takeTheirs(): Promise<void> {
    const loaded = await getJson<Loaded>(this.url);
    this.#unsaved = {};
    this.#saved.value = 'saved';
    this.#adopt(loaded);
  }

  /** After a conflict: write what is not saved over what the server has. */
  async keepMine(): Promise<void> {
    const { revision } = await getJson<Loaded>(this.url);
    this.lock.value = await postJson<Lock>(`${this.url}/lock`);
    this.#revision = revision;
    this.#saved.value = 'unsaved';
    await this.#flush();
  }

  /** Whether nobody else holds it. */
  async #takeLock(): Promise<boolean> {
    const lock = await postJson<Lock>(`${this.url}/lock`);
    // What was loaded while somebody else wrote may be old: it is mine once the new is here.
    if (!lock.is_mine || this.lock.peek().is_mine) this.lock.value = lock;
    return lock.is_mine;
  }

  #adopt({ revision, content, lock, remarks }: Loaded): void {
    this.remarks.value = remarks;
    if (this.#saving || this.#saved.peek() !== 'saved') {
      this.lock.value = lock;
      return;
    }
    if (revision !== this.#revision) this.#content.value = content;
    this.#revision = revision;
    this.lock.value = lock;
    this.problem.value = '';
  }

  async #send(): Promise<void> {
    const part = this.#unsaved;
    this.#unsaved = {};
    this.#saved.value = 'saving';
    try {
      const body = { revision: this.#revision, content: part };
      const { revision } = await putJson<{ revision: number }>(`${this.url}/content`, body);
      this.#revision = revision;
      this.problem.value = '';
      this.#saved.value = Object.keys(this.#unsaved).length ? 'unsaved' : 'saved';
    } catch (error) {
      this.#unsaved = { ...part, ...this.#unsaved };
      this.#saved.value = 'unsaved';
      if (error instanceof HttpError) this.#refused(error);
      throw error;
    }
  }

  #refused(error: HttpError): void {
    this.problem.value = error.message;
    if (error.status === 409) this.#saved.value = 'conflict';
    // What the server would refuse again waits for the next change.
    else if (error.status === 0 || error.status >= 500) this.#later(RETRY_MS);
  }

  #later(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#flush(), delay);
  }

  /** Save, the outcome being in `saved` and `problem`. */
  async #flush(): Promise<void> {
    try {
      await this.save();
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
    }
  }

  async #release(): Promise<void> {
    if (!this.mayWrite || !this.lock.peek().is_mine) return;
    await request('DELETE', `${this.url}/lock`, undefined, { keepalive: true }).catch(() => {});
  }

  #onVisibility = () => {
    if (document.visibilityState === 'hidden') void this.#flush();
    else void this.refresh();
  };

  #onOnline = () => {
    if (this.#saved.peek() === 'unsaved') void this.#flush();
  };
}
