/** The texts a draft brings for notices: read, changed and taken back, each a new value. */
import type { Content } from '../content';

export const LANGUAGES = ['zh', 'en'] as const;
export const PARTS = ['title', 'body', 'sms'] as const;
export type Language = (typeof LANGUAGES)[number];
export type Part = (typeof PARTS)[number];
export type Texts = Record<Language, Partial<Record<Part, string>>>;
export type Notices = Content['notices'];

/** A notice that ships; `sent` says when the product itself sends it, empty if it never does. */
export interface Template {
  name: string;
  label: string;
  sent: string;
  texts: Texts;
  placeholders: readonly string[];
  /** Those of the placeholders that are not always known. */
  unsure: readonly string[];
}

export interface Placeholder {
  name: string;
  label: string;
  hint: string;
  in_sms: boolean;
}

/** The answer of `GET /api/studio/<key>/notices`. */
export interface Listed {
  templates: readonly Template[];
  /** What a manager's own notice may speak of. */
  own: Pick<Template, 'placeholders' | 'unsure'>;
  placeholders: readonly Placeholder[];
  limits: Readonly<Record<Part | 'sms_parts', number>>;
}

/** The answer of `POST /api/studio/<key>/notice-previews`. */
export interface Preview {
  problems: readonly Problem[];
  languages: Partial<Record<Language, Reading>>;
}

export interface Reading {
  /** With every fact known, and with only what always is. */
  whole: Partial<Record<Part, string>>;
  bare: Partial<Record<Part, string>>;
  sms: { characters: number; parts: number } | null;
}

export interface Problem {
  language: Language | '';
  part: Part | '';
  rule: string;
  severity: 'error' | 'warning';
  text: string;
}

const NONE: Texts = { zh: {}, en: {} };

/** What the draft itself brings for a notice. */
export function brought(notices: Notices, name: string): Texts {
  const own = notices[name] as Partial<Texts> | undefined;
  return { zh: own?.zh ?? {}, en: own?.en ?? {} };
}

/** What is sent: the draft's own before what ships. */
export function inForce(notices: Notices, name: string, ships: Texts = NONE): Texts {
  const own = brought(notices, name);
  return { zh: { ...ships.zh, ...own.zh }, en: { ...ships.en, ...own.en } };
}

/** Whether a part is the draft's own, in any language. */
export function isChanged(notices: Notices, name: string, part: Part): boolean {
  const own = brought(notices, name);
  return LANGUAGES.some((language) => own[language][part] !== undefined);
}

/**
 * A text changed. What is said anew in one language stands anew in the other too: it would else
 * change with the product while the first does not. Texts equal to what ships are not kept.
 */
export function withText(
  notices: Notices,
  name: string,
  ships: Texts | undefined,
  { language, part, text }: { language: Language; part: Part; text: string },
): Notices {
  const now = inForce(notices, name, ships);
  const both = { zh: now.zh[part] ?? '', en: now.en[part] ?? '', [language]: text };
  if (ships && LANGUAGES.every((one) => both[one] === ships[one][part])) {
    return withoutPart(notices, name, part, true);
  }
  const own = brought(notices, name);
  const words = {
    zh: { ...own.zh, [part]: both.zh },
    en: { ...own.en, [part]: both.en },
  };
  return { ...notices, [name]: words };
}

/** A part taken back; `ships`: the notice remains without texts of the draft's own. */
export function withoutPart(notices: Notices, name: string, part: Part, ships: boolean): Notices {
  const own = brought(notices, name);
  const { [part]: _zh, ...zh } = own.zh;
  const { [part]: _en, ...en } = own.en;
  const isEmpty = !Object.keys(zh).length && !Object.keys(en).length;
  return ships && isEmpty ? without(notices, name) : { ...notices, [name]: { zh, en } };
}

export function without(notices: Notices, name: string): Notices {
  const { [name]: _gone, ...rest } = notices;
  return rest;
}

/** Where a task of the diagram sends a notice. */
export interface Sender {
  id: string;
  name: string;
}

/** The tasks of a diagram that send notices, by template. Those that compute what they send are left out. */
export function sendersIn(diagram: string): ReadonlyMap<string, readonly Sender[]> {
  const found = new Map<string, Sender[]>();
  const xml = new DOMParser().parseFromString(diagram, 'text/xml');
  for (const input of xml.querySelectorAll('*')) {
    if (input.localName !== 'input') continue;
    const template = constant(input.getAttribute('source') ?? '');
    const task = ancestor(input);
    if (input.getAttribute('target') !== 'template' || !template || !task) continue;
    const sender = { id: task.getAttribute('id') ?? '', name: task.getAttribute('name') ?? '' };
    found.set(template, [...(found.get(template) ?? []), sender]);
  }
  return found;
}

/** The element of BPMN around an extension: mapping, extensionElements, task. */
function ancestor(input: Element): Element | null {
  return input.parentElement?.parentElement?.parentElement ?? null;
}

/** The text of `="text"` or of a plain source, empty for anything computed. */
function constant(source: string): string {
  if (!source.startsWith('=')) return source;
  return /^=\s*"([^"\\]*)"\s*$/.exec(source)?.[1] ?? '';
}
