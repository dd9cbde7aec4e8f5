/** What can be set at one step, where it leads, and what can be done to it. */
import { useSignal } from '@preact/signals';
import { Icon } from '../../room/Icon';
import type { Draft } from '../draft';
import { kindName, t } from '../words/list';
import { type Editing, INSERTABLE, type Insertable } from './editing';
import type { Moddle, Row, Way } from './outline';
import { SETTINGS, type Setting, setting, timer } from './settings';

interface Props {
  row: Row;
  rows: readonly Row[];
  draft: Draft;
  editing: Editing;
  edit(act: (editing: Editing) => void, told?: string): Promise<void>;
}

export function StepForm(props: Props) {
  const { row, draft, editing, edit } = props;
  const node = editing.node(row.id);
  if (!node) return null;
  const title = row.name || kindName(row.kind);
  return (
    <section aria-label={t('list.step', { name: title })}>
      <h3 class="outline__title">
        {title} <span class="tag">{kindName(row.kind)}</span>
      </h3>
      <fieldset class="outline__fields" disabled={!draft.mayEdit.value}>
        <Text
          id="step-name"
          label={t('list.name')}
          value={row.name}
          onChange={(name) => edit((one) => one.rename(row.id, name))}
        />
        <Lane {...props} />
        {(SETTINGS[row.kind] ?? []).map((name) => (
          <OneSetting key={name} name={name} node={node} {...props} />
        ))}
        {timer(node) && (
          <Text
            id="step-timer"
            label={t('list.timer')}
            value={timer(node)?.text ?? ''}
            onChange={(text) => edit((one) => one.setTimer(row.id, text))}
          />
        )}
        <Ways {...props} />
        <Insert {...props} />
        <Actions title={title} {...props} />
      </fieldset>
    </section>
  );
}

function Lane({ row, editing, edit }: Props) {
  const lanes = editing.lanes();
  if (row.isAttached || lanes.length === 0) return null;
  const options = lanes.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Select
      id="step-lane"
      label={t('list.lane')}
      value={row.lane ?? ''}
      options={row.lane ? options : [{ value: '', label: t('list.nowhere') }, ...options]}
      onChange={(lane) => lane && edit((one) => one.move(row.id, lane))}
    />
  );
}

function OneSetting({ name, node, row, draft, edit }: Props & { name: Setting; node: Moddle }) {
  const field = {
    id: `step-${name}`,
    label: t(`list.${name}`),
    value: setting(node, name),
    onChange: (text: string) => edit((one) => one.set(row.id, name, text)),
  };
  const options = optionsOf(name, draft);
  if (!options || field.value.startsWith('='))
    return <Text {...field} hint={name === 'due' ? t('list.due.hint') : ''} />;
  return <Select {...field} options={[{ value: '', label: t('list.none') }, ...options]} />;
}

/** What a setting can be chosen from; null where it is written. */
function optionsOf(name: Setting, draft: Draft): { value: string; label: string }[] | null {
  const { forms, decisions } = draft.content.value;
  const plain = (keys: string[]) => keys.sort().map((key) => ({ value: key, label: key }));
  switch (name) {
    case 'form':
      return plain(Object.keys(forms));
    case 'decision':
      return plain(Object.keys(decisions));
    case 'operation':
      return draft.vocabulary.operations.map((one) => ({ value: one.name, label: one.label }));
    case 'groups':
      return [...draft.vocabulary.roles];
    default:
      return null;
  }
}

function Ways({ row, rows, edit }: Props) {
  const nameOf = (id: string) => {
    const target = rows.find((one) => one.id === id);
    return target ? target.name || kindName(target.kind) : id;
  };
  const isChoice = row.kind === 'exclusiveGateway' || row.kind === 'inclusiveGateway';
  if (row.kind === 'endEvent') return null;
  return (
    <div class="outline__ways">
      <p class="field__label">{row.ways.length ? t('list.ways') : t('list.ways.none')}</p>
      {row.ways.map((way: Way) =>
        isChoice && !way.isDefault ? (
          <Text
            key={way.flow}
            id={`way-${way.flow}`}
            label={t('list.way', { target: way.name || nameOf(way.target) })}
            value={way.condition}
            onChange={(text) => edit((one) => one.setCondition(way.flow, text))}
          />
        ) : (
          <p key={way.flow} class="outline__way">
            {t(way.isDefault ? 'list.way.default' : 'list.way.plain', {
              target: nameOf(way.target),
            })}
          </p>
        ),
      )}
      <Connect {...{ row, rows, edit, nameOf }} />
    </div>
  );
}

interface ConnectProps extends Pick<Props, 'row' | 'rows' | 'edit'> {
  nameOf(id: string): string;
}

