/**
 * The process studio: a draft, and panels to look at it and change it.
 *
 * `<div data-island="studio" data-url="/api/studio/<key>" data-may-edit>`; the address gives a
 * Loaded. `#forms/review` in the page's address shows the form "review"; `#diagram/start` selects.
 */
import { render } from 'preact';
import '../styles/studio.css';
import { getJson, HttpError } from '../lib/http';
import type { Loaded } from '../studio/content';
import { KeptDraft, type Place } from '../studio/draft';
import { keepChecked } from '../studio/lint/watch';
import { panels } from '../studio/panels';
import { Studio } from '../studio/Studio';
import { t } from '../studio/words/shell';

/** After this the page is calm enough to fetch the editor of diagrams, which is large. */
const CALM_MS = 1000;

export function mount(el: HTMLElement): () => void {
  const left = new AbortController();
  let draft: KeptDraft | undefined;
  let uncheck: (() => void) | undefined;
  const open = async () => {
    const url = el.dataset.url ?? '';
    const place = placeOf(location.hash);
    fetchCode(place.panel); // while the draft is on its way
    const loaded = await getJson<Loaded>(url, { signal: left.signal });
    draft = new KeptDraft(url, loaded, 'mayEdit' in el.dataset, place);
    draft.start();
    uncheck = keepChecked(draft);
    el.replaceChildren();
    render(<Studio draft={draft} loaded={loaded} />, el);
    setTimeout(() => fetchCode('diagram'), CALM_MS);
  };
  const warn = (event: BeforeUnloadEvent) => {
    if (draft && draft.saved.value !== 'saved') event.preventDefault();
  };
  window.addEventListener('beforeunload', warn);
  render(<p class="studio__note">{t('studio.loading')}</p>, el);
  open().catch((error: unknown) => {
    if (left.signal.aborted) return;
    if (!(error instanceof HttpError)) throw error;
    render(
      <p class="alert alert--error" role="alert">
        {t('studio.failed', { reason: error.message })}
      </p>,
      el,
    );
  });
  return () => {
    left.abort();
    window.removeEventListener('beforeunload', warn);
    uncheck?.();
    draft?.stop();
    render(null, el);
  };
}

/** Before it is asked for; the panel itself says so where it cannot be had. */
function fetchCode(panel: string): void {
  panels
    .find(({ id }) => id === panel)
    ?.load()
    .catch(() => {});
}

/** `#panel/item`, the first panel where there is none of that name. */
export function placeOf(hash: string): Place {
  const [panel = '', item = ''] = hash.slice(1).split('/').map(decodeURIComponent);
  const known = panels.some(({ id }) => id === panel);
  return { panel: known ? panel : (panels[0]?.id ?? ''), item: (known && item) || null };
}
