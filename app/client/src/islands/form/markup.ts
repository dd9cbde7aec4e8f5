/** What the markup of form-js lacks: our words for its hard-coded ones, and names for its groups. */
import { language } from '../../lib/i18n';
import { wordFor } from './words';

/** Amend what is below `root`, now and whenever form-js draws. Returns a function that stops. */
export function amendMarkup(root: HTMLElement): () => void {
  const amend = () => {
    translateSelects(root);
    nameGroups(root);
  };
  amend();
  const observer = new MutationObserver(amend);
  observer.observe(root, { childList: true, subtree: true, characterData: true });
  return () => observer.disconnect();
}

function translateSelects(root: HTMLElement): void {
  for (const shown of root.querySelectorAll('.fjs-select-placeholder, .fjs-dropdownlist-empty')) {
    const word = shown.textContent ? wordFor(shown.textContent, language()) : undefined;
    if (word && word !== shown.textContent) shown.textContent = word;
  }
  for (const input of root.querySelectorAll<HTMLInputElement>('input[placeholder="Search"]')) {
    input.placeholder = wordFor('Search', language()) ?? input.placeholder;
  }
}

/** Radios and checks stand under a label that points at nothing: tie the two together. */
function nameGroups(root: HTMLElement): void {
  for (const group of root.querySelectorAll('.fjs-form-field-radio, .fjs-form-field-checklist')) {
    const label = group.querySelector(':scope > .fjs-form-field-label');
    const control = group.querySelector('input');
    if (!label || !control || group.hasAttribute('role')) continue;
    label.id = `${control.id}-group`;
    group.setAttribute('role', control.type === 'radio' ? 'radiogroup' : 'group');
    group.setAttribute('aria-labelledby', label.id);
  }
}