function Connect({ row, rows, edit, nameOf }: ConnectProps) {
  const target = useSignal('');
  const taken = new Set([row.id, ...row.ways.map((way) => way.target)]);
  const free = rows.filter(
    (one) => !taken.has(one.id) && !one.isAttached && one.kind !== 'startEvent',
  );
  return (
    <div class="outline__pair">
      <Select
        id="step-connect"
        label={t('list.connect')}
        value={target.value}
        options={[
          { value: '', label: t('list.none') },
          ...free.map(({ id }) => ({ value: id, label: nameOf(id) })),
        ]}
        onChange={(id) => {
          target.value = id;
        }}
      />
      <button
        type="button"
        class="button"
        disabled={!target.value}
        onClick={() => {
          const to = target.value;
          target.value = '';
          void edit((one) => one.connect(row.id, to));
        }}
      >
        {t('list.connect.do')}
      </button>
    </div>
  );
}

function Insert({ row, rows, draft, edit }: Props) {
  const isOpen = useSignal(false);
  const kind = useSignal<Insertable>('UserTask');
  const name = useSignal('');
  const flow = useSignal(row.ways[0]?.flow ?? '');
  if (row.kind === 'endEvent') return null;
  if (!isOpen.value)
    return (
      <button
        type="button"
        class="button"
        onClick={() => {
          isOpen.value = true;
        }}
      >
        <Icon name="plus" />
        {t('list.insert')}
      </button>
    );
  const insert = async () => {
    await edit(
      (one) => {
        draft.selected.value = one.insert(
          kind.value,
          name.value.trim(),
          row.id,
          flow.value || null,
        );
      },
      t('list.done.inserted', { name: name.value }),
    );
    document.getElementById('step-name')?.focus();
  };
  const target = (way: Way) => rows.find(({ id }) => id === way.target);
  return (
    <fieldset class="outline__insert">
      <legend class="field__label">{t('list.insert')}</legend>
      <Select
        id="insert-kind"
        label={t('list.insert.kind')}
        value={kind.value}
        options={INSERTABLE.map((one) => ({
          value: one,
          label: kindName(one.charAt(0).toLowerCase() + one.slice(1)),
        }))}
        onChange={(chosen) => {
          kind.value = chosen as Insertable;
        }}
      />
      <Text
        id="insert-name"
        label={t('list.insert.name')}
        value={name.value}
        onChange={(text) => {
          name.value = text;
        }}
      />
      <Select
        id="insert-where"
        label={t('list.insert.where')}
        value={flow.value}
        options={[
          ...row.ways.map((way) => ({
            value: way.flow,
            label: t('list.way.plain', { target: way.name || target(way)?.name || way.target }),
          })),
          { value: '', label: t('list.insert.new') },
        ]}
        onChange={(chosen) => {
          flow.value = chosen;
        }}
      />
      <div class="cluster">
        <button type="button" class="button button--primary" onClick={insert}>
          {t('list.insert.do')}
        </button>
        <button
          type="button"
          class="button button--quiet"
          onClick={() => {
            isOpen.value = false;
          }}
        >
          {t('list.cancel')}
        </button>
      </div>
    </fieldset>
  );
}

function Actions({ row, rows, title, draft, editing, edit }: Props & { title: string }) {
  const remove = async () => {
    const above = rows[rows.indexOf(row) - 1]?.id ?? null;
    await edit((one) => one.remove(row.id), t('list.done.removed', { name: title }));
    draft.selected.value = above;
    focusStep(above);
  };
  return (
    <div class="cluster">
      <button type="button" class="button" onClick={() => draft.show('diagram', row.id)}>
        <Icon name="process" />
        {t('list.show')}
      </button>
      <button
        type="button"
        class="button"
        disabled={!editing.canUndo()}
        onClick={() => edit((one) => one.undo())}
      >
        <Icon name="undo" />
        {t('list.undo')}
      </button>
      <button type="button" class="button button--danger" onClick={remove}>
        <Icon name="trash" />
        {t('list.remove')}
      </button>
    </div>
  );
}

/** Put the focus on a line of the list, once it is drawn. */
export function focusStep(id: string | null): void {
  requestAnimationFrame(() => {
    document.querySelector<HTMLElement>(`[data-step="${CSS.escape(id ?? '')}"]`)?.focus();
  });
}

interface Field {
  id: string;
  label: string;
  value: string;
  onChange(text: string): void;
}

function Text({ id, label, value, hint, onChange }: Field & { hint?: string }) {
  return (
    <div class="field">
      <label class="field__label" for={id}>
        {label}
      </label>
      <input
        id={id}
        class="input"
        value={value}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {hint && (
        <p class="field__hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

function Select({ id, label, value, options, onChange }: Field & { options: Choice[] }) {
  const isKnown = options.some((one) => one.value === value);
  return (
    <div class="field">
      <label class="field__label" for={id}>
        {label}
      </label>
      <select
        id={id}
        class="input"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {!isKnown && <option value={value}>{value}</option>}
        {options.map((one) => (
          <option key={one.value} value={one.value}>
            {one.label}
          </option>
        ))}
      </select>
    </div>
  );
}

interface Choice {
  value: string;
  label: string;
}
