/** The form as a doctor sees it: the product's own form island in a frame as wide as the screen. */
import '@bpmn-io/form-js-viewer/dist/assets/form-js.css';
import '../../styles/form-js.css';
import { useEffect, useRef } from 'preact/hooks';
import { amendMarkup } from '../../islands/form/markup';
import { buildPage } from '../../islands/form/page';
import { summarise } from '../../islands/form/summary';
import {
  openForm,
  resultOf,
  type Schema,
  type Submission,
  type Values,
} from '../../islands/form/viewer';
import type { FormSchema } from '../content';
import { t } from '../words/forms';
import { type Component, fieldsIn, inEnglish } from './component';

export type Device = 'desk' | 'phone';

export function Preview({
  id,
  schema,
  device,
  language,
}: {
  id: string;
  schema: FormSchema;
  device: Device;
  language: 'zh' | 'en';
}) {
  const frame = useRef<HTMLIFrameElement>(null);
  // By what it says: what one has typed into the preview outlives a copy of the same form.
  const text = JSON.stringify(schema);
  useEffect(() => {
    const page = frame.current?.contentDocument;
    if (!page) return;
    page.documentElement.lang = document.documentElement.lang;
    page.body.className = 'forms-preview__page';
    for (const sheet of document.querySelectorAll('link[rel="stylesheet"]'))
      page.head.append(page.importNode(sheet, true));
    const host = page.createElement('main');
    page.body.replaceChildren(host);
    const fit = new ResizeObserver(() => {
      if (frame.current) frame.current.style.height = `${page.documentElement.offsetHeight + 2}px`;
    });
    fit.observe(page.documentElement);
    const shown = show(host, JSON.parse(text) as FormSchema, language);
    return () => {
      fit.disconnect();
      void shown.then((stop) => stop());
    };
  }, [text, device, language]);
  return (
    <div class={`forms-preview forms-preview--${device}`}>
      <iframe
        key={device}
        ref={frame}
        class="forms-preview__frame"
        title={t('forms.preview', { id })}
      />
    </div>
  );
}

/** Draw the form; a submission is checked and goes nowhere. */
async function show(
  host: HTMLElement,
  schema: FormSchema,
  language: 'zh' | 'en',
): Promise<() => void> {
  const components = schema.components as unknown as readonly Component[];
  const localised = language === 'en' ? inEnglish(components) : components;
  const page = buildPage(host);
  const form = await openForm(page.host, {
    schema: { ...schema, components: localised } as unknown as Schema,
    data: samples(components),
    title: schema.id,
  });
  page.submit.hidden = page.host.querySelector('button[type="submit"]') !== null;
  page.submit.addEventListener('click', () => form.submit());
  form.on('submit', (submission: Submission) => {
    const { errors } = resultOf(form, submission);
    page.say(Object.keys(errors).length ? '' : t('forms.preview.valid'));
    summarise(page, form, errors);
  });
  const stopAmending = amendMarkup(page.host);
  return () => {
    stopAmending();
    form.destroy();
  };
}

/** Something to choose from where the options come from the system. */
function samples(components: readonly Component[]): Values {
  const keys = fieldsIn(components).flatMap(({ valuesKey }) => valuesKey ?? []);
  const options = [1, 2, 3].map((number) => ({
    label: t('forms.sample', { number }),
    value: `sample_${number}`,
  }));
  return Object.fromEntries(keys.map((key) => [key, options]));
}
