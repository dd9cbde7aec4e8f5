/**
 * What differs between two versions of a process: a list in words, both diagrams, forms and tables.
 *
 * `<div data-island="compare" data-url="/api/…">`; the address gives a Difference.
 */
import { type Signal, useSignal } from '@preact/signals';
import { render } from 'preact';
import '../styles/compare.css';
import { getJson, HttpError } from '../lib/http';
import { t as general } from '../lib/i18n';
import {
  type Change,
  counts,
  type Detail,
  type Difference,
  grouped,
  kindName,
  propertyName,
  SIGNS,
} from '../studio/compare/changes';
import { Diagrams } from '../studio/compare/Diagrams';
import { Files } from '../studio/compare/Files';
import { t } from '../studio/words/compare';

export function mount(el: HTMLElement): () => void {
  const stop = new AbortController();
  getJson<Difference>(el.dataset.url ?? '', { signal: stop.signal })
    .then((difference) => {
      el.replaceChildren();
      render(<Compare difference={difference} />, el);
    })
    .catch((error: unknown) => {
      if (stop.signal.aborted) return;
      render(<Failure error={error} />, el);
      if (!(error instanceof HttpError)) reportError(error);
    });
  return () => {
    stop.abort();
    render(null, el);
  };
}

function Failure({ error }: { error: unknown }) {
  const text = error instanceof HttpError ? error.message : general('island.failed');
  return (
    <p class="alert alert--error" role="alert">
      {text}
    </p>
  );
}

function Compare({ difference }: { difference: Difference }) {
  const selected = useSignal<string | null>(null);
  const { changes } = difference;
  if (changes.length === 0) return <p class="compare__none">{t('compare.same')}</p>;
  return (
    <div class="compare">
      <ul class="compare__counts" aria-label={t('compare.counts')}>
        {counts(changes).map(([how, count]) => (
          <li key={how} class={`compare__how is-${how}`}>
            {`${SIGNS[how]} ${t(`compare.how.${how}`)} ${count}`}
          </li>
        ))}
      </ul>
      <Diagrams difference={difference} selected={selected} />
      <div class="compare__list">
        {grouped(changes).map(([title, some]) => (
          <section key={title}>
            <h3>{title}</h3>
            <ul>
              {some.map((change) => (
                <Entry key={`${change.part} ${change.id}`} change={change} selected={selected} />
              ))}
            </ul>
          </section>
        ))}
      </div>
      <Files difference={difference} />
    </div>
  );
}

function Entry({ change, selected }: { change: Change; selected: Signal<string | null> }) {
  const { how, name, id, kind, details, part } = change;
  const title = (
    <>
      <span class={`compare__how is-${how}`}>{`${SIGNS[how]} ${t(`compare.how.${how}`)}`}</span>
      <strong>{name || id || t('compare.itself')}</strong>
      <span class="compare__kind">{kindName(kind)}</span>
    </>
  );
  return (
    <li class="compare__entry" data-id={id}>
      {part === 'diagram' ? (
        <button
          type="button"
          class="compare__title"
          aria-pressed={selected.value === id}
          onClick={() => {
            selected.value = id;
          }}
        >
          {title}
        </button>
      ) : (
        <p class="compare__title">{title}</p>
      )}
      {how === 'changed' ? <Details details={details} /> : null}
    </li>
  );
}

function Details({ details }: { details: readonly Detail[] }) {
  return (
    <dl class="compare__details">
      {details.map(({ path, before, after }) => (
        <div key={path}>
          <dt>{propertyName(path)}</dt>
          <dd>
            {before === null ? null : <del>{before || t('compare.empty')}</del>}
            {after === null ? null : <ins>{after || t('compare.empty')}</ins>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
