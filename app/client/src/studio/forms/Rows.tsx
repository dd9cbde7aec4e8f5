/** A condition as rows of field, relation and value; what rows cannot say is written as FEEL. */
import { useState } from 'preact/hooks';
import { Icon } from '../../room/Icon';
import { t } from '../words/forms';
import { type Component, isChoice, isMultiple, nameOf } from './component';
import {
  type Condition,
  constant,
  OPERATORS,
  type Operator,
  read,
  type Test,
  typed,
  write,
} from './condition';
import { Select, Text } from './inputs';

interface Props {
  title: string;
  value: string | undefined;
  fields: readonly Component[];
  /** Named first in a new row. */
  own?: Component | undefined;
  onChange(value: string | undefined): void;
}

export function Rows({ title, value, fields, own, onChange }: Props) {
  const [prefersFeel, setPrefersFeel] = useState(false);
  const condition = value === undefined ? { join: 'and' as const, tests: [] } : read(value);
  const isFeel = prefersFeel || !condition;
  return (
    <fieldset class="forms-rows">
      <legend class="field__label">{title}</legend>
      {isFeel ? (
        <Text
          label={title}
          isBare
          lines={2}
          value={value}
          onChange={(text) => onChange(text ? `=${text.replace(/^=\s*/, '')}` : undefined)}
        />
      ) : (
        <Tests condition={condition} fields={fields} own={own} onChange={onChange} />
      )}
      {condition && (
        <button
          type="button"
          class="button button--small button--quiet"
          onClick={() => setPrefersFeel(!isFeel)}
        >
          {t(isFeel ? 'rows.rows' : 'rows.feel')}
        </button>
      )}
    </fieldset>
  );
}

function Tests({
  condition,
  fields,
  own,
  onChange,
}: Omit<Props, 'title' | 'value'> & { condition: Condition }) {
  const { join, tests } = condition;
  const take = (next: readonly Test[]) =>
    onChange(next.length ? write({ join, tests: next }) : undefined);
  const first = own ?? fields[0];
  return (
    <>
      {tests.length > 1 && (
        <Select
          label={t('rows.join')}
          value={join}
          choices={(['and', 'or'] as const).map((each) => ({
            value: each,
            label: t(`rows.join.${each}`),
          }))}
          onChange={(next) => onChange(write({ join: next as Condition['join'], tests }))}
        />
      )}
      {tests.map((test, index) => (
        <Row
          key={index}
          number={index + 1}
          test={test}
          fields={fields}
          onChange={(next) => take(tests.map((each, n) => (n === index ? next : each)))}
          onRemove={() => take(tests.filter((_, n) => n !== index))}
        />
      ))}
      {first && (
        <button
          type="button"
          class="button button--small"
          onClick={() => take([...tests, firstTest(first)])}
        >
          <Icon name="plus" />
          {t('rows.add')}
        </button>
      )}
    </>
  );
}

