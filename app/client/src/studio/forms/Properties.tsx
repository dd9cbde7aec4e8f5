/** What can be said of the selected component, both languages side by side. */
import type { ComponentChildren } from 'preact';
import { Icon } from '../../room/Icon';
import type { Finding, Vocabulary } from '../content';
import { type FormWord, t } from '../words/forms';
import { type Component, fieldsIn, isChoice, isKeyed, KINDS, type Kind } from './component';
import type { Canvas } from './editor';
import { Numeric, Select, Text, Toggle } from './inputs';
import { OptionList } from './OptionList';
import { Rows } from './Rows';

interface Props {
  canvas: Canvas;
  vocabulary: Vocabulary;
  findings: readonly Finding[];
}

/** A component and how it is changed. */
export interface Edited {
  of: Component;
  set(properties: Partial<Component>): void;
}

const KEY = /^[A-Za-z_\u3400-\u4dbf\u4e00-\u9fff][A-Za-z0-9_\u3400-\u4dbf\u4e00-\u9fff]{0,63}$/;

export function Properties({ canvas, vocabulary, findings }: Props) {
  const selected = canvas.selected();
  if (!selected) return <p class="forms-props__none">{t('props.none')}</p>;
  const edited: Edited = { of: selected, set: (properties) => canvas.edit(selected, properties) };
  const fields = fieldsIn(canvas.root().components);
  const about = findings.filter(({ text }) => isAbout(text, selected));
  return (
    <div class="forms-props" key={selected.id}>
      <Head canvas={canvas} field={selected} />
      {about.length > 0 && (
        <ul class="alert alert--error forms-props__findings">
          {about.map(({ text }) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
      <General {...edited} fields={fields} />
      {isChoice(selected) && <OptionList {...edited} vocabulary={vocabulary} />}
      {isKeyed(selected) && <Limits {...edited} />}
      {isKeyed(selected) && <Rules {...edited} fields={fields} />}
      <Section title={t('props.shown')} isOpen={Boolean(selected.conditional?.hide)}>
        <Rows
          title={t('props.hide')}
          value={selected.conditional?.hide}
          fields={fields.filter((field) => field !== selected)}
          onChange={(hide) =>
            edited.set({ conditional: hide === undefined ? undefined : { hide } })
          }
        />
      </Section>
      <Look {...edited} />
    </div>
  );
}

/** forms.check names the field it speaks of by its key, else its id, in quotation marks. */
export function isAbout(text: string, { key, id }: Component): boolean {
  return [key, id].some(
    (name) => name && (text.includes(`“${name}”`) || text.includes(`'${name}'`)),
  );
}

export function typeName(type: string): string {
  return t(KINDS.includes(type as Kind) ? (`type.${type}` as FormWord) : 'type.other');
}

function Head({ canvas, field }: { canvas: Canvas; field: Component }) {
  return (
    <header class="forms-props__head">
      <h3>{typeName(field.type)}</h3>
      <div class="cluster">
        {([-1, 1] as const).map((by) => (
          <button
            key={by}
            type="button"
            class="button button--small button--icon"
            aria-label={t(by < 0 ? 'props.up' : 'props.down')}
            title={t(by < 0 ? 'props.up' : 'props.down')}
            aria-disabled={!canvas.canMove(field, by)}
            onClick={() => canvas.move(field, by)}
          >
            <Icon name={by < 0 ? 'chevron-up' : 'chevron-down'} />
          </button>
        ))}
        <button
          type="button"
          class="button button--small button--icon button--danger"
          aria-label={t('props.remove')}
          title={t('props.remove')}
          onClick={() => canvas.remove(field)}
        >
          <Icon name="trash" />
        </button>
      </div>
    </header>
  );
}

export function Section({
  title,
  isOpen = true,
  children,
}: {
  title: string;
  isOpen?: boolean;
  children: ComponentChildren;
}) {
  return (
    <details class="forms-section" open={isOpen}>
      <summary>{title}</summary>
      <div class="forms-section__body">{children}</div>
    </details>
  );
}

/** A text and its translation, which stands in `properties.<name>_en`. */
export function Pair({
  of,
  set,
  label,
  value,
  name,
  onChange,
  lines,
}: Edited & {
  label: string;
  value: string | undefined;
  name: string;
  onChange(value: string): void;
  lines?: number;
}) {
  const property = `${name}_en`;
  const size = lines ? { lines } : {};
  return (
    <div class="forms-pair">
      <Text label={label} value={value} onChange={onChange} {...size} />
      <Text
        label={`${label} · ${t('props.english')}`}
        lang="en"
        value={of.properties?.[property]}
        onChange={(text) => set({ properties: withEntry(of.properties, property, text) })}
        {...size}
      />
    </div>
  );
}

/** A copy with one entry set, or without it when there is nothing to say. */
export function withEntry<V>(
  record: Record<string, V> | undefined,
  name: string,
  value: V | undefined,
): Record<string, V> {
  const { [name]: _, ...rest } = record ?? {};
  return value === undefined || value === '' ? rest : { ...rest, [name]: value };
}

function General({ of, set, fields }: Edited & { fields: readonly Component[] }) {
  const edited = { of, set };
  const refuseKey = (key: string) => {
    if (!KEY.test(key)) return t('props.key.wrong');
    return fields.some((field) => field !== of && field.key === key)
      ? t('props.key.taken')
      : undefined;
  };
  if (of.type === 'separator') return null;
  return (
    <Section title={t('props.general')}>
      {of.type === 'text' && (
        <Pair
          {...edited}
          label={t('props.text')}
          name="text"
          value={of.text}
          lines={4}
          onChange={(text) => set({ text })}
        />
      )}
      {of.type === 'datetime' && <Moments {...edited} />}
      {!['text', 'spacer', 'datetime'].includes(of.type) && (
        <Pair
          {...edited}
          label={t('props.label')}
          name="label"
          value={of.label}
          onChange={(label) => set({ label })}
        />
      )}
      {isKeyed(of) && (
        <>
          <Pair
            {...edited}
            label={t('props.description')}
            name="description"
            value={of.description}
            onChange={(description) => set({ description })}
          />
          <Text
            label={t('props.key')}
            hint={t('props.key.hint')}
            value={of.key}
            refuse={refuseKey}
            onChange={(key) => set({ key })}
          />
          <FirstValue {...edited} />
        </>
      )}
      {of.type === 'button' && (
        <Select
          label={t('props.action')}
          value={of.action ?? 'submit'}
          choices={(['submit', 'reset'] as const).map((value) => ({
            value,
            label: t(`props.action.${value}`),
          }))}
          onChange={(action) => set({ action })}
        />
      )}
    </Section>
  );
}

/** What stands in the field before anybody has written into it. */
function FirstValue({ of, set }: Edited) {
  const label = t('props.default');
  const { defaultValue } = of;
  const put = (value: unknown) => set({ defaultValue: value === '' ? undefined : value });
  switch (of.type) {
    case 'textfield':
    case 'textarea':
      return <Text label={label} value={(defaultValue as string) ?? ''} onChange={put} />;
    case 'number':
      return <Numeric label={label} value={defaultValue as number | undefined} onChange={put} />;
    case 'checkbox':
      return (
        <Toggle
          label={t('props.default.ticked')}
          value={defaultValue === true}
          onChange={(isTicked) => put(isTicked || undefined)}
        />
      );
    case 'radio':
    case 'select':
      return of.values ? <FirstChoice of={of} set={set} /> : null;
    default:
      return null;
  }
}

function FirstChoice({ of, set }: Edited) {
  const values = of.values ?? [];
  const at = values.findIndex(({ value }) => value === of.defaultValue);
  return (
    <Select
      label={t('props.default')}
      value={String(at)}
      choices={[
        { value: '-1', label: t('props.default.none') },
        ...values.map(({ label }, index) => ({ value: String(index), label })),
      ]}
      onChange={(index) => set({ defaultValue: values[Number(index)]?.value })}
    />
  );
}

function Moments(edited: Edited) {
  const { of, set } = edited;
  const subtype = of.subtype ?? 'date';
  return (
    <>
      <Select
        label={t('props.subtype')}
        value={subtype}
        choices={(['date', 'time', 'datetime'] as const).map((value) => ({
          value,
          label: t(`props.subtype.${value}`),
        }))}
        onChange={(value) => set(momentsOf(value, of))}
      />
      {subtype !== 'time' && (
        <Pair
          {...edited}
          label={t('props.date_label')}
          name="date_label"
          value={of.dateLabel}
          onChange={(dateLabel) => set({ dateLabel })}
        />
      )}
      {subtype !== 'date' && (
        <Pair
          {...edited}
          label={t('props.time_label')}
          name="time_label"
          value={of.timeLabel}
          onChange={(timeLabel) => set({ timeLabel })}
        />
      )}
    </>
  );
}

/** A moment carries its zone, since a process may wait for it; a time of day does not. */
function momentsOf(subtype: string, { dateLabel, timeLabel }: Component): Partial<Component> {
  return {
    subtype: subtype as NonNullable<Component['subtype']>,
    dateLabel: dateLabel || t('props.subtype.date'),
    timeLabel: timeLabel || t('props.subtype.time'),
    use24h: true,
    timeInterval: 15,
    timeSerializingFormat: subtype === 'datetime' ? 'utc_offset' : 'no_timezone',
  };
}

function Limits({ of, set }: Edited) {
  const rule = (name: string, value: unknown) =>
    set({ validate: withEntry(of.validate, name, value === false ? undefined : value) });
  const limit = (name: string, word: FormWord) => {
    const value = of.validate?.[name];
    return typeof value === 'string' ? (
      <Text label={t(word)} value={value} onChange={(text) => rule(name, text)} />
    ) : (
      <Numeric
        label={t(word)}
        value={value as number | undefined}
        onChange={(number) => rule(name, number)}
      />
    );
  };
  const isText = of.type === 'textfield' || of.type === 'textarea';
  return (
    <Section title={t('props.limits')}>
      <Toggle
        label={t('props.required')}
        value={of.validate?.required === true}
        onChange={(isRequired) => rule('required', isRequired)}
      />
      {isText && (
        <div class="forms-pair">
          {limit('minLength', 'props.min_length')}
          {limit('maxLength', 'props.max_length')}
        </div>
      )}
      {of.type === 'textfield' && <Format of={of} set={set} />}
      {of.type === 'number' && (
        <>
          <div class="forms-pair">
            {limit('min', 'props.min')}
            {limit('max', 'props.max')}
          </div>
          <div class="forms-pair">
            <Numeric
              label={t('props.decimals')}
              value={of.decimalDigits}
              onChange={(decimalDigits) => set({ decimalDigits })}
            />
            <Numeric
              label={t('props.step')}
              value={of.increment}
              onChange={(increment) => set({ increment })}
            />
          </div>
        </>
      )}
      {of.type === 'datetime' && of.subtype !== 'time' && (
        <Toggle
          label={t('props.future')}
          value={of.disallowPassedDates}
          onChange={(disallowPassedDates) => set({ disallowPassedDates })}
        />
      )}
      {of.type === 'datetime' && of.subtype !== 'date' && of.subtype && (
        <Select
          label={t('props.interval')}
          value={String(of.timeInterval ?? 15)}
          choices={[1, 5, 10, 15, 30, 60].map((count) => ({
            value: String(count),
            label: t('props.interval.minutes', { count }),
          }))}
          onChange={(value) => set({ timeInterval: Number(value) })}
        />
      )}
      {typeof of.readonly !== 'string' && (
        <Toggle
          label={t('props.readonly')}
          value={of.readonly}
          onChange={(readonly) => set({ readonly })}
        />
      )}
    </Section>
  );
}

const FORMATS = ['any', 'email', 'phone', 'pattern'] as const;

function Format({ of, set }: Edited) {
  const { pattern, patternErrorMessage, validationType } = of.validate ?? {};
  const shown =
    validationType === 'email' || validationType === 'phone'
      ? validationType
      : pattern === undefined
        ? 'any'
        : 'pattern';
  const choose = (format: string) => {
    const { pattern: _, patternErrorMessage: __, validationType: ___, ...rest } = of.validate ?? {};
    if (format === 'pattern') set({ validate: { ...rest, pattern: '' } });
    else set({ validate: format === 'any' ? rest : { ...rest, validationType: format } });
  };
  return (
    <>
      <Select
        label={t('props.format')}
        value={shown}
        choices={FORMATS.map((value) => ({ value, label: t(`props.format.${value}`) }))}
        onChange={choose}
      />
      {shown === 'pattern' && (
        <>
          <Text
            label={t('props.pattern')}
            value={String(pattern)}
            onChange={(text) => set({ validate: { ...of.validate, pattern: text } })}
          />
          <Pair
            of={of}
            set={set}
            label={t('props.pattern_message')}
            name="pattern_message"
            value={patternErrorMessage as string | undefined}
            onChange={(text) =>
              set({ validate: withEntry(of.validate, 'patternErrorMessage', text) })
            }
          />
        </>
      )}
    </>
  );
}

function Rules({ of, set, fields }: Edited & { fields: readonly Component[] }) {
  const { required_if, rule, rule_message } = of.properties ?? {};
  const write = (name: string, value: string | undefined) =>
    set({ properties: withEntry(of.properties, name, value) });
  return (
    <Section title={t('props.rules')}>
      <Rows
        title={t('props.required_if')}
        value={required_if}
        fields={fields.filter((field) => field !== of)}
        onChange={(value) => write('required_if', value)}
      />
      <Rows
        title={t('props.rule')}
        value={rule}
        fields={fields}
        own={of}
        onChange={(value) => write('rule', value)}
      />
      {rule !== undefined && (
        <Pair
          of={of}
          set={set}
          label={t('props.rule_message')}
          name="rule_message"
          value={rule_message}
          onChange={(text) => write('rule_message', text)}
        />
      )}
    </Section>
  );
}

function Look({ of, set }: Edited) {
  const adorn = (part: 'prefixAdorner' | 'suffixAdorner', text: string) =>
    set({ appearance: withEntry(of.appearance as Record<string, string>, part, text) });
  return (
    <Section title={t('props.look')} isOpen={false}>
      <Select
        label={t('props.width')}
        value={String(of.layout?.columns ?? 'auto')}
        choices={(['auto', '16', '8', '4'] as const)
          .map((value) => ({ value: String(value), label: t(`props.width.${value}`) }))
          .concat(otherWidth(of))}
        onChange={(value) =>
          set({ layout: { ...of.layout, columns: value === 'auto' ? null : Number(value) } })
        }
      />
      {of.type === 'group' && (
        <Toggle
          label={t('props.outline')}
          value={of.showOutline}
          onChange={(showOutline) => set({ showOutline })}
        />
      )}
      {of.type === 'spacer' && (
        <Numeric
          label={t('props.height')}
          value={of.height}
          onChange={(height) => set({ height: height ?? 60 })}
        />
      )}
      {of.type === 'select' && (
        <Toggle
          label={t('props.searchable')}
          value={of.searchable}
          onChange={(searchable) => set({ searchable })}
        />
      )}
      {(of.type === 'number' || of.type === 'textfield') && (
        <>
          <Pair
            of={of}
            set={set}
            label={t('props.prefix')}
            name="prefix"
            value={of.appearance?.prefixAdorner}
            onChange={(text) => adorn('prefixAdorner', text)}
          />
          <Pair
            of={of}
            set={set}
            label={t('props.suffix')}
            name="suffix"
            value={of.appearance?.suffixAdorner}
            onChange={(text) => adorn('suffixAdorner', text)}
          />
        </>
      )}
    </Section>
  );
}

/** A width that was dragged on the canvas, in sixteenths. */
function otherWidth({ layout }: Component): { value: string; label: string }[] {
  const columns = layout?.columns;
  return columns && ![16, 8, 4].includes(columns)
    ? [{ value: String(columns), label: `${columns}/16` }]
    : [];
}
