/** The forms of a draft: who uses them, and how one is copied, renamed or taken away. Pure. */
import { language } from '../../lib/i18n';
import type { Content } from '../content';
import type { Made } from '../fresh';

/** What the server takes for an id (app/studio/content.py), less dots, which end names of files. */
export const ID = /^[A-Za-z_][\w-]{0,63}$/;

export interface Use {
  element: string;
  name: string;
}

/** Form id to the tasks that show it, in the order of the diagram; empty if the diagram is no XML. */
export function usesOf(diagram: string): ReadonlyMap<string, readonly Use[]> {
  const found = new Map<string, Use[]>();
  const xml = new DOMParser().parseFromString(diagram, 'application/xml');
  for (const definition of xml.getElementsByTagName('*')) {
    const form = definition.localName === 'formDefinition' && definition.getAttribute('formId');
    const task = form && definition.parentElement?.parentElement;
    if (!task) continue;
    const element = task.getAttribute('id') ?? '';
    const use = { element, name: nameOf(task) || element };
    found.set(form, [...(found.get(form) ?? []), use]);
  }
  return found;
}

/** In the language of the page, as far as the diagram has it. */
function nameOf(task: Element): string | null {
  const english = [...task.getElementsByTagName('*')].find(
    (each) => each.localName === 'property' && each.getAttribute('name') === 'name_en',
  );
  return (language() === 'en' && english?.getAttribute('value')) || task.getAttribute('name');
}

/** All forms in the order of the diagram, those nobody uses at the end. */
export function inOrder({ forms }: Content, uses: ReadonlyMap<string, unknown>): string[] {
  const ids = Object.keys(forms);
  return [...[...uses.keys()].filter((id) => id in forms), ...ids.filter((id) => !uses.has(id))];
}

export function copied({ forms }: Content, original: string): Made {
  const id = freeId(forms, original.replace(/_\d+$/, ''));
  const form = forms[original];
  return { id, part: form ? { forms: { ...forms, [id]: { ...form, id } } } : {} };
}

/** The same under another id, in its place, with the tasks that show it following. */
export function renamed({ forms, diagram }: Content, old: string, id: string): Partial<Content> {
  const listed = Object.entries(forms).map(([key, form]) =>
    key === old ? [id, { ...form, id }] : [key, form],
  );
  const reference = new RegExp(`(<[^<>]*\\bformDefinition\\b[^<>]*\\sformId=")${old}(")`, 'g');
  return { forms: Object.fromEntries(listed), diagram: diagram.replace(reference, `$1${id}$2`) };
}

export function without({ forms }: Content, id: string): Partial<Content> {
  return { forms: Object.fromEntries(Object.entries(forms).filter(([key]) => key !== id)) };
}

function freeId(taken: object, stem: string): string {
  let number = 1;
  while (`${stem}_${number}` in taken) number += 1;
  return `${stem}_${number}`;
}