function Row({
  number,
  test,
  fields,
  onChange,
  onRemove,
}: {
  number: number;
  test: Test;
  fields: readonly Component[];
  onChange(test: Test): void;
  onRemove(): void;
}) {
  const field = fields.find(({ key }) => key === test.key);
  const choose = (key: string) => {
    const chosen = fields.find((each) => each.key === key);
    if (chosen) onChange(firstTest(chosen));
  };
  const named = fields.map((each) => ({ value: each.key ?? '', label: nameOf(each) }));
  const unknown = field ? [] : [{ value: test.key, label: test.key }];
  return (
    <div class="forms-row">
      <Select
        isBare
        label={t('rows.key', { number })}
        value={test.key}
        choices={[...unknown, ...named]}
        onChange={choose}
      />
      <Select
        isBare
        label={t('rows.operator', { number })}
        value={test.operator}
        choices={operatorsOf(field, test.operator).map((operator) => ({
          value: operator,
          label: t(`rows.${operator}`),
        }))}
        onChange={(operator) => onChange({ ...test, operator: operator as Operator })}
      />
      <Operand number={number} test={test} field={field} fields={fields} onChange={onChange} />
      <button
        type="button"
        class="button button--small button--icon button--quiet forms-row__remove"
        aria-label={t('rows.remove', { number })}
        onClick={onRemove}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}

const CONSTANT = 'constant';

/** Options of the field, "empty", another field, or a value that is typed beside it. */
function Operand({
  number,
  test,
  field,
  fields,
  onChange,
}: {
  number: number;
  test: Test;
  field: Component | undefined;
  fields: readonly Component[];
  onChange(test: Test): void;
}) {
  const values = constantsOf(field);
  const others = fields
    .filter((other) => other !== field && canCompare(field, other))
    .map((other) => ({ value: other.key ?? '', label: nameOf(other) }));
  const isListed = [...values, ...others].some(({ value }) => value === test.operand);
  const isTyped = takesConstant(field) || !isListed;
  const take = (operand: string) =>
    onChange({ ...test, operand: operand === CONSTANT ? emptyConstant(field) : operand });
  const text = typed(test.operand);
  return (
    <>
      <Select
        isBare
        isWide={isListed}
        label={t('rows.operand', { number })}
        value={isListed ? test.operand : CONSTANT}
        choices={[...(isTyped ? [{ value: CONSTANT, label: t('rows.constant') }] : []), ...values]}
        onChange={take}
      >
        {others.length > 0 && (
          <optgroup label={t('rows.fields')}>
            {others.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </optgroup>
        )}
      </Select>
      {!isListed && (
        <Text
          isBare
          label={t('rows.value', { number })}
          type={field?.type === 'number' ? 'number' : 'text'}
          value={text}
          onChange={(next) =>
            onChange({
              ...test,
              operand: field?.type === 'number' ? String(Number(next)) : constant(next),
            })
          }
        />
      )}
    </>
  );
}

function operatorsOf(field: Component | undefined, current: Operator): readonly Operator[] {
  if (!field) return [current];
  if (isMultiple(field)) return ['contains', 'lacks'];
  const isOrdered = field.type === 'number' || field.type === 'datetime';
  return isOrdered ? OPERATORS : ['=', '!='];
}

function constantsOf(field: Component | undefined): { value: string; label: string }[] {
  if (field?.type === 'checkbox')
    return ['true', 'false'].map((value) => ({
      value,
      label: t(`rows.${value as 'true' | 'false'}`),
    }));
  const options = (field?.values ?? []).map(({ value, label }) => ({
    value: constant(value),
    label,
  }));
  const none = { value: field && isText(field) ? '""' : 'null', label: t('rows.null') };
  return field && isMultiple(field) ? options : [...options, none];
}

const isText = ({ type }: Component) => type === 'textfield' || type === 'textarea';

/** Whether its values are typed rather than chosen. */
function takesConstant(field: Component | undefined): boolean {
  return !field || !(field.type === 'checkbox' || (isChoice(field) && field.values));
}

function canCompare(one: Component | undefined, other: Component): boolean {
  if (!one || isMultiple(one) || isMultiple(other)) return false;
  if (isText(one)) return isText(other);
  if (one.type === 'datetime')
    return one.type === other.type && (one.subtype ?? 'date') === (other.subtype ?? 'date');
  return one.type === other.type && !isChoice(one);
}

function emptyConstant(field: Component | undefined): string {
  return field?.type === 'number' ? '0' : '" "';
}

/** What is most often meant: an option is chosen, a box ticked, anything else is filled in. */
function firstTest(field: Component): Test {
  const key = field.key ?? '';
  if (isMultiple(field) && !field.values) return { key, operator: 'contains', operand: '" "' };
  const [first] = constantsOf(field);
  if (isMultiple(field)) return { key, operator: 'contains', operand: first?.value ?? '" "' };
  if (takesConstant(field)) return { key, operator: '!=', operand: first?.value ?? 'null' };
  return { key, operator: '=', operand: first?.value ?? 'null' };
}
