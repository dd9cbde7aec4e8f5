/**
 * Moves the cases of a migration step by step, and shows how far it has come.
 *
 * `<div data-island="migration" data-url="/api/…/steps" data-total data-done>`; each POST moves the
 * next few cases and answers with the progress. The page is loaded anew when it is over.
 */
import { postJson } from '../lib/http';
import { t } from '../lib/i18n';

interface Progress {
  total: number;
  done: number;
  is_over: boolean;
}

export function mount(el: HTMLElement): () => void {
  const stop = new AbortController();
  const bar = document.createElement('progress');
  const text = document.createElement('p');
  text.setAttribute('role', 'status');
  const show = (done: number, total: number) => {
    bar.max = total;
    bar.value = done;
    text.textContent = t('migration.progress', { done, total });
  };
  bar.setAttribute('aria-label', t('migration.label'));
  show(Number(el.dataset.done), Number(el.dataset.total));
  const before = [...el.childNodes];
  el.replaceChildren(text, bar);
  run(el.dataset.url ?? '', stop.signal, show)
    .then(() => location.reload())
    .catch(() => {
      // The form that was there before goes on by hand.
      if (!stop.signal.aborted) el.replaceChildren(...before);
    });
  return () => stop.abort();
}

async function run(
  url: string,
  signal: AbortSignal,
  show: (done: number, total: number) => void,
): Promise<void> {
  for (;;) {
    const progress = await postJson<Progress>(url, {}, { signal });
    show(progress.done, progress.total);
    if (progress.is_over) return;
  }
}
