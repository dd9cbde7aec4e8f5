/** FEEL as rows of a form: `urgency = "critical" and age >= 60` is two tests, both to hold. Pure. */

export const OPERATORS = ['=', '!=', '<', '<=', '>', '>='] as const;
export type Operator = (typeof OPERATORS)[number] | 'contains' | 'lacks';

export interface Test {
  key: string;
  operator: Operator;
  /** A constant as FEEL writes it, or the key of another field. */
  operand: string;
}

export interface Condition {
  join: 'and' | 'or';
  tests: readonly Test[];
}

const NAME = String.raw`[A-Za-z_\u3400-\u9fff][\w\u3400-\u9fff]*`;
const OPERAND = String.raw`"[^"\\]*"|-?\d+(?:\.\d+)?|${NAME}`;
const COMPARISON = new RegExp(`^(${NAME})\\s*(=|!=|<=|>=|<|>)\\s*(${OPERAND})$`);
const CONTAINS = new RegExp(`^list contains\\((${NAME}),\\s*(${OPERAND})\\)$`);
const LACKS = new RegExp(`^not\\(list contains\\((${NAME}),\\s*(${OPERAND})\\)\\)$`);
const TRUTH = new RegExp(`^(?:not\\((${NAME})\\)|(${NAME}))$`);
const WORDS = ['true', 'false', 'null', 'and', 'or', 'not', 'in'];

/** The rows behind `=…`; null if it is written in another way, which stays as it is. */
export function read(text: string): Condition | null {
  const feel = text.replace(/^=/, '').trim();
  const parts = feel.split(/\s+(and|or)\s+(?=(?:[^"]*"[^"]*")*[^"]*$)/);
  const joins = new Set(parts.filter((_, n) => n % 2));
  const tests = parts.filter((_, n) => n % 2 === 0).map(readTest);
  if (joins.size > 1 || tests.some((test) => test === null)) return null;
  return { join: joins.has('or') ? 'or' : 'and', tests: tests as Test[] };
}

function readTest(text: string): Test | null {
  for (const [pattern, operator] of [
    [CONTAINS, 'contains'],
    [LACKS, 'lacks'],
  ] as const) {
    const [, key, operand] = pattern.exec(text) ?? [];
    if (key && operand) return { key, operator, operand };
  }
  const [, key, operator, operand] = COMPARISON.exec(text) ?? [];
  if (key && operand && !WORDS.includes(key))
    return { key, operator: operator as Operator, operand };
  const [, denied, stated] = TRUTH.exec(text) ?? [];
  const flag = denied ?? stated;
  if (!flag || WORDS.includes(flag)) return null;
  return { key: flag, operator: '=', operand: denied ? 'false' : 'true' };
}

export function write({ join, tests }: Condition): string {
  return `=${tests.map(writeTest).join(` ${join} `)}`;
}

function writeTest({ key, operator, operand }: Test): string {
  if (operator === 'contains') return `list contains(${key}, ${operand})`;
  if (operator === 'lacks') return `not(list contains(${key}, ${operand}))`;
  return `${key} ${operator} ${operand}`;
}

/** A value as FEEL writes it. */
export function constant(value: unknown): string {
  return typeof value === 'string' ? `"${value.replace(/["\\]/g, '')}"` : String(value);
}

/** The text of a constant as one types it. */
export const typed = (operand: string): string => operand.replace(/^"|"$/g, '');
