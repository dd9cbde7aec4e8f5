/** The texts of notices: what sends each, its words in two languages, and how they read. */
import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import '../../styles/studio-notices.css';
import { getJson, HttpError } from '../../lib/http';
import { Icon } from '../../room/Icon';
import type { Draft } from '../draft';
import { Editor } from '../notices/Editor';
import {
  isChanged,
  type Listed,
  type Notices,
  PARTS,
  type Sender,
  sendersIn,
  type Template,
} from '../notices/texts';
import { beginning, t } from '../words/notices';

export default function NoticesPanel({ draft }: { draft: Draft }) {
  const listed = useSignal<Listed | null>(null);
  const problem = useSignal('');
  useEffect(() => {
    const left = new AbortController();
    getJson<Listed>(`${draft.url}/notices`, { signal: left.signal }).then(
      (answer) => {
        listed.value = answer;
      },
      (error: unknown) => {
        if (left.signal.aborted) return;
        if (!(error instanceof HttpError)) throw error;
        problem.value = error.message;
      },
    );
    return () => left.abort();
  }, [draft, listed, problem]);
  if (problem.value)
    return (
      <p class="alert alert--error" role="alert">
        {t('notices.failed', { reason: problem.value })}
      </p>
    );
  if (!listed.value) return <p class="studio__note">{t('notices.loading')}</p>;
  return <Desk draft={draft} listed={listed.value} />;
}

/** The list, and the notice chosen in it. */
function Desk({ draft, listed }: { draft: Draft; listed: Listed }) {
  const senders = useComputed(() => sendersIn(draft.content.value.diagram));
  const chosen = useSignal('');
  const { panel, item } = draft.place.value;
  useEffect(() => {
    if (panel === 'notices' && item) chosen.value = item;
  }, [panel, item, chosen]);
  const notices = draft.content.value.notices;
  const groups = grouped(listed, notices, senders.value);
  const isThere = groups.some(({ entries }) => entries.some(({ name }) => name === chosen.value));
  const name = isThere ? chosen.value : (groups[0]?.entries[0]?.name ?? '');
  const list = useRef<HTMLElement>(null);
  const choose = (to: string) => {
    chosen.value = to;
    draft.show('notices', to);
  };
  const chooseNew = (to: string) => {
    choose(to);
    // The form that had the focus is gone.
    setTimeout(() => list.current?.querySelector<HTMLElement>('[aria-current]')?.focus());
  };
  return (
    <div class="wording">
      <div class="wording__side">
        <Select groups={groups} name={name} choose={choose} />
        <nav class="wording__list" aria-label={t('notices.list')} ref={list}>
          {groups.map(({ key, entries }) => (
            <section key={key}>
              <h3 class="wording__group">{t(`notices.${key}`)}</h3>
              <ul>
                {entries.map((entry) => (
                  <li key={entry.name}>
                    <button
                      type="button"
                      class="wording__entry"
                      aria-current={entry.name === name ? 'true' : undefined}
                      onClick={() => choose(entry.name)}
                    >
                      <span>{entry.label}</span>
                      {entry.isChanged && <span class="wording__mark">{t('notices.changed')}</span>}
                    </button>
                  </li>
                ))}
              </ul>
            </section>
          ))}
        </nav>
        {draft.mayEdit.value && <Add draft={draft} listed={listed} choose={chooseNew} />}
      </div>
      <Editor
        key={name}
        draft={draft}
        listed={listed}
        name={name}
        senders={senders.value.get(name) ?? []}
      />
    </div>
  );
}

