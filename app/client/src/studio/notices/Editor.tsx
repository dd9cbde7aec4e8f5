/** One notice: what sends it, its texts side by side, what may be inserted, and how it reads. */
import { type Signal, useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { Icon } from '../../room/Icon';
import type { Draft } from '../draft';
import { beginning, t } from '../words/notices';
import { PreviewCards, usePreview } from './Preview';
import {
  brought,
  inForce,
  isChanged,
  LANGUAGES,
  type Language,
  type Listed,
  PARTS,
  type Part,
  type Problem,
  type Sender,
  type Template,
  without,
  withoutPart,
  withText,
} from './texts';

interface Props {
  draft: Draft;
  listed: Listed;
  name: string;
  senders: readonly Sender[];
}

/** The field a placeholder goes into: the one written in last. */
interface Place {
  part: Part;
  element: HTMLInputElement | HTMLTextAreaElement;
}

export function Editor({ draft, listed, name, senders }: Props) {
  const ships = listed.templates.find((one) => one.name === name);
  const notices = draft.content.value.notices;
  const preview = usePreview(draft.url, name, brought(notices, name));
  const place = useSignal<Place | null>(null);
  const texts = inForce(notices, name, ships?.texts);
  const has = (part: Part) => LANGUAGES.some((one) => texts[one][part] !== undefined);
  const problems = preview.value.answer?.problems ?? [];
  return (
    <article class="wording__notice">
      <header class="wording__header">
        <div>
          <h2>
            {ships?.label ?? (texts.zh.title || name)} {!ships && <code>{name}</code>}
          </h2>
          <Senders draft={draft} ships={ships} senders={senders} />
        </div>
        {!ships && draft.mayEdit.value && (
          <Remove draft={draft} name={name} isUsed={senders.length > 0} />
        )}
      </header>
      <Loose problems={problems} />
      {draft.mayEdit.value && <Facts listed={listed} ships={ships} place={place} />}
      {PARTS.filter(has).map((part) => (
        <PartFields
          key={part}
          draft={draft}
          name={name}
          ships={ships}
          part={part}
          limit={listed.limits[part]}
          problems={problems.filter((one) => one.part === part)}
          place={place}
        />
      ))}
      {draft.mayEdit.value && !has('sms') && <AddSms draft={draft} name={name} />}
      <PreviewCards state={preview.value} />
    </article>
  );
}

function Senders({
  draft,
  ships,
  senders,
}: {
  draft: Draft;
  ships: Template | undefined;
  senders: readonly Sender[];
}) {
  if (!senders.length) {
    const text = ships?.sent ? t('notices.automatic', { when: ships.sent }) : t('notices.nobody');
    return <p class="wording__sent">{text}</p>;
  }
  return (
    <p class="wording__sent">
      {t('notices.sender')}
      {senders.map(({ id, name }) => (
        <button
          key={id}
          type="button"
          class="wording__task"
          onClick={() => {
            draft.selected.value = id;
            draft.show('diagram', id);
          }}
        >
          {name || id}
        </button>
      ))}
    </p>
  );
}

function Remove({ draft, name, isUsed }: { draft: Draft; name: string; isUsed: boolean }) {
  const act = () => draft.change({ notices: without(draft.content.value.notices, name) });
  return (
    <button
      type="button"
      class="button button--small button--danger"
      disabled={isUsed}
      title={isUsed ? t('notices.remove.used') : undefined}
      onClick={act}
    >
      <Icon name="trash" />
      {t('notices.remove')}
    </button>
  );
}

/** What is wrong with the notice as a whole. */
function Loose({ problems }: { problems: readonly Problem[] }) {
  const whole = problems.filter(({ part }) => !part);
  return whole.map(({ rule, text }) => (
    <p key={rule} class="alert alert--error" role="alert">
      {text}
    </p>
  ));
}

/** Chips that put a placeholder where one writes, in brackets where its fact may be unknown. */
function Facts({
  listed,
  ships,
  place,
}: {
  listed: Listed;
  ships: Template | undefined;
  place: Signal<Place | null>;
}) {
  const { placeholders, unsure } = ships ?? listed.own;
  const facts = listed.placeholders.filter(({ name }) => placeholders.includes(name));
  const isSms = place.value?.part === 'sms';
  const insert = (name: string) => {
    const at = place.value?.element;
    if (at?.isConnected) put(at, name, unsure.includes(name));
  };
  return (
    <div class="wording__facts">
      <div class="cluster" role="toolbar" aria-label={t('notices.facts')}>
        <span class="wording__facts-title">{t('notices.facts')}</span>
        {facts.map(({ name, label, hint, in_sms }) => (
          <button
            key={name}
            type="button"
            class="wording__chip"
            title={hint}
            disabled={!place.value || (isSms && !in_sms)}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => insert(name)}
          >
            <Icon name="plus" />
            {label} <code>{`{${name}}`}</code>
          </button>
        ))}
      </div>
      <details class="disclosure">
        <summary>{t('notices.facts.help')}</summary>
        <p>{t('notices.facts.hint')}</p>
        <dl class="wording__meanings">
          {facts.map(({ name, label, hint, in_sms }) => (
            <div key={name}>
              <dt>
                {label} <code>{`{${name}}`}</code>
              </dt>
              <dd>
                {hint}{' '}
                {unsure.includes(name) && (
                  <span class="wording__mark">{t('notices.fact.unsure')}</span>
                )}{' '}
                {!in_sms && <span class="wording__mark">{t('notices.fact.sms')}</span>}
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </div>
  );
}

/** At the caret; a fact that may be unknown gets brackets unless it stands within some. */
function put(at: Place['element'], name: string, isUnsure: boolean): void {
  const start = at.selectionStart ?? at.value.length;
  const before = at.value.slice(0, start);
  const isWithin = before.lastIndexOf('[') > before.lastIndexOf(']');
  const text = isUnsure && !isWithin ? `[{${name}}]` : `{${name}}`;
  at.setRangeText(text, start, at.selectionEnd ?? start, 'end');
  at.focus();
  at.dispatchEvent(new Event('input', { bubbles: true }));
}

interface PartProps {
  draft: Draft;
  name: string;
  ships: Template | undefined;
  part: Part;
  limit: number;
  problems: readonly Problem[];
  place: Signal<Place | null>;
}

function PartFields({ draft, name, ships, part, limit, problems, place }: PartProps) {
  const notices = draft.content.value.notices;
  const isAdded = part === 'sms' && ships?.texts.zh.sms === undefined;
  const mayUndo = draft.mayEdit.value && (isAdded || (ships && isChanged(notices, name, part)));
  const undo = () =>
    draft.change({
      notices: withoutPart(draft.content.value.notices, name, part, ships !== undefined),
    });
  return (
    <section class="wording__part">
      <div class="wording__part-head">
        <h3>{t(`notices.part.${part}`)}</h3>
        {part === 'sms' && <span class="field__hint">{t('notices.part.sms.hint')}</span>}
        {mayUndo && (
          <button type="button" class="button button--quiet button--small" onClick={undo}>
            <Icon name={isAdded ? 'trash' : 'undo'} />
            {t(isAdded ? 'notices.sms.remove' : 'notices.back')}
          </button>
        )}
      </div>
      <div class="wording__languages">
        {LANGUAGES.map((language) => (
          <Field
            key={language}
            draft={draft}
            name={name}
            ships={ships}
            part={part}
            language={language}
            limit={limit}
            problems={problems.filter((one) => one.language === language)}
            place={place}
          />
        ))}
      </div>
    </section>
  );
}

function Field({
  draft,
  name,
  ships,
  part,
  language,
  limit,
  problems,
  place,
}: PartProps & { language: Language }) {
  const id = useId();
  const notices = draft.content.value.notices;
  const text = inForce(notices, name, ships?.texts)[language][part] ?? '';
  const isOld =
    ships !== undefined && isChanged(notices, name, part) && text === ships.texts[language][part];
  const write = (value: string) =>
    draft.change({
      notices: withText(draft.content.value.notices, name, ships?.texts, {
        language,
        part,
        text: value,
      }),
    });
  const attributes = {
    id,
    class: 'input',
    lang: language === 'en' ? 'en' : 'zh-CN',
    value: text,
    maxLength: limit,
    readOnly: !draft.mayEdit.value,
    'aria-invalid': problems.some(({ severity }) => severity === 'error'),
    'aria-describedby': `${id}-notes`,
    onFocus: (event: { currentTarget: Place['element'] }) => {
      place.value = { part, element: event.currentTarget };
    },
    onInput: (event: { currentTarget: { value: string } }) => write(event.currentTarget.value),
  };
  return (
    <div class="field">
      <label class="field__label" for={id}>
        <span class="visually-hidden">{t(`notices.part.${part}`)} </span>
        {t(`notices.language.${language}`)}
      </label>
      {part === 'title' ? (
        <input type="text" {...attributes} />
      ) : (
        <textarea rows={3} {...attributes} />
      )}
      <div id={`${id}-notes`} class="wording__notes" aria-live="polite">
        {problems.map(({ rule, severity, text: why }) => (
          <span
            key={`${rule} ${why}`}
            class={severity === 'error' ? 'field__error' : 'wording__warning'}
          >
            <Icon name={severity} />
            {why}
          </span>
        ))}
        {isOld && <span class="field__hint">{t('notices.same')}</span>}
      </div>
    </div>
  );
}

/** What has an SMS goes to the phone and the mailbox too. */
function AddSms({ draft, name }: { draft: Draft; name: string }) {
  const add = () => {
    const { notices } = draft.content.value;
    const own = brought(notices, name);
    const text = beginning('sms');
    const words = { zh: { ...own.zh, sms: text.zh }, en: { ...own.en, sms: text.en } };
    draft.change({ notices: { ...notices, [name]: words } });
  };
  return (
    <button type="button" class="button button--small wording__add-sms" onClick={add}>
      <Icon name="plus" />
      {t('notices.sms.add')}
    </button>
  );
}
