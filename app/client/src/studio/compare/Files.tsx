/** Forms and decision tables that changed, the old beside the new. */
import { t } from '../words/compare';
import type { Change, Difference, FormComponent, How } from './changes';
import { type Table, tables } from './table';

type Marks = ReadonlyMap<string, How>;

export function Files({ difference: { before, after, changes } }: { difference: Difference }) {
  const forms = filesOf(changes, 'form');
  const decisions = filesOf(changes, 'decision');
  return (
    <>
      {forms.map(([file, marks]) => (
        <Pair
          key={`form ${file}`}
          title={t('compare.file', { kind: t('compare.part.form'), file })}
          labels={[before.label, after.label]}
        >
          <Form components={before.forms[file]?.components} marks={marks} />
          <Form components={after.forms[file]?.components} marks={marks} />
        </Pair>
      ))}
      {decisions.map(([file, marks]) => (
        <Pair
          key={`decision ${file}`}
          title={t('compare.file', { kind: t('compare.part.decision'), file })}
          labels={[before.label, after.label]}
        >
          <Tables found={tables(before.decisions[file])} marks={marks} />
          <Tables found={tables(after.decisions[file])} marks={marks} />
        </Pair>
      ))}
    </>
  );
}

function filesOf(changes: readonly Change[], part: Change['part']): [string, Marks][] {
  const found = new Map<string, Map<string, How>>();
  for (const change of changes) {
    if (change.part !== part) continue;
    const marks = found.get(change.file) ?? new Map<string, How>();
    found.set(change.file, marks.set(change.id, change.how));
  }
  return [...found];
}

function Pair(props: { title: string; labels: [string, string]; children: preact.VNode[] }) {
  return (
    <details class="compare__file" open>
      <summary>{props.title}</summary>
      <div class="compare__pair">
        {props.children.map((child, side) => (
          <section key={props.labels[side]} aria-label={props.labels[side] ?? ''}>
            <p class="compare__caption">{props.labels[side]}</p>
            {child}
          </section>
        ))}
      </div>
    </details>
  );
}

function Form(props: { components: FormComponent[] | undefined; marks: Marks }) {
  if (!props.components) return <p class="compare__none">{t('compare.none')}</p>;
  return (
    <ul class="compare__fields">
      {props.components.map((one, place) => {
        const how = props.marks.get(one.id ?? one.key ?? String(place));
        return (
          <li key={one.id ?? place}>
            <span class={`compare__field ${how ? `is-${how}` : ''}`}>
              <span>{one.label || one.text || one.key || one.type}</span>
              {one.validate?.required ? <span class="tag">{t('compare.required')}</span> : null}
              <code>{one.key ?? one.type}</code>
              {how ? <span class={`compare__how is-${how}`}>{t(`compare.how.${how}`)}</span> : null}
            </span>
            {one.components ? <Form components={one.components} marks={props.marks} /> : null}
          </li>
        );
      })}
    </ul>
  );
}

function Tables({ found, marks }: { found: Table[]; marks: Marks }) {
  if (found.length === 0) return <p class="compare__none">{t('compare.none')}</p>;
  return (
    <>
      {found.map((table) => (
        <div key={table.name} class="compare__table">
          <table class="table">
            <caption>{table.name}</caption>
            <thead>
              <tr>
                {table.columns.map(({ label, isOutput }) => (
                  <th key={label} scope="col" class={isOutput ? 'is-output' : ''}>
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {table.rules.map(({ id, cells }) => (
                <tr key={id} class={marks.has(id) ? `is-${marks.get(id)}` : ''}>
                  {cells.map((cell, place) => (
                    <td key={place}>{cell || '–'}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ))}
    </>
  );
}
