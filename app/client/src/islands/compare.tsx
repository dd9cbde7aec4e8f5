/**
 * What differs between two versions of a process: a list in words, both diagrams, forms and tables.
 *
 * `<div data-island="compare" data-url="/api/…">`; the address gives a Difference.
 */
import { type Signal, useSignal } from '@preact/signals';
import { render } from 'preact';
import { useMemo } from 'preact/hooks';
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
  namesIn,
  propertyName,
  SIGNS,
  shownValue,
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
  const { before, after, changes } = difference;
  const names = useMemo(() => namesIn(before.diagram, after.diagram), [difference]);
  // What only moved is seen in the picture; in a list it would hide what works differently.
  const matters = changes.filter(({ how }) => how !== 'moved');
  const moved = changes.filter(({ how }) => how === 'moved');
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
      <Entries changes={matters} {...{ selected, names }} />
      {moved.length > 0 && (
        <details>
          <summary>{t('compare.moved', { count: moved.length })}</summary>
          <Entries changes={moved} {...{ selected, names }} />
        </details>
      )}
      <Files difference={difference} />
    </div>
  );
}

interface Shown {
  selected: Signal<string | null>;
  names: ReadonlyMap<string, string>;
}

function Entries({ changes, ...shown }: Shown & { changes: readonly Change[] }) {
  return (
    <div class="compare__list">
      {grouped(changes).map(([title, some]) => (
        <section key={title}>
          <h3>{title}</h3>
          <ul>
            {some.map((change) => (
              <Entry key={`${change.part} ${change.id}`} change={change} {...shown} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Entry({ change, selected, names }: Shown & { change: Change }) {
  const { how, name, id, kind, details, part } = change;
  const title = (
    <>
      <span class={`compare__how is-${how}`}>{`${SIGNS[how]} ${t(`compare.how.${how}`)}`}</span>
      <strong>{name || names.get(id) || id || t('compare.itself')}</strong>
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
      {how === 'changed' ? <Details {...{ details, names }} /> : null}
    </li>
  );
}

function Details({ details, names }: { details: readonly Detail[]; names: Shown['names'] }) {
  const shown = (detail: Detail, value: string) =>
    shownValue(detail, value, names) || t('compare.empty');
  return (
    <dl class="compare__details">
      {details.map((detail) => (
        <div key={detail.path}>
          <dt>{propertyName(detail.path)}</dt>
          <dd>
            {detail.before === null ? null : <del>{shown(detail, detail.before)}</del>}
            {detail.after === null ? null : <ins>{shown(detail, detail.after)}</ins>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
