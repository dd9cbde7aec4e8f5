/** DMN files as text: what they are called, copied, renamed, and who uses them. */
import type { Content } from '../content';

type Decisions = Content['decisions'];

function parse(xml: string): Document {
  return new DOMParser().parseFromString(xml, 'text/xml');
}

function all(root: ParentNode, name: string): Element[] {
  return [...root.querySelectorAll('*')].filter(({ localName }) => localName === name);
}

function decisionIn(xml: Document, id: string): Element | undefined {
  return all(xml, 'decision').find((one) => one.getAttribute('id') === id);
}

/** The name of a decision, its id where it has none or the file cannot be read. */
export function nameOf(xml: string, id: string): string {
  return decisionIn(parse(xml), id)?.getAttribute('name') || id;
}

export function renamed(xml: string, id: string, name: string): string {
  const file = parse(xml);
  decisionIn(file, id)?.setAttribute('name', name);
  return write(file);
}

/** The same decision under another id and name; what refers to it inside the file follows. */
export function duplicated(xml: string, id: string, copy: { id: string; name: string }): string {
  const file = parse(xml);
  const decision = decisionIn(file, id);
  decision?.setAttribute('id', copy.id);
  decision?.setAttribute('name', copy.name);
  for (const element of file.querySelectorAll('*')) {
    if (element.getAttribute('href') === `#${id}`) element.setAttribute('href', `#${copy.id}`);
    if (element.getAttribute('dmnElementRef') === id) {
      element.setAttribute('dmnElementRef', copy.id);
    }
  }
  return write(file);
}

function write(file: Document): string {
  const xml = new XMLSerializer().serializeToString(file);
  return xml.startsWith('<?xml') ? xml : `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`;
}

/** An id that no decision has: the stem and the first number that is free. */
export function freeId(decisions: Decisions, stem: string): string {
  let number = 2;
  while (`${stem}_${number}` in decisions) number += 1;
  return `${stem}_${number}`;
}

/** Names of the tasks that call decisions, by decision. */
export function usersIn(diagram: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const called of all(parse(diagram), 'calledDecision')) {
    const task = called.parentElement?.parentElement;
    const id = called.getAttribute('decisionId') ?? '';
    const name = task?.getAttribute('name') || task?.getAttribute('id') || '';
    found.set(id, [...(found.get(id) ?? []), name]);
  }
  return found;
}

/** Ids of the rules of a decision's table, in their order. */
export function ruleIds(xml: string, id: string): readonly string[] {
  const decision = decisionIn(parse(xml), id);
  return decision ? all(decision, 'rule').map((rule) => rule.getAttribute('id') ?? '') : [];
}

/** What the outputs of a decision's table are called, by their names. */
export function outputLabels(xml: string, id: string): ReadonlyMap<string, string> {
  const decision = decisionIn(parse(xml), id);
  const outputs = decision ? all(decision, 'output') : [];
  return new Map(
    outputs.map((one) => {
      const name = one.getAttribute('name') ?? '';
      return [name, one.getAttribute('label') || name];
    }),
  );
}