/** The same list on a narrow screen. */
function Select({
  groups,
  name,
  choose,
}: {
  groups: readonly Group[];
  name: string;
  choose: (name: string) => void;
}) {
  return (
    <select
      class="input wording__select"
      aria-label={t('notices.list')}
      value={name}
      onChange={(event) => choose(event.currentTarget.value)}
    >
      {groups.map(({ key, entries }) => (
        <optgroup key={key} label={t(`notices.${key}`)}>
          {entries.map((entry) => (
            <option key={entry.name} value={entry.name}>
              {entry.isChanged ? `${entry.label}（${t('notices.changed')}）` : entry.label}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}

interface Entry {
  name: string;
  label: string;
  isChanged: boolean;
}

interface Group {
  key: 'sent' | 'product' | 'own' | 'unused';
  entries: readonly Entry[];
}

/** The notices by what sends them; groups without any are left out. */
function grouped(
  listed: Listed,
  notices: Notices,
  senders: ReadonlyMap<string, readonly Sender[]>,
): readonly Group[] {
  const ships = listed.templates.map((one) => ({
    name: one.name,
    label: one.label,
    isChanged: PARTS.some((part) => isChanged(notices, one.name, part)),
    key: keyOf(one, senders),
  }));
  const shipped = new Set(ships.map(({ name }) => name));
  const own = Object.keys(notices)
    .filter((name) => !shipped.has(name))
    .map((name) => ({ name, label: notices[name]?.zh?.title || name, isChanged: false }));
  const groups: readonly Group[] = [
    { key: 'sent', entries: ships.filter(({ key }) => key === 'sent') },
    { key: 'own', entries: own },
    { key: 'product', entries: ships.filter(({ key }) => key === 'product') },
    { key: 'unused', entries: ships.filter(({ key }) => key === 'unused') },
  ];
  return groups.filter(({ entries }) => entries.length);
}

function keyOf({ name, sent }: Template, senders: ReadonlyMap<string, unknown>) {
  if (senders.has(name)) return 'sent';
  return sent ? 'product' : 'unused';
}

const NAME = /^[a-z][a-z0-9-]{1,31}$/;

/** A notice of the manager's own, under a key that the diagram names it by. */
function Add({
  draft,
  listed,
  choose,
}: {
  draft: Draft;
  listed: Listed;
  choose: (name: string) => void;
}) {
  const id = useId();
  const isOpen = useSignal(false);
  const name = useSignal('');
  const problem = useSignal('');
  const add = (event: SubmitEvent) => {
    event.preventDefault();
    const { notices } = draft.content.value;
    const key = name.value.trim();
    const isTaken = key in notices || listed.templates.some((one) => one.name === key);
    problem.value = !NAME.test(key) ? t('notices.add.bad') : isTaken ? t('notices.add.taken') : '';
    if (problem.value) return;
    const [title, body] = [beginning('title'), beginning('body')];
    const words = {
      zh: { title: title.zh, body: body.zh },
      en: { title: title.en, body: body.en },
    };
    draft.change({ notices: { ...notices, [key]: words } });
    choose(key);
    name.value = '';
    isOpen.value = false;
  };
  if (!isOpen.value)
    return (
      <button
        type="button"
        class="button button--small wording__add"
        onClick={() => {
          isOpen.value = true;
        }}
      >
        <Icon name="plus" />
        {t('notices.add')}
      </button>
    );
  return (
    <form class="field wording__add" onSubmit={add} noValidate>
      <label class="field__label" for={id}>
        {t('notices.add.name')}
      </label>
      <input
        id={id}
        class="input"
        autocomplete="off"
        spellcheck={false}
        value={name.value}
        aria-invalid={problem.value ? 'true' : undefined}
        aria-describedby={`${id}-hint`}
        onInput={(event) => {
          name.value = event.currentTarget.value;
        }}
        ref={(input) => {
          if (input && document.activeElement === document.body) input.focus();
        }}
      />
      <span id={`${id}-hint`} class={problem.value ? 'field__error' : 'field__hint'}>
        {problem.value || t('notices.add.hint')}
      </span>
      <button type="submit" class="button button--small button--primary">
        {t('notices.add.do')}
      </button>
    </form>
  );
}
