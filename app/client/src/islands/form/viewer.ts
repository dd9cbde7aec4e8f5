/** form-js as we use it: our words, our additional rules, drafts, and errors the server found. */
import { date } from '@bpmn-io/feelin';
import { Form } from '@bpmn-io/form-js-viewer';
import dayjs from 'dayjs';
import flatpickr from 'flatpickr';
import { Mandarin } from 'flatpickr/dist/l10n/zh';
import { language } from '../../lib/i18n';
import { errorsOf, type FormField, ruleMessage } from './rules';
import { message, translate } from './words';

export type Values = Record<string, unknown>;
export type Errors = Readonly<Record<string, readonly string[]>>;

export interface Schema {
  components: FormField[];
}

export interface Opening {
  schema: Schema;
  /** What the server knows: option lists, prefilled fields, what conditions read. */
  data: Values;
  /** Answers kept from an earlier visit, over `data`. */
  draft?: Values | null;
  isReadonly?: boolean;
  /** The name of the form for screen readers. */
  title?: string;
}

/** What form-js hands out on submit; its errors go by field id. */
export interface Submission {
  data: Values;
  errors: Errors;
}

export interface Result {
  answers: Values;
  errors: Errors;
}

interface Instance {
  id: string;
}
interface Validator {
  validateFieldInstance(instance: Instance, value: unknown): string[];
}
interface Registry {
  get(id: string): FormField | undefined;
}
interface Instances {
  getAllKeyed(): Instance[];
}
interface Language {
  evaluate(expression: string, data: Values): unknown;
}
interface Conditions {
  applyConditions(data: Values, context: Values): Values;
}
interface Events {
  on(event: 'formField.add', listener: (added: { formField: FormField }) => void): void;
}

/** FEEL's `today()`; feelin's own is local midnight and never equals a `date("…")`, which is UTC. */
export const today = () => date(dayjs().format('YYYY-MM-DD'));

/** Adds our rules to form-js's validator; `required_if` becomes what form-js takes for `required`. */
function withOurRules(
  form: Form,
  eventBus: Events,
  validator: Validator,
  formFieldRegistry: Registry,
  expressionLanguage: Language,
  conditionChecker: Conditions,
) {
  // form-js's own context is that of the last drawing, which does not know the latest key yet.
  const holds = (expression: string, latest: Values = {}) => {
    const { data, initialData } = form._getState();
    const answers = { ...data, ...latest };
    const shown = conditionChecker.applyConditions(answers, answers);
    const context = { today, ...initialData, ...shown };
    return expressionLanguage.evaluate(expression, context) === true;
  };

  eventBus.on('formField.add', ({ formField }) => {
    const condition = formField.properties?.required_if;
    if (condition === undefined) return;
    const always = formField.validate?.required ?? false;
    formField.validate = Object.defineProperty({ ...formField.validate }, 'required', {
      enumerable: true,
      get: () => always || holds(condition),
    });
  });

  const theirs = validator.validateFieldInstance.bind(validator);
  validator.validateFieldInstance = (instance, value) => {
    const field = formFieldRegistry.get(instance.id);
    if (!field?.key) return [];
    const latest = { [field.key]: value };
    return errorsOf(field, value, {
      formJs: () => theirs(instance, value),
      holds: (expression) => holds(expression, latest),
    });
  };
}
withOurRules.$inject = [
  'form',
  'eventBus',
  'validator',
  'formFieldRegistry',
  'expressionLanguage',
  'conditionChecker',
];

/** What a rule said of one field may be mended in another: take it back once it is no longer true. */
function forgetMendedRules(form: Form): void {
  const validator = form.get<Validator>('validator');
  const { errors, data } = form._getState();
  const instances = form.get<Instances>('formFieldInstanceRegistry').getAllKeyed();
  const kept = { ...errors };
  for (const field of fieldsOf(form)) {
    const shown = kept[field.id];
    const instance = instances.find(({ id }) => id === field.id);
    if (
      !shown ||
      !instance ||
      !field.key ||
      !(field.properties?.rule ?? field.properties?.required_if)
    )
      continue;
    const ofRules = [ruleMessage(field), message('required')];
    const found = validator.validateFieldInstance(instance, data[field.key]);
    kept[field.id] = shown.filter((text) => found.includes(text) || !ofRules.includes(text));
    if (!kept[field.id]?.length) delete kept[field.id];
  }
  if (JSON.stringify(kept) !== JSON.stringify(errors)) form._setState({ errors: kept });
}

