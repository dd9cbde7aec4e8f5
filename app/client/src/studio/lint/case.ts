/** What every check is given, and how it says what it found: as bpmn/lint/case.py. */
import type { FormSchema, Operation, Vocabulary } from '../content';
import type { Diagram, Element } from './read';

/** What a diagram may name, and in which language its findings are told. */
export interface Context {
  forms: Readonly<Record<string, FormSchema>>;
  /** Ids of the decisions there are. */
  decisions: readonly string[];
  /** The notices the process brings. */
  notices: readonly string[];
  vocabulary: Vocabulary;
  language: 'zh' | 'en';
}

export interface Case {
  root: Element;
  diagram: Diagram;
  context: Context;
}

/** A finding in both languages. */
export interface Said {
  element: string;
  name: string;
  rule: string;
  severity: 'error' | 'warning';
  zh: string;
  en: string;
}

interface Named {
  id: string;
  name: string;
}

export type Tell = (one: Named, rule: string, zh: string, en: string) => Said;

export const error: Tell = (one, rule, zh, en) => said(one, rule, 'error', zh, en);
export const warning: Tell = (one, rule, zh, en) => said(one, rule, 'warning', zh, en);

function said(one: Named, rule: string, severity: Said['severity'], zh: string, en: string): Said {
  return { element: one.id, name: one.name, rule, severity, zh, en };
}

/** A name as an English sentence quotes it. */
export function quoted(name: string): string {
  return name.includes("'") && !name.includes('"') ? `"${name}"` : `'${name}'`;
}

export function operationOf(context: Context, name: string): Operation | undefined {
  return context.vocabulary.operations.find((one) => one.name === name);
}

export function needsOf(context: Context, record: string): readonly string[] | undefined {
  return context.vocabulary.records.find((one) => one.name === record)?.needs;
}

type Field = Readonly<Record<string, unknown>>;

/** The fields that have a key, those in groups included, those in repeated lists not. */
export function* fields(form: FormSchema | undefined): Iterable<Field & { key: string }> {
  yield* within(form?.components);
}

function* within(components: unknown): Iterable<Field & { key: string }> {
  for (const one of Array.isArray(components) ? (components as Field[]) : []) {
    if (typeof one?.key === 'string' && one.key) {
      yield one as Field & { key: string };
    }
    if (one?.type === 'group') {
      yield* within(one.components);
    }
  }
}

/** The answers that reach the process by themselves. */
export const CHOICES: ReadonlySet<unknown> = new Set(
  'select radio checkbox checklist taglist number datetime'.split(' '),
);

/** The text a mapping always gives; null if it has to be computed. */
export function constant(source: string): string | null {
  if (!source.startsWith('=')) {
    return source;
  }
  return /^=\s*"([^"\\]*)"\s*$/.exec(source)?.[1] ?? null;
}

/** The names a mapping reads. Texts in it, paths behind a name and functions are none. */
export function* namesIn(source: string): Iterable<string> {
  const bare = source.startsWith('=') ? source.replace(/"(?:[^"\\]|\\.)*"/g, '""') : '';
  for (const [name] of bare.matchAll(
    /(?<![\p{L}\p{N}_.])[\p{L}_][\p{L}\p{N}_]*(?!\s*\(|[\p{L}\p{N}_])/gu,
  )) {
    if (!WORDS.has(name)) {
      yield name;
    }
  }
}

const WORDS: ReadonlySet<string> = new Set(
  'and between else every external false for function if in instance not null of or return satisfies some then true'.split(
    ' ',
  ),
);
