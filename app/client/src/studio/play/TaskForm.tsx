/** A task's form as whoever does it would see it, handed in to a trial. */
import '@bpmn-io/form-js-viewer/dist/assets/form-js.css';
import '../../styles/form-js.css';
import { useEffect, useRef } from 'preact/hooks';
import { amendMarkup } from '../../islands/form/markup';
import { buildPage, type Page } from '../../islands/form/page';
import { setBusy, summarise } from '../../islands/form/summary';
import {
  openForm,
  resultOf,
  type Submission,
  showErrors,
  type Values,
} from '../../islands/form/viewer';
import { HttpError } from '../../lib/http';
import type { ReadyTask } from './trial';

interface Props {
  task: ReadyTask;
  /** Rejects with HttpError if the answers are refused. */
  submit(answers: Values): Promise<void>;
}

type Form = Awaited<ReturnType<typeof openForm>>;

export function TaskForm({ task, submit }: Props) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let isLeft = false;
    let take = () => {};
    open(place.current as HTMLElement, task, submit).then((stop) => {
      take = stop;
      if (isLeft) stop();
    }, reportError);
    return () => {
      isLeft = true;
      take();
    };
  }, [task]);
  return <div ref={place} class="play-form" />;
}

/** Draw the form; returns how to take it away. */
async function open(
  el: HTMLElement,
  { form: shown, name }: ReadyTask,
  submit: Props['submit'],
): Promise<() => void> {
  const page = buildPage(el);
  const schema = shown?.schema ?? { components: [] };
  const form = await openForm(page.host, { schema, data: shown?.data ?? {}, title: name });
  const stopAmending = amendMarkup(page.host);
  page.submit.addEventListener('click', () => form.submit());
  let isUnderWay = false;
  form.on('submit', async (submission: Submission) => {
    if (isUnderWay) return;
    const { answers, errors } = resultOf(form, submission);
    page.notice(null);
    summarise(page, form, errors);
    if (Object.keys(errors).length) return;
    isUnderWay = true;
    setBusy(page, true);
    try {
      await submit(answers);
    } catch (error) {
      refused(page, form, error);
    } finally {
      isUnderWay = false;
      setBusy(page, false);
    }
  });
  return () => {
    stopAmending();
    form.destroy();
    el.replaceChildren();
  };
}

function refused(page: Page, form: Form, error: unknown): void {
  if (!(error instanceof HttpError)) throw error;
  const errors = Object.fromEntries(
    Object.entries(error.errors).map(([key, text]) => [key, [text]]),
  );
  if (!Object.keys(errors).length) page.notice(error.message);
  showErrors(form, errors);
  summarise(page, form, errors);
}
