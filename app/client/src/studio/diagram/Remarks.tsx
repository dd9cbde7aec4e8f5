/** What people said about elements: a list, and a field for the element that is selected. */
import { useSignal } from '@preact/signals';
import { postJson } from '../../lib/http';
import { notify } from '../../lib/status';
import type { Remark } from '../content';
import type { Draft } from '../draft';
import { t } from '../words/diagram';

interface Props {
  draft: Draft;
  /** The name of an element; undefined if there is none of that id. */
  nameOf(id: string): string | undefined;
}

export function Remarks({ draft, nameOf }: Props) {
  const showsAll = useSignal(false);
  const all = draft.remarks.value;
  const open = all.filter(({ resolved_at }) => !resolved_at);
  const shown = showsAll.value ? all : open;
  return (
    <section class="remarks" aria-label={t('remarks.title')}>
      <h2 class="remarks__title">
        {t('remarks.title')}
        {open.length > 0 && <span class="count">{open.length}</span>}
      </h2>
      {draft.selected.value ? (
        <Writing draft={draft} id={draft.selected.value} nameOf={nameOf} />
      ) : (
        !shown.length && <p class="remarks__none">{t('remarks.none')}</p>
      )}
      <ul class="remarks__list">
        {shown.map((remark) => (
          <Entry key={remark.id} draft={draft} remark={remark} nameOf={nameOf} />
        ))}
      </ul>
      {all.length > open.length && !showsAll.value && (
        <button
          type="button"
          class="button button--quiet button--small"
          onClick={() => {
            showsAll.value = true;
          }}
        >
          {t('remarks.show', { count: all.length - open.length })}
        </button>
      )}
    </section>
  );
}

function Writing({ draft, id, nameOf }: Props & { id: string }) {
  const text = useSignal('');
  const send = (event: Event) => {
    event.preventDefault();
    if (!text.value.trim()) return;
    postJson<Remark>(`${draft.url}/remarks`, { element_id: id, text: text.value.trim() }).then(
      (remark) => {
        draft.remarks.value = [...draft.remarks.value, remark];
        text.value = '';
      },
      (error: Error) => notify(error.message, 'error'),
    );
  };
  return (
    <form class="remarks__form" onSubmit={send}>
      <label class="remarks__label" for="remark-text">
        {t('remarks.on', { name: nameOf(id) || id })}
      </label>
      <textarea
        id="remark-text"
        class="input"
        rows={1}
        maxLength={2000}
        value={text.value}
        onInput={({ currentTarget }) => {
          text.value = currentTarget.value;
        }}
      />
      {text.value.trim() && (
        <button type="submit" class="button button--small">
          {t('remarks.add')}
        </button>
      )}
    </form>
  );
}

function Entry({ draft, remark, nameOf }: Props & { remark: Remark }) {
  const name = nameOf(remark.element_id);
  const resolve = () =>
    postJson<Remark>(`${draft.url}/remarks/${remark.id}/resolution`).then(
      (resolved) => {
        draft.remarks.value = draft.remarks.value.map((one) =>
          one.id === resolved.id ? resolved : one,
        );
      },
      (error: Error) => notify(error.message, 'error'),
    );
  return (
    <li class="remarks__entry">
      <button
        type="button"
        class="remarks__element"
        disabled={name === undefined}
        onClick={() => {
          draft.selected.value = remark.element_id;
        }}
      >
        {name === undefined ? t('remarks.gone') : name || remark.element_id}
      </button>
      <p class="remarks__text">{remark.text}</p>
      <p class="remarks__meta">
        {remark.author.name} · {new Date(remark.at).toLocaleString(document.documentElement.lang)}
      </p>
      {remark.resolved_by ? (
        <p class="remarks__meta">{t('remarks.resolved', { name: remark.resolved_by.name })}</p>
      ) : (
        <button type="button" class="button button--quiet button--small" onClick={resolve}>
          {t('remarks.resolve')}
        </button>
      )}
    </li>
  );
}
