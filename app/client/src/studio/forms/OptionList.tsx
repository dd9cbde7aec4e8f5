/** Where a choice takes its options from: written here, or a list of the system. */
import { Icon } from '../../room/Icon';
import type { Vocabulary } from '../content';
import { t } from '../words/forms';
import type { Component, Option } from './component';
import { Select, Text } from './inputs';
import { type Edited, Section, withEntry } from './Properties';

const VALUES = 'values';
const FEEL = 'feel';

export function OptionList({ of, set, vocabulary }: Edited & { vocabulary: Vocabulary }) {
  const source = of.valuesKey ? `list:${of.valuesKey}` : of.valuesExpression ? FEEL : VALUES;
  const lists = vocabulary.options.map(({ value, label }) => ({
    value: `list:${value}`,
    label: t('props.source.list', { list: label }),
  }));
  const isUnknown = of.valuesKey && !lists.some(({ value }) => value === source);
  return (
    <Section title={t('props.options')}>
      <Select
        label={t('props.source')}
        value={source}
        choices={[
          { value: VALUES, label: t('props.source.values') },
          ...lists,
          ...(isUnknown ? [{ value: source, label: of.valuesKey ?? '' }] : []),
          ...(source === FEEL ? [{ value: FEEL, label: t('props.source.feel') }] : []),
        ]}
        onChange={(next) => set(sourceOf(next, of))}
      />
      {source === FEEL && (
        <Text
          label={t('props.source.feel')}
          value={of.valuesExpression}
          onChange={(valuesExpression) => set({ valuesExpression })}
        />
      )}
      {source === VALUES && (
        <Options options={of.values ?? []} onChange={(values) => set({ values })} />
      )}
    </Section>
  );
}

/** form-js takes the other sources away by itself. */
function sourceOf(source: string, { values }: Component): Partial<Component> {
  if (source === FEEL) return {};
  if (source === VALUES) return { values: values ?? [newOption([])] };
  return { valuesKey: source.replace('list:', '') };
}

function newOption(options: readonly Option[]): Option {
  let number = options.length + 1;
  while (options.some(({ value }) => value === `option_${number}`)) number += 1;
  return { label: t('new.option', { number }), value: `option_${number}` };
}

function Options({
  options,
  onChange,
}: {
  options: readonly Option[];
  onChange(options: Option[]): void;
}) {
  return (
    <ol class="forms-options">
      <li class="forms-option" aria-hidden="true">
        <div class="forms-option__texts field__hint">
          <span>{t('props.option.label')}</span>
          <span>{t('props.english')}</span>
          <span>{t('props.option.value')}</span>
        </div>
      </li>
      {options.map((option, index) => (
        <li key={`${index} ${option.value}`} class="forms-option">
          <OneOption
            number={index + 1}
            option={option}
            onChange={(next) => onChange(options.map((each, n) => (n === index ? next : each)))}
          />
          <div class="forms-option__actions">
            <button
              type="button"
              class="button button--small button--icon button--quiet"
              aria-label={t('props.option.up', { number: index + 1 })}
              disabled={index === 0}
              onClick={() => onChange(swapped(options, index))}
            >
              <Icon name="chevron-up" />
            </button>
            <button
              type="button"
              class="button button--small button--icon button--quiet"
              aria-label={t('props.option.remove', { number: index + 1 })}
              disabled={options.length === 1}
              onClick={() => onChange(options.filter((_, n) => n !== index))}
            >
              <Icon name="close" />
            </button>
          </div>
        </li>
      ))}
      <li>
        <button
          type="button"
          class="button button--small"
          onClick={() => onChange([...options, newOption(options)])}
        >
          <Icon name="plus" />
          {t('props.option.add')}
        </button>
      </li>
    </ol>
  );
}

function OneOption({
  number,
  option,
  onChange,
}: {
  number: number;
  option: Option;
  onChange(option: Option): void;
}) {
  const named = (part: string) => `${t('props.option', { number })}：${part}`;
  const english = (text: string) =>
    onChange(withEntry({ ...option }, 'label_en', text) as unknown as Option);
  return (
    <div class="forms-option__texts">
      <Text
        isBare
        label={named(t('props.option.label'))}
        value={option.label}
        onChange={(label) => onChange({ ...option, label })}
      />
      <Text
        isBare
        lang="en"
        label={named(t('props.english'))}
        value={option.label_en}
        onChange={english}
      />
      <Text
        isBare
        label={named(t('props.option.value'))}
        value={String(option.value)}
        onChange={(value) =>
          onChange({ ...option, value: typeof option.value === 'number' ? Number(value) : value })
        }
      />
    </div>
  );
}

function swapped(options: readonly Option[], index: number): Option[] {
  const moved = options[index];
  const others = options.filter((_, n) => n !== index);
  return moved ? [...others.slice(0, index - 1), moved, ...others.slice(index - 1)] : others;
}
