/** What stands around the form: the summary of errors, notices, and the bar with the submit button. */
import { t } from '../../lib/i18n';

export interface Entry {
  /** What is wrong, in words. */
  text: string;
  /** Where to go; null if there is no such field on the page. */
  target: HTMLElement | null;
}

export interface Page {
  /** Where form-js draws. */
  readonly host: HTMLElement;
  readonly submit: HTMLButtonElement;
  /** List what is to be corrected and move the focus there; an empty list hides it. */
  summarise(entries: readonly Entry[]): void;
  /** Say what went wrong, with one way on; null takes it away. */
  notice(text: string | null, action?: HTMLElement): void;
  /** What became of the draft. */
  say(text: string): void;
}

export function buildPage(el: HTMLElement): Page {
  const summary = make('div', 'form-summary');
  summary.tabIndex = -1;
  summary.setAttribute('role', 'group');
  summary.hidden = true;
  const notices = make('div', 'form-notice');
  notices.setAttribute('role', 'alert');
  const host = make('div', 'form-host');
  const submit = button(t('form.submit'), 'button button--primary');
  const status = make('p', 'form-bar__status');
  status.setAttribute('role', 'status');
  const bar = make('div', 'form-bar');
  bar.append(submit, status);
  el.replaceChildren(summary, notices, host, bar);
  return {
    host,
    submit,
    summarise: (entries) => fillSummary(summary, entries),
    notice(text, action) {
      notices.replaceChildren(...(text === null ? [] : [alertBox(text, action)]));
    },
    say(text) {
      status.textContent = text;
    },
  };
}

export function button(label: string, className: string): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = className;
  made.textContent = label;
  return made;
}

export function link(label: string, href: string): HTMLAnchorElement {
  const made = document.createElement('a');
  made.href = href;
  made.textContent = label;
  return made;
}

function fillSummary(summary: HTMLElement, entries: readonly Entry[]): void {
  summary.hidden = entries.length === 0;
  summary.replaceChildren();
  if (summary.hidden) return;
  const heading = document.createElement('h2');
  heading.textContent = t('form.summary', { count: entries.length });
  // What a screen reader says when the focus arrives.
  summary.setAttribute('aria-label', heading.textContent);
  const list = document.createElement('ul');
  list.append(...entries.map(summaryItem));
  summary.append(heading, list);
  summary.focus();
}

function summaryItem({ text, target }: Entry): HTMLLIElement {
  const item = document.createElement('li');
  if (!target) {
    item.textContent = text;
    return item;
  }
  const anchor = link(text, `#${target.id}`);
  anchor.addEventListener('click', (event) => {
    event.preventDefault();
    target.scrollIntoView({ block: 'center' });
    target.focus();
  });
  item.append(anchor);
  return item;
}

function alertBox(text: string, action?: HTMLElement): HTMLElement {
  const box = make('div', 'alert alert--error');
  const words = document.createElement('p');
  words.textContent = text;
  box.append(words, ...(action ? [action] : []));
  return box;
}

function make(tag: 'div' | 'p', className: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  return made;
}
