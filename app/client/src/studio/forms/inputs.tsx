/** Fields of the properties: what is typed counts when one leaves the field or presses Enter. */
import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';

export interface Choice {
  value: string;
  label: string;
}

interface TextProps {
  label: string;
  value: string | undefined;
  onChange(value: string): void;
  hint?: string;
  /** Why this text cannot be taken; it stays in the field. */
  refuse?: (value: string) => string | undefined;
  lines?: number;
  type?: 'text' | 'number';
  lang?: string;
  isBare?: boolean;
}

interface Typed {
  currentTarget: HTMLInputElement | HTMLTextAreaElement;
}
type Keyed = Typed & { key: string };

export function Text(props: TextProps) {
  const { label, value = '', onChange, hint, refuse, lines, type = 'text', lang, isBare } = props;
  const id = useId();
  const [problem, setProblem] = useState('');
  const commit = ({ currentTarget }: Typed) => {
    const next = currentTarget.value.trim();
    if (next === value) return setProblem('');
    const reason = refuse?.(next) ?? '';
    setProblem(reason);
    if (!reason) onChange(next);
  };
  const shared = {
    id,
    lang,
    class: 'input',
    value,
    // Not onChange: form-js brings preact/compat, which turns it into one event a key.
    onBlur: commit,
    onKeyDown: (event: Keyed) => {
      if (event.key === 'Enter' && !lines) commit(event);
    },
    'aria-invalid': problem ? true : undefined,
    'aria-describedby': hint || problem ? `${id}-more` : undefined,
    'aria-label': isBare ? label : undefined,
  };
  return (
    <div class="field">
      {!isBare && (
        <label class="field__label" for={id}>
          {label}
        </label>
      )}
      {lines ? (
        <textarea {...shared} rows={lines} />
      ) : (
        <input {...shared} type={type} step={type === 'number' ? 'any' : undefined} />
      )}
      {(problem || hint) && (
        <span id={`${id}-more`} class={problem ? 'field__error' : 'field__hint'} role="status">
          {problem || hint}
        </span>
      )}
    </div>
  );
}

export function Numeric({
  value,
  onChange,
  ...rest
}: {
  label: string;
  value: number | undefined;
  onChange(value: number | undefined): void;
}) {
  const text = value === undefined ? '' : String(value);
  const take = (typed: string) => onChange(typed === '' ? undefined : Number(typed));
  return <Text {...rest} type="number" value={text} onChange={take} />;
}

export function Select({
  label,
  value,
  choices,
  onChange,
  isBare = false,
  isWide = false,
  children,
}: {
  label: string;
  value: string;
  choices: readonly Choice[];
  onChange(value: string): void;
  isBare?: boolean;
  /** Takes the whole row. */
  isWide?: boolean;
  /** More options, in groups. */
  children?: ComponentChildren;
}) {
  const id = useId();
  return (
    <div class={isWide ? 'field field--wide' : 'field'}>
      {!isBare && (
        <label class="field__label" for={id}>
          {label}
        </label>
      )}
      <select
        id={id}
        class="input"
        aria-label={isBare ? label : undefined}
        value={value}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
        {children}
      </select>
    </div>
  );
}

export function Toggle({
  label,
  value,
  onChange,
}: {
  label: string;
  value: boolean | undefined;
  onChange(value: boolean): void;
}) {
  return (
    <label class="forms-toggle">
      <input
        type="checkbox"
        checked={value ?? false}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
      {label}
    </label>
  );
}
