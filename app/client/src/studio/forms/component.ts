/** Components of a form as a manager edits them: the kinds our forms take, and what each can say. */

export const GROUPS = {
  input: ['textfield', 'textarea', 'number', 'datetime', 'checkbox'],
  choice: ['radio', 'select', 'checklist', 'taglist'],
  page: ['group', 'text', 'separator', 'spacer', 'button'],
} as const;

export type Group = keyof typeof GROUPS;
export type Kind = (typeof GROUPS)[Group][number];

export const KINDS: readonly Kind[] = Object.values(GROUPS).flat();
const CHOICES: readonly string[] = GROUPS.choice;
const KEYED: readonly string[] = [...GROUPS.input, ...GROUPS.choice];

export interface Option {
  label: string;
  value: string | number | boolean;
  label_en?: string;
}

/** A component of form-js, as far as we let one edit it. */
export interface Component {
  id: string;
  type: string;
  key?: string;
  label?: string;
  description?: string;
  text?: string;
  dateLabel?: string;
  timeLabel?: string;
  subtype?: 'date' | 'time' | 'datetime';
  timeInterval?: number;
  timeSerializingFormat?: string;
  use24h?: boolean;
  disallowPassedDates?: boolean;
  decimalDigits?: number | undefined;
  increment?: number | undefined;
  values?: Option[];
  valuesKey?: string;
  valuesExpression?: string;
  searchable?: boolean;
  defaultValue?: unknown;
  readonly?: boolean | string;
  disabled?: boolean;
  showOutline?: boolean;
  height?: number;
  action?: string;
  conditional?: { hide?: string } | undefined;
  validate?: Record<string, unknown> | undefined;
  appearance?: { prefixAdorner?: string; suffixAdorner?: string };
  properties?: Record<string, string>;
  layout?: { row?: string; columns?: number | null };
  components?: Component[];
  _parent?: string;
}

export const isKeyed = ({ type }: Component): boolean => KEYED.includes(type);
export const isChoice = ({ type }: Component): boolean => CHOICES.includes(type);
export const isMultiple = ({ type }: Component): boolean =>
  type === 'checklist' || type === 'taglist';

/** What a person calls it. */
export function nameOf(component: Component): string {
  const { label, dateLabel, timeLabel, key, id } = component;
  return label || dateLabel || timeLabel || key || id;
}

/** Every component that holds an answer, in the order shown. */
export function fieldsIn(components: readonly Component[] = []): Component[] {
  return components.flatMap((component) => [
    ...(isKeyed(component) ? [component] : []),
    ...fieldsIn(component.components),
  ]);
}

/** Where form-js reads a text, by the property that holds its translation (forms/schema.py). */
const TRANSLATED: Readonly<Record<string, readonly string[]>> = {
  label: ['label'],
  description: ['description'],
  text: ['text'],
  date_label: ['dateLabel'],
  time_label: ['timeLabel'],
  prefix: ['appearance', 'prefixAdorner'],
  suffix: ['appearance', 'suffixAdorner'],
  pattern_message: ['validate', 'patternErrorMessage'],
  rule_message: ['properties', 'rule_message'],
};

/** A copy with its texts in English, as `localised` of forms/schema.py gives it. */
export function inEnglish(components: readonly Component[]): Component[] {
  return components.map((component) => {
    const copy = structuredClone({ ...component, components: undefined });
    for (const [name, path] of Object.entries(TRANSLATED)) {
      const text = copy.properties?.[`${name}_en`];
      if (text) put(copy, path, text);
    }
    for (const option of copy.values ?? []) option.label = option.label_en || option.label;
    const children = component.components;
    return { ...copy, ...(children ? { components: inEnglish(children) } : {}) } as Component;
  });
}

function put(owner: object, [step = '', ...rest]: readonly string[], text: string): void {
  const record = owner as Record<string, unknown>;
  if (!rest.length) {
    record[step] = text;
    return;
  }
  record[step] = { ...(record[step] as object | undefined) };
  put(record[step] as object, rest, text);
}
