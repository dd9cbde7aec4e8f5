/**
 * A part of a page that brings itself up to date when the server says that it changed.
 *
 * `<div data-island="live" data-event="inbox:changed" data-refresh-url="…">` puts what the address
 * gives in its place. With `data-consultation` it hears of that case. Without an address the whole
 * page is loaded anew, unless somebody is writing on it: then it offers to.
 */
import { t } from '../lib/i18n';
import { openLine, Refused } from '../lib/socket';

/** Several things change in one step of a case; the page asks once. */
const PAUSE_MS = 250;

export function mount(el: HTMLElement): () => void {
  const line = openLine();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wasOpen = false;
  const refresh = () => {
    clearTimeout(timer);
    timer = setTimeout(() => bringUpToDate(el).catch(reportError), PAUSE_MS);
  };
  const unlisten = line.listen({
    message: (message) => {
      if (message.type === el.dataset.event && concerns(el, message)) refresh();
    },
    open: (isOpen) => {
      if (!isOpen) return;
      watch(el);
      // What happened while the line was broken was not heard.
      if (wasOpen) refresh();
      wasOpen = true;
    },
  });

  function watch({ dataset }: HTMLElement): void {
    if (!dataset.consultation) return;
    line
      .send('case:watch', { consultation: Number(dataset.consultation) })
      .catch((error: unknown) => {
        if (!(error instanceof Refused)) reportError(error);
      });
  }

  return () => {
    clearTimeout(timer);
    unlisten();
    line.release();
  };
}

function concerns({ dataset }: HTMLElement, message: object): boolean {
  return !('consultation' in message) || String(message.consultation) === dataset.consultation;
}

async function bringUpToDate(el: HTMLElement): Promise<void> {
  const url = el.dataset.refreshUrl;
  if (url) await replaceContent(el, url);
  else if (isBeingWrittenOn()) offerReload(el);
  else location.reload();
}

async function replaceContent(el: HTMLElement, url: string): Promise<void> {
  const response = await fetch(url, { credentials: 'same-origin' });
  // Signed out meanwhile: the sign-in page does not belong into a part of this one.
  if (!response.ok || response.redirected) return;
  const focused = placeOf(el, document.activeElement);
  el.innerHTML = await response.text();
  focused?.(el)?.focus({ preventScroll: true });
}

/** How to find the focused element again: by its id, else by where it leads. */
function placeOf(
  el: HTMLElement,
  focused: Element | null,
): ((el: HTMLElement) => HTMLElement | null) | undefined {
  if (!focused || !el.contains(focused)) return undefined;
  const href = focused.getAttribute('href');
  const selector = focused.id
    ? `#${CSS.escape(focused.id)}`
    : href && `${focused.tagName}[href="${CSS.escape(href)}"]`;
  return selector ? (within) => within.querySelector<HTMLElement>(selector) : undefined;
}

function isBeingWrittenOn(): boolean {
  const fields = document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(
    'textarea, input:not([type="hidden"])',
  );
  return (
    document.querySelector('dialog[open]') !== null ||
    [...fields].some(
      (field) => field === document.activeElement || field.value !== field.defaultValue,
    )
  );
}

function offerReload(el: HTMLElement): void {
  if (el.querySelector(':scope > .live-note')) return;
  const note = document.createElement('p');
  note.className = 'alert alert--info live-note';
  note.setAttribute('role', 'status');
  const link = document.createElement('a');
  link.href = location.href;
  link.textContent = t('live.reload');
  note.append(t('live.changed'), ' ', link);
  el.prepend(note);
}
