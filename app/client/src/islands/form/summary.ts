/** What a form's page says while it is handed in: what is to be corrected, and that it is under way. */
import type { Form } from '@bpmn-io/form-js-viewer';
import { t } from '../../lib/i18n';
import type { Entry, Page } from './page';
import { controlOf, type Errors, fieldsOf } from './viewer';

/** List what is wrong by field, each entry leading to its field. */
export function summarise(page: Page, form: Form, errors: Errors): void {
  const known = new Map(fieldsOf(form).map((field) => [field.key, field]));
  const entries = Object.entries(errors).map(([key, messages]): Entry => {
    const field = known.get(key);
    const message = messages.join(' ');
    if (!field) return { text: message, target: null };
    const label = field.label ?? field.dateLabel ?? key;
    return {
      text: t('form.entry', { label, message }),
      target: controlOf(form, page.host, key),
    };
  });
  page.summarise(entries);
}

/** The submit button and the form say that they are at work. */
export function setBusy(page: Page, isBusy: boolean): void {
  page.host.setAttribute('aria-busy', String(isBusy));
  // Not `disabled`: the focus would be lost in the middle of the page.
  page.submit.setAttribute('aria-disabled', String(isBusy));
  page.submit.textContent = t(isBusy ? 'form.submitting' : 'form.submit');
}
