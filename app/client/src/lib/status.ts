/** Short messages from islands: shown in a corner for a while and read out by screen readers. */
import { t } from './i18n';

export type Kind = 'info' | 'success' | 'error';

const SHOWN_MS = 6000;

/**
 * Show and announce `message`. An error stays until it is dismissed: one who was looking at the
 * patient must still find it.
 */
export function notify(message: string, kind: Kind = 'info'): void {
  const toast = document.createElement('div');
  toast.className = `toast toast--${kind}`;
  const text = document.createElement('p');
  text.textContent = message;
  toast.append(
    text,
    closeButton(() => toast.remove()),
  );
  regionFor(kind).append(toast);
  if (kind !== 'error') setTimeout(() => toast.remove(), SHOWN_MS);
}

/** The page's live region for `kind`; base.html brings both, so that readers know them from the start. */
function regionFor(kind: Kind): HTMLElement {
  const politeness = kind === 'error' ? 'assertive' : 'polite';
  const found = document.querySelector<HTMLElement>(`.toasts[aria-live="${politeness}"]`);
  if (found) return found;
  const region = document.createElement('div');
  region.className = 'toasts';
  region.setAttribute('aria-live', politeness);
  document.body.append(region);
  return region;
}

function closeButton(close: () => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'toast__close';
  button.setAttribute('aria-label', t('status.close'));
  button.textContent = '×';
  button.addEventListener('click', close);
  return button;
}
