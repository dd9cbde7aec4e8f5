/** The rules we add to form-js's own; the server's twin is forms/rules.py, and the two change together. */
import { message } from './words';

export interface FormField {
  id: string;
  key?: string;
  type: string;
  label?: string;
  dateLabel?: string;
  readonly?: boolean | string;
  disabled?: boolean;
  subtype?: 'date' | 'time' | 'datetime';
  disallowPassedDates?: boolean;
  validate?: { required?: boolean };
  properties?: { required_if?: string; rule?: string; rule_message?: string };
  components?: FormField[];
}

/** UTF-16 units, when the form says no less. */
const MAX_LENGTH: Readonly<Record<string, number>> = { textfield: 1_000, textarea: 10_000 };

// C0 but tab and line ends, DEL, and halves of surrogate pairs, which no database stores as UTF-8.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it finds
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]/u;

/** What is asked of others: what form-js finds, and whether FEEL holds with `value` in this field. */
export interface Judges {
  formJs(): string[];
  holds(expression: string): boolean;
}

/** All that is wrong with `value`, as messages. */
export function errorsOf(field: FormField, value: unknown, { formJs, holds }: Judges): string[] {
  const beyond = limitError(field, value);
  const characters =
    typeof value === 'string' && CONTROL.test(value) ? [message('characters')] : [];
  // What is past the hard limit is not looked at further, nor does the server.
  if (beyond) return [...characters, beyond];
  return [
    ...formJs(),
    ...blankError(field, value),
    ...pastError(field, value),
    ...characters,
    ...ruleError(field, value, holds),
  ];
}

/** A rule is asked of a field that is filled in, and null is no yes. */
function ruleError(field: FormField, value: unknown, holds: Judges['holds']): string[] {
  const rule = field.properties?.rule;
  if (rule === undefined || isEmpty(value) || holds(rule)) return [];
  return [ruleMessage(field)];
}

/** What is said when the field's rule does not hold. */
export const ruleMessage = (field: FormField): string =>
  field.properties?.rule_message || message('rule');

function isEmpty(value: unknown): boolean {
  if (typeof value === 'string') return !value.trim();
  return value == null || value === false || (Array.isArray(value) && value.length === 0);
}

/** form-js takes blanks for an answer. */
function blankError(field: FormField, value: unknown): string[] {
  const isBlank = typeof value === 'string' && value !== '' && !value.trim();
  return field.validate?.required && isBlank ? [message('required')] : [];
}

/** The calendar of form-js offers no past days, but a draft or a prefilled value may have grown old. */
function pastError(field: FormField, value: unknown): string[] {
  const isDay = field.type === 'datetime' && field.subtype !== 'time';
  if (!isDay || !field.disallowPassedDates || typeof value !== 'string') return [];
  // A date alone would be read as midnight in UTC.
  const day = new Date(value.includes('T') ? value : `${value}T00:00`);
  const today = new Date();
  today.setHours(0, 0, 0, 0);
  return day < today ? [message('past')] : [];
}

function limitError(field: FormField, value: unknown): string | undefined {
  const limit = MAX_LENGTH[field.type];
  if (typeof value === 'string' && limit && value.length > limit)
    return message('max_length', { value: limit });
  if (typeof value !== 'number' || Math.abs(value) <= Number.MAX_SAFE_INTEGER) return undefined;
  return value > 0
    ? message('max', { value: Number.MAX_SAFE_INTEGER })
    : message('min', { value: Number.MIN_SAFE_INTEGER });
}
