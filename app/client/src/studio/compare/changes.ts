/** What changed between two versions, as the server tells it, in words; pure. */
import { t, zh } from '../words/compare';

export type Part = 'diagram' | 'form' | 'decision' | 'notice';
export type How = 'added' | 'removed' | 'changed' | 'moved';

/** One property before and after; null where there is none. */
export interface Detail {
  path: string;
  before: string | null;
  after: string | null;
}

/** What became of one element; `file` is the key of the form, decision or notice. */
export interface Change {
  part: Part;
  file: string;
  id: string;
  kind: string;
  name: string;
  how: How;
  details: Detail[];
}

/** One of the two versions: what to call it, and its files. */
export interface Version {
  label: string;
  diagram: string;
  forms: Record<string, FormSchema>;
  decisions: Record<string, string>;
}

export interface FormSchema {
  components?: FormComponent[];
}

export interface FormComponent {
  id?: string;
  key?: string;
  type: string;
  label?: string;
  text?: string;
  validate?: { required?: boolean };
  components?: FormComponent[];
}

export interface Difference {
  before: Version;
  after: Version;
  changes: Change[];
}

export const HOWS: readonly How[] = ['added', 'removed', 'changed', 'moved'];

/** The mark beside a word, so that the meaning hangs not on colour alone. */
export const SIGNS: Record<How, string> = { added: '＋', removed: '－', changed: '≠', moved: '⇄' };

const REFERENCES = /@(sourceRef|targetRef|attachedToRef|default|messageRef)$/;

/** A value as a manager reads it: elements by their names. names: id to name. */
export function shownValue({ path }: Detail, value: string, names: ReadonlyMap<string, string>) {
  const name = REFERENCES.test(path) ? names.get(value) : undefined;
  return name || value;
}

/** Id to name in two diagrams; a flow without one is called by its ends. */
export function namesIn(...files: string[]): Map<string, string> {
  const found = new Map<string, string>();
  const roots = files
    .filter(Boolean)
    .map((file) => new DOMParser().parseFromString(file, 'text/xml'));
  for (const root of roots)
    for (const element of root.querySelectorAll('[id][name]'))
      found.set(element.getAttribute('id') ?? '', element.getAttribute('name') ?? '');
  for (const root of roots)
    for (const flow of root.querySelectorAll('[id][sourceRef][targetRef]:not([name])')) {
      const [from, to] = ['sourceRef', 'targetRef']
        .map((end) => flow.getAttribute(end) ?? '')
        .map((id) => found.get(id) || id);
      found.set(flow.getAttribute('id') ?? '', `${from} → ${to}`);
    }
  return found;
}

/** Changes of the diagram first, then file by file. */
export function grouped(changes: readonly Change[]): [string, Change[]][] {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const key = title(change);
    const group = groups.get(key);
    if (group) group.push(change);
    else groups.set(key, [change]);
  }
  return [...groups];
}

function title({ part, file }: Change): string {
  const kind = t(`compare.part.${part}`);
  return file ? t('compare.file', { kind, file }) : kind;
}

/** How many of each kind, the empty ones left out. */
export function counts(changes: readonly Change[]): [How, number][] {
  return HOWS.map((how): [How, number] => [
    how,
    changes.filter((change) => change.how === how).length,
  ]).filter(([, count]) => count > 0);
}

/** The property's usual name: `zeebe:formDefinition/@formId` is “表单”; else its last words. */
export function propertyName(path: string): string {
  const inner = /\[([^\]]*)\]/.exec(path)?.[1] ?? '';
  const plain = path.replace(/\[[^\]]*\]/g, '').replace(/^extensionElements\//, '');
  const key = `compare.path.${plain}`;
  if (isKey(key)) return t(key, { inner });
  return path.replace(/^extensionElements\//, '').replace(/\/text$/, '');
}

/** The kind of an element in words; a foreign kind by its tag. */
export function kindName(kind: string): string {
  const key = `compare.kind.${kind}`;
  return isKey(key) ? t(key) : kind;
}

function isKey(key: string): key is keyof typeof zh {
  return key in zh;
}