const ourModule = {
  __init__: [withOurRules],
  translate: ['value', translate],
};

const CHINESE = {
  ...Mandarin,
  yearAriaLabel: '年',
  monthAriaLabel: '月',
  hourAriaLabel: '小时',
  minuteAriaLabel: '分钟',
};

/** The calendar of form-js takes its words from flatpickr's own, one for the whole page. */
export function localiseCalendar(): void {
  flatpickr.localize(language() === 'zh' ? CHINESE : flatpickr.l10ns.default);
}

/** Show a form in `container`. */
export async function openForm(container: HTMLElement, opening: Opening): Promise<Form> {
  localiseCalendar();
  const form = new Form({
    container,
    // The default delay loses text typed into a field that has just appeared.
    debounce: false,
    additionalModules: [ourModule],
    properties: { readOnly: opening.isReadonly ?? false, ariaLabel: opening.title },
  } as ConstructorParameters<typeof Form>[0]);
  const kept = draftOf(opening);
  await form.importSchema(opening.schema, { ...opening.data, ...kept });
  // Conditions read a hidden field's initial value. The draft must not count as that: the server
  // knows no drafts and has to come to the same verdict.
  if (Object.keys(kept).length) form._setState({ initialData: await initialData(opening) });
  form.on('changed', () => forgetMendedRules(form));
  return form;
}

/** The part of the draft that still belongs to an editable field. */
function draftOf({ schema, draft }: Opening): Values {
  const keys = new Set(editableKeys(schema.components));
  return Object.fromEntries(Object.entries(draft ?? {}).filter(([key]) => keys.has(key)));
}

/** What form-js makes of the data alone. */
async function initialData({ schema, data }: Opening): Promise<Values> {
  const blank = new Form();
  await blank.importSchema(schema, data);
  const initial = blank._getState().initialData;
  blank.destroy();
  return initial;
}

/** Every field with a key, in the order shown. */
export function keyedFields(components: readonly FormField[]): FormField[] {
  return components.flatMap((field) => [
    ...(field.key ? [field] : []),
    ...keyedFields(field.components ?? []),
  ]);
}

function editableKeys(components: readonly FormField[]): string[] {
  const isEditable = (field: FormField) => field.readonly !== true && !field.disabled;
  return keyedFields(components)
    .filter(isEditable)
    .map((field) => field.key ?? '');
}

/** The answers of all visible fields and the errors by field key, from what form-js submits. */
export function resultOf(form: Form, { data, errors }: Submission): Result {
  const wrong = fieldsOf(form).filter((field) => errors[field.id]);
  return {
    answers: data,
    errors: Object.fromEntries(wrong.map((field) => [field.key, errors[field.id] ?? []])),
  };
}

/** What has been filled in so far, valid or not. */
export function currentAnswers(form: Form): Values {
  return (form as unknown as { _getSubmitData(): Values })._getSubmitData();
}

/** Show what the server said at the fields; keys the form does not know are left out. */
export function showErrors(form: Form, errors: Errors): void {
  const shown: Record<string, string[]> = {};
  for (const field of fieldsOf(form)) {
    const messages = field.key ? errors[field.key] : undefined;
    if (messages) shown[field.id] = [...messages];
  }
  form._setState({ errors: shown });
}

/** The fields of the form as form-js has imported them, with the ids it gave them. */
export function fieldsOf(form: Form): FormField[] {
  return keyedFields(form._getState().schema.components);
}

/** The control of a field: what a label points at and what takes the focus. */
export function controlOf(form: Form, container: HTMLElement, key: string): HTMLElement | null {
  const field = fieldsOf(form).find((each) => each.key === key);
  if (!field) return null;
  const id = `fjs-form-${form._id}-${field.id}`;
  const candidates = [id, `${id}-date`, `${id}-time`, `${id}-0`, `${id}-search`];
  const found = candidates.map((each) => container.querySelector(`#${CSS.escape(each)}`));
  return found.find((each) => each instanceof HTMLElement) ?? null;
}
