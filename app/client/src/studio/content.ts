/** What a draft holds, the same JSON as app/studio/content.py, and what comes with it from the server. */

export interface Content {
  /** BPMN. */
  diagram: string;
  /** form-js schemas by id. */
  forms: Readonly<Record<string, FormSchema>>;
  /** DMN by id. */
  decisions: Readonly<Record<string, string>>;
  /** Words by template. */
  notices: Readonly<Record<string, NoticeWords>>;
  scenarios: readonly Scenario[];
}

export interface FormSchema {
  id: string;
  components: readonly Readonly<Record<string, unknown>>[];
  [key: string]: unknown;
}

/** What a notice says: language, then part, then text, as in notifications/templates. */
export type NoticeWords = Readonly<Record<'zh' | 'en', Readonly<Record<string, string>>>>;

export interface Scenario {
  name: string;
  /** When the case begins, ISO with zone. */
  at: string;
  variables: Readonly<Record<string, unknown>>;
  steps: readonly Step[];
  /** Ids of the elements entered, in order. */
  expected: readonly string[];
}

export type Step =
  | { complete: string; answers: Readonly<Record<string, unknown>>; item?: unknown }
  | { answer: string; outputs: Readonly<Record<string, unknown>> }
  | { fail: string; code: string }
  | { advance: string }
  | { deliver: string; payload: Readonly<Record<string, unknown>> };

export interface Finding {
  /** Id of an element of the diagram; empty when the finding is about a file as a whole. */
  element: string;
  name: string;
  rule: string;
  severity: 'error' | 'warning';
  text: string;
  /** The form or decision it is about, `review.form`; empty for the diagram. */
  file: string;
}

export interface Choice {
  value: string;
  label: string;
}

/** What a diagram may name, with labels in the language of the page. */
export interface Vocabulary {
  roles: readonly Choice[];
  sides: readonly Choice[];
  statuses: readonly Choice[];
  operations: readonly Operation[];
  records: readonly { name: string; label: string; needs: readonly string[] }[];
  options: readonly Choice[];
  notices: readonly (Choice & { placeholders: readonly string[] })[];
  /** What every case knows from its start. */
  variables: readonly string[];
}

export interface Operation {
  name: string;
  label: string;
  inputs: readonly string[];
  optional: readonly string[];
  outputs: readonly string[];
  /** Input to the texts it takes, where it takes but a few. */
  choices: Readonly<Record<string, readonly Choice[]>>;
  /** The inputs that name a notice, which may be one that the process brings. */
  notices: readonly string[];
  /** session, notice or report: what the clinical rules must know of it. */
  meaning: string;
}

export interface Person {
  id: number;
  name: string;
}

export interface Remark {
  id: number;
  element_id: string;
  text: string;
  author: Person;
  at: string;
  resolved_by: Person | null;
  resolved_at: string | null;
}

/** Who writes the draft just now. */
export interface Lock {
  holder: Person | null;
  is_mine: boolean;
  until: string | null;
}

/** The answer of `GET /api/studio/<key>`. */
export interface Loaded {
  process: { key: string; name: string };
  /** Digest of the version the draft was made from. */
  base: string | null;
  revision: number;
  content: Content;
  lock: Lock;
  remarks: readonly Remark[];
  vocabulary: Vocabulary;
}
