/**
 * A task's form: shown with form-js, kept as a draft while it is filled in, submitted once.
 *
 * Element: `data-url` (GET gives Loaded), `data-submit-url` (POST {answers, version}, gives {next}),
 * `data-draft-url` (PUT {answers, version}; optional), `data-back-url` (where to go when someone
 * else was quicker; default `/`).
 */
import '@bpmn-io/form-js-viewer/dist/assets/form-js.css';
import '../styles/form-js.css';
import type { Form } from '@bpmn-io/form-js-viewer';
import { getJson, HttpError, postJson } from '../lib/http';
import { t } from '../lib/i18n';
import { type Draft, keepDraft } from './form/draft';
import { amendMarkup } from './form/markup';
import { buildPage, button, link, type Page } from './form/page';
import { setBusy, summarise } from './form/summary';
import {
  currentAnswers,
  openForm,
  resultOf,
  type Schema,
  type Submission,
  showErrors,
  type Values,
} from './form/viewer';

interface Loaded {
  schema: Schema;
  data: Values;
  draft: Values | null;
  /** What the answers belong to; the server refuses with 409 when the task has moved on. */
  version: string | number;
  readonly: boolean;
  title: string;
}

export function mount(el: HTMLElement): () => void {
  const left = new AbortController();
  const page = buildPage(el);
  const stops: (() => void)[] = [() => left.abort()];

  const load = async () => {
    page.notice(null);
    page.say(t('form.loading'));
    page.submit.hidden = true;
    try {
      const loaded = await getJson<Loaded>(el.dataset.url ?? '', { signal: left.signal });
      const stop = await show(el, page, loaded);
      // The page may have been left while form-js was drawing.
      left.signal.aborted ? stop() : stops.push(stop);
    } catch (error) {
      if (left.signal.aborted) return;
      if (!(error instanceof HttpError)) throw error;
      page.say('');
      page.notice(error.message, retryButton(load));
    }
  };
  void load();
  return () => {
    for (const stop of stops) stop();
  };
}

/** A form on the page and all that hangs on it. */
interface Work {
  el: HTMLElement;
  page: Page;
  form: Form;
  version: Loaded['version'];
  draft: Draft | null;
}

/** Draw the loaded form and wire it up; returns how to take it down. */
async function show(el: HTMLElement, page: Page, loaded: Loaded): Promise<() => void> {
  const form = await openForm(page.host, {
    schema: loaded.schema,
    data: loaded.data,
    draft: loaded.draft,
    isReadonly: loaded.readonly,
    title: loaded.title,
  });
  const work: Work = { el, page, form, version: loaded.version, draft: null };
  const stopAmending = amendMarkup(page.host);
  page.say('');
  if (!loaded.readonly) {
    work.draft = startDraft(work);
    startSubmitting(work);
  }
  return () => {
    work.draft?.leave();
    stopAmending();
    form.destroy();
  };
}

function startDraft(work: Work): Draft | null {
  const { el, page, form, version } = work;
  const url = el.dataset.draftUrl;
  if (!url) return null;
  const draft = keepDraft({
    url,
    read: () => ({ answers: currentAnswers(form), version }),
    say: page.say,
    onConflict: () => conflict(work),
  });
  form.on('changed', () => draft.touch());
  return draft;
}

function startSubmitting(work: Work): void {
  const { page, form } = work;
  const hasOwnButton = page.host.querySelector('.fjs-form-field-button button[type="submit"]');
  page.submit.hidden = hasOwnButton !== null;
  page.submit.addEventListener('click', () => form.submit());
  let isUnderWay = false;

  form.on('submit', async (submission: Submission) => {
    if (isUnderWay) return; // a double click is one submission
    const { answers, errors } = resultOf(form, submission);
    page.notice(null);
    summarise(page, form, errors);
    if (Object.keys(errors).length) return;
    isUnderWay = true;
    setBusy(page, true);
    try {
      await send(work, answers);
    } catch (error) {
      isUnderWay = false;
      setBusy(page, false);
      refused(work, error);
    }
  });
}

/** Hand the answers in and go where the server says. */
async function send({ el, version, draft }: Work, answers: Values): Promise<void> {
  const post = () => postJson<{ next: string }>(el.dataset.submitUrl ?? '', { answers, version });
  const { next } = await (draft ? draft.hold(post) : post());
  draft?.stop();
  location.assign(next);
}

function refused(work: Work, error: unknown): void {
  if (!(error instanceof HttpError)) throw error;
  const { page, form, draft } = work;
  const errors = Object.entries(error.errors).map(([key, text]) => [key, [text]] as const);
  if (error.status === 409) {
    conflict(work);
    return;
  }
  draft?.touch();
  if (error.status === 422 && errors.length) {
    showErrors(form, Object.fromEntries(errors));
    summarise(page, form, Object.fromEntries(errors));
  } else {
    const retry = retryButton(() => form.submit());
    page.notice(t('form.kept', { reason: error.message }), retry);
  }
}

/** Nothing more can be done here, but what was written stays readable, to be copied. */
function conflict({ el, page, form, draft }: Work): void {
  draft?.stop();
  page.say('');
  page.submit.hidden = true;
  form.setProperty('readOnly', true);
  page.notice(t('form.conflict'), link(t('form.back'), el.dataset.backUrl ?? '/'));
}

function retryButton(again: () => unknown): HTMLButtonElement {
  const made = button(t('form.retry'), 'button');
  made.addEventListener('click', () => void again());
  return made;
}
