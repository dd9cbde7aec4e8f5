/** The process as a list of steps that can be edited by keyboard and screen reader alone (O-26). */
import { type Signal, useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import '../../styles/list.css';
import type { Draft } from '../draft';
import { Editing } from '../list/editing';
import type { Row } from '../list/outline';
import { focusStep, StepForm } from '../list/StepForm';
import { kindName, t } from '../words/list';

export default function List({ draft }: { draft: Draft }) {
  const editing = useMemo(() => new Editing(), []);
  const rows = useSignal<Row[] | null>(null);
  const problem = useSignal('');
  const said = useSignal('');
  useEffect(() => () => editing.stop(), []);
  useSignalEffect(() => {
    const xml = draft.content.value.diagram;
    editing
      .open(xml)
      .then((isNew) => {
        if (isNew || rows.peek() === null) rows.value = editing.rows();
        problem.value = '';
      })
      .catch((error: Error) => {
        problem.value = error.message;
      });
  });
  /** Do something to the diagram, show it, and hand it to the draft. */
  const edit = async (act: (editing: Editing) => void, told = '') => {
    act(editing);
    rows.value = editing.rows();
    said.value = told;
    draft.change({ diagram: await editing.xml() });
  };
  if (problem.value)
    return (
      <p class="alert alert--error" role="alert">
        {t('list.failed', { reason: problem.value })}
      </p>
    );
  if (rows.value === null) return null;
  if (rows.value.length === 0) return <p class="studio__note">{t('list.empty')}</p>;
  const chosen = rows.value.find(({ id }) => id === draft.selected.value);
  return (
    <div class="outline">
      <div>
        <Steps rows={rows.value} selected={draft.selected} lanes={editing.lanes()} />
        <p class="outline__hint">{t('list.hint')}</p>
      </div>
      <div class="outline__form">
        {chosen ? (
          <StepForm key={chosen.id} row={chosen} {...{ rows: rows.value, draft, editing, edit }} />
        ) : (
          <p class="studio__note">{t('list.choose')}</p>
        )}
        <p class="visually-hidden" role="status">
          {said.value}
        </p>
      </div>
    </div>
  );
}

interface StepsProps {
  rows: Row[];
  selected: Signal<string | null>;
  lanes: { id: string; name: string }[];
}

/** One step a line; the arrow keys go from line to line, Enter goes on to its form. */
function Steps({ rows, selected, lanes }: StepsProps) {
  const current = rows.some(({ id }) => id === selected.value) ? selected.value : rows[0]?.id;
  const laneName = new Map(lanes.map(({ id, name }) => [id, name]));
  const go = (event: KeyboardEvent) => {
    const at = rows.findIndex(({ id }) => id === current);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    const row = to === undefined ? undefined : rows[to];
    if (!row) return;
    event.preventDefault();
    selected.value = row.id;
    focusStep(row.id);
  };
  return (
    <ol class="outline__steps" aria-label={t('list.steps')} onKeyDown={go}>
      {rows.map((row) => (
        <li key={row.id} class={`outline__item outline__item--${Math.min(row.level, 3)}`}>
          <button
            type="button"
            class="outline__step"
            data-step={row.id}
            aria-current={row.id === selected.value ? 'true' : undefined}
            tabIndex={row.id === current ? 0 : -1}
            onClick={() => {
              selected.value = row.id;
              requestAnimationFrame(() => document.getElementById('step-name')?.focus());
            }}
          >
            <span class="outline__name">{row.name || t('list.unnamed')}</span>
            <span class="outline__about">
              {[
                kindName(row.kind),
                row.isAttached ? t('list.attached') : '',
                row.lane ? (laneName.get(row.lane) ?? '') : '',
              ]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}
