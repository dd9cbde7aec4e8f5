/** The forms of the process: a list, an editor, and a preview as the doctor will see it. */
import { useSignal } from '@preact/signals';
import { lazy, Suspense } from 'preact/compat';
import { useEffect, useState } from 'preact/hooks';
import '../../styles/studio-forms.css';
import type { Finding, FormSchema } from '../content';
import type { Draft } from '../draft';
import { inOrder, type Use, usesOf } from '../forms/catalogue';
import { List } from '../forms/List';
import { Narrow } from '../Narrow';
import { t } from '../words/forms';
import { t as ofShell } from '../words/shell';

const Editor = lazy(() => import('../forms/Editor').then(({ Editor }) => Editor));
const Preview = lazy(() => import('../forms/Preview').then(({ Preview }) => Preview));

const VIEWS = ['edit', 'desk', 'phone'] as const;
type View = (typeof VIEWS)[number];

export default function Forms({ draft }: { draft: Draft }) {
  const content = draft.content.value;
  const { forms } = content;
  const uses = usesOf(content.diagram);
  const { panel, item } = draft.place.value;
  const id = (panel === 'forms' && item) || inOrder(content, uses)[0];
  const [last, setLast] = useState(id);
  const shown = panel === 'forms' ? id : last;
  useEffect(() => setLast(shown), [shown]);
  const schema = shown === undefined ? undefined : forms[shown];
  return (
    <div class="forms">
      <List draft={draft} uses={uses} current={shown} />
      {shown !== undefined && schema ? (
        <Work key={shown} draft={draft} id={shown} schema={schema} uses={uses.get(shown) ?? []} />
      ) : (
        <p class="forms__none">{t(Object.keys(forms).length ? 'forms.pick' : 'forms.none')}</p>
      )}
    </div>
  );
}

function Work({
  draft,
  id,
  schema,
  uses,
}: {
  draft: Draft;
  id: string;
  schema: FormSchema;
  uses: readonly Use[];
}) {
  const view = useSignal<View>('edit');
  const language = useSignal<'zh' | 'en'>('zh');
  const isWide = useWide();
  const findings = draft.findings.value.filter(({ file }) => file === `${id}.form`);
  const mayEdit = draft.mayEdit.value && isWide;
  const views = mayEdit ? VIEWS : VIEWS.slice(1);
  const shown = views.includes(view.value) ? view.value : isWide ? 'desk' : 'phone';
  return (
    <section class="forms__work" aria-label={id}>
      <header class="forms__head">
        <div>
          <h2 class="forms__title">{uses[0]?.name ?? id}</h2>
          <p class="forms__meta">
            <code>{id}</code>
            <Problems findings={findings} />
          </p>
        </div>
        <Switch
          label={t('forms.view')}
          value={shown}
          choices={views.map((value) => [value, t(`forms.view.${value}`)] as const)}
          onChange={(value) => (view.value = value)}
        />
        {shown !== 'edit' && (
          <Switch
            label={t('forms.language')}
            value={language.value}
            choices={[
              ['zh', '中文'],
              ['en', 'English'],
            ]}
            onChange={(value) => (language.value = value)}
          />
        )}
      </header>
      <Narrow />
      <Suspense fallback={<p class="studio__note">{ofShell('studio.panel.loading')}</p>}>
        {shown === 'edit' ? (
          <Editor
            schema={schema}
            vocabulary={draft.vocabulary}
            findings={findings}
            onChange={(next) =>
              draft.change({ forms: { ...draft.content.peek().forms, [id]: next } })
            }
          />
        ) : (
          <Preview id={id} schema={schema} device={shown} language={language.value} />
        )}
      </Suspense>
    </section>
  );
}

function Switch<V extends string>({
  label,
  value,
  choices,
  onChange,
}: {
  label: string;
  value: V;
  choices: readonly (readonly [V, string])[];
  onChange(value: V): void;
}) {
  return (
    <fieldset class="forms-switch">
      <legend class="visually-hidden">{label}</legend>
      {choices.map(([choice, text]) => (
        <button
          key={choice}
          type="button"
          class="button button--small"
          aria-pressed={choice === value}
          onClick={() => onChange(choice)}
        >
          {text}
        </button>
      ))}
    </fieldset>
  );
}

function Problems({ findings }: { findings: readonly Finding[] }) {
  if (!findings.length) return null;
  return (
    <details class="forms__findings">
      <summary>{t('forms.problems', { count: findings.length })}</summary>
      <ul>
        {findings.map(({ rule, text }) => (
          <li key={`${rule} ${text}`}>{text}</li>
        ))}
      </ul>
    </details>
  );
}

function useWide(): boolean {
  const query = matchMedia('(min-width: 56.26rem)');
  const [isWide, setIsWide] = useState(query.matches);
  useEffect(() => {
    const follow = () => setIsWide(query.matches);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, []);
  return isWide;
}
