/** Palette, canvas and properties of one form. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../../room/Icon';
import type { Finding, FormSchema, Vocabulary } from '../content';
import { t } from '../words/forms';
import { Canvas } from './editor';
import { Palette } from './Palette';
import { Properties } from './Properties';

interface Props {
  schema: FormSchema;
  vocabulary: Vocabulary;
  findings: readonly Finding[];
  onChange(schema: FormSchema): void;
}

export function Editor({ schema, vocabulary, findings, onChange }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const [canvas, setCanvas] = useState<Canvas>();
  const [, redraw] = useState(0);
  const [problem, setProblem] = useState('');
  /** What the canvas shows, as it is written; empty while a form is opened. */
  const shown = useRef('');
  const written = useRef(new WeakSet<FormSchema>());
  const tell = useRef(onChange);
  tell.current = onChange;

  useEffect(() => {
    if (!host.current) return;
    const made = new Canvas(host.current, () => {
      redraw((count) => count + 1);
      if (!shown.current) return;
      const next = made.schema();
      const text = JSON.stringify(next);
      if (text === shown.current) return;
      shown.current = text;
      written.current.add(next);
      tell.current(next);
    });
    setCanvas(made);
    return () => made.destroy();
  }, []);

  useEffect(() => {
    if (!canvas || written.current.has(schema)) return;
    shown.current = '';
    canvas
      .show(schema)
      .then(() => {
        shown.current = JSON.stringify(canvas.schema());
        setProblem('');
      })
      .catch((reason: unknown) => setProblem(String(reason)));
  }, [canvas, schema]);

  return (
    <div class="forms-editor">
      {canvas && <Palette canvas={canvas} />}
      <div class="forms-editor__middle">
        <div class="forms-editor__tools">
          {canvas &&
            (['undo', 'redo'] as const).map((step) => (
              <button
                key={step}
                type="button"
                class="button button--small"
                aria-disabled={!(step === 'undo' ? canvas.undoable : canvas.redoable)}
                onClick={() => canvas[step]()}
              >
                {step === 'undo' && <Icon name="undo" />}
                {t(`forms.${step}`)}
              </button>
            ))}
        </div>
        {problem && (
          <p class="alert alert--error" role="alert">
            {t('forms.broken', { reason: problem })}
          </p>
        )}
        <div ref={host} class="forms-editor__canvas form-host" />
      </div>
      <section class="forms-editor__side" aria-label={t('props.title')}>
        {canvas?.root() && (
          <Properties canvas={canvas} vocabulary={vocabulary} findings={findings} />
        )}
      </section>
    </div>
  );
}
