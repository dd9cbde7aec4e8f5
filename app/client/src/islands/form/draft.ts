/** Keeps a draft on the server while a person fills in a form. */
import { HttpError, putJson } from '../../lib/http';
import { t } from '../../lib/i18n';

const QUIET_MS = 1000;
const RETRY_MS = 10_000;

export interface Draft {
  /** Something may have changed. */
  touch(): void;
  /** No saving while `run` is under way; what changed before or meanwhile is saved only if it fails. */
  hold<T>(run: () => Promise<T>): Promise<T>;
  /** The page is left: save what is not saved yet, then stop. */
  leave(): void;
  /** Save no more. */
  stop(): void;
}

export interface DraftOptions {
  url: string;
  /** What would be saved now. */
  read(): unknown;
  /** Tell the person. */
  say(text: string): void;
  /** The task is no longer this person's to work on. */
  onConflict(): void;
}

/** Save one second after the last change and when the page is hidden; what is saved already is not sent. */
export function keepDraft({ url, read, say, onConflict }: DraftOptions): Draft {
  let saved = JSON.stringify(read());
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isHeld = false;
  let isStopped = false;
  let isSaving = false;

  const later = (delay: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void save(), delay);
  };

  async function save(options: { keepalive?: boolean } = {}): Promise<void> {
    clearTimeout(timer);
    const body = read();
    const text = JSON.stringify(body);
    if (isHeld || isStopped || text === saved) return;
    // Two saves at once could arrive in the wrong order.
    if (isSaving && !options.keepalive) return later(QUIET_MS);
    isSaving = true;
    say(t('form.draft.saving'));
    try {
      await putJson(url, body, options);
      saved = text;
      if (!isStopped) say(t('form.draft.saved', { time: clock() }));
    } catch (error) {
      if (!isStopped) failed(error);
    } finally {
      isSaving = false;
    }
  }

  function failed(error: unknown): void {
    if (!(error instanceof HttpError)) throw error;
    if (error.status === 409) {
      onConflict();
    } else if (error.status >= 400 && error.status < 500) {
      say(t('form.draft.refused', { reason: error.message }));
    } else {
      say(t('form.draft.failed'));
      later(RETRY_MS);
    }
  }

  function stop(): void {
    isStopped = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', onHidden);
    window.removeEventListener('online', onOnline);
  }

  const onHidden = () => {
    if (document.visibilityState === 'hidden') void save({ keepalive: true });
  };
  const onOnline = () => void save();
  document.addEventListener('visibilitychange', onHidden);
  window.addEventListener('online', onOnline);

  return {
    touch() {
      if (!isHeld && !isStopped && JSON.stringify(read()) !== saved) later(QUIET_MS);
    },
    async hold(run) {
      isHeld = true;
      clearTimeout(timer);
      try {
        return await run();
      } finally {
        isHeld = false;
      }
    },
    leave() {
      void save({ keepalive: true });
      stop();
    },
    stop,
  };
}

function clock(): string {
  return new Date().toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit' });
}
