/** Which variables an expression may read at a place of the diagram: what was written on the way to it. */
import type { Content, Vocabulary } from '../content';
import { attribute, extension, type Moddle } from './extensions';

export interface Variable {
  name: string;
  /** Who wrote it, in words. */
  info: string;
}

export type VariablesAt = (node: Moddle) => readonly Variable[];

/** Names to those who write them. */
type Known = Map<string, string>;

const ROUTING = new Set('select radio checkbox checklist taglist number datetime'.split(' '));

/** The function for a draft's content and vocabulary, both read at each call. */
export function variablesAt(
  content: () => Content,
  vocabulary: Vocabulary,
  product: string,
): VariablesAt {
  return (own) => {
    const known: Known = new Map(vocabulary.variables.map((name) => [name, product]));
    for (const node of upstream(startOf(own))) write(known, node, content(), vocabulary);
    for (const around of scopes(own)) writeItem(known, around);
    writeOwn(known, own, content(), vocabulary);
    return [...known].map(([name, info]) => ({ name, info }));
  };
}

/** Of a flow what it leaves, itself having run; of a node what leads to it. */
function startOf(own: Moddle): Moddle[] {
  if (own.$type === 'bpmn:SequenceFlow') return [own.get<Moddle>('sourceRef')];
  return before(own);
}

/** Those before a node: the ends of its flows, what it is attached to, or what its sub-process follows. */
function before(own: Moddle): Moddle[] {
  const flows = refs(own, 'incoming').map((flow) => flow.get<Moddle>('sourceRef'));
  const host = ref(own, 'attachedToRef');
  const around = own.$parent?.$type === 'bpmn:SubProcess' ? [own.$parent] : [];
  return [...flows, ...(host ? before(host) : []), ...around.flatMap(before)];
}

function upstream(start: readonly Moddle[]): Set<Moddle> {
  const found = new Set<Moddle>();
  const waiting = [...start];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (found.has(node)) continue;
    found.add(node);
    waiting.push(...before(node), ...refs(node, 'flowElements'));
  }
  return found;
}

/** What a node leaves behind for those after it. */
function write(known: Known, node: Moddle, content: Content, vocabulary: Vocabulary): void {
  const by = nameOf(node);
  const outputs = refs(extension(node, 'zeebe:IoMapping'), 'outputParameters');
  const targets = outputs.map((one) => one.get<string>('target'));
  const own = targets.length ? targets : given(node, content, vocabulary);
  const collected = attribute(loopOf(node), 'zeebe:LoopCharacteristics', 'outputCollection');
  for (const name of [...own, collected]) if (name) known.set(name, by);
}

/** What reaches the case from a node that has no output mappings. */
function given(node: Moddle, content: Content, vocabulary: Vocabulary): readonly string[] {
  const results = [
    attribute(node, 'zeebe:CalledDecision', 'resultVariable'),
    attribute(node, 'zeebe:Script', 'resultVariable'),
  ];
  const routing = fieldsOf(node, content).filter(({ type }) => ROUTING.has(String(type)));
  return [...results, ...routing.map(({ key }) => String(key)), ...outputsOf(node, vocabulary)];
}

/** What only a node's own expressions see. */
function writeOwn(known: Known, node: Moddle, content: Content, vocabulary: Vocabulary): void {
  const own = [
    ...fieldsOf(node, content).map(({ key }) => String(key)),
    ...outputsOf(node, vocabulary),
    attribute(node, 'zeebe:CalledDecision', 'resultVariable'),
    attribute(node, 'zeebe:Script', 'resultVariable'),
  ];
  for (const name of own) if (name) known.set(name, nameOf(node));
}

/** The item at hand, inside of what is done once for each. */
function writeItem(known: Known, around: Moddle): void {
  const item = attribute(loopOf(around), 'zeebe:LoopCharacteristics', 'inputElement');
  if (item) known.set(item, nameOf(around)).set('loopCounter', nameOf(around));
}

function* scopes(node: Moddle): Iterable<Moddle> {
  for (let at: Moddle | undefined = node; at; at = at.$parent) yield at;
}

const NOTHING: Moddle = { $type: '', get: <T>() => undefined as T };

function loopOf(node: Moddle): Moddle {
  return ref(node, 'loopCharacteristics') ?? NOTHING;
}

function outputsOf(node: Moddle, { operations }: Vocabulary): readonly string[] {
  const type = attribute(node, 'zeebe:TaskDefinition', 'type');
  return operations.find(({ name }) => name === type)?.outputs ?? [];
}

type Field = Readonly<Record<string, unknown>>;

function fieldsOf(node: Moddle, { forms }: Content): readonly Field[] {
  const form = forms[attribute(node, 'zeebe:FormDefinition', 'formId')];
  return form ? keyed(form.components) : [];
}

/** The fields with a key, those in groups included, those in repeated lists not. */
function keyed(components: readonly Field[]): Field[] {
  return components.flatMap((one) => [
    ...(one.key ? [one] : []),
    ...(one.type === 'group' ? keyed((one.components ?? []) as Field[]) : []),
  ]);
}

const nameOf = (node: Moddle) => node.get<string | undefined>('name') || node.id || '';
const ref = (node: Moddle, name: string) => node.get<Moddle | undefined>(name);
const refs = (node: Moddle | undefined, name: string) =>
  node?.get<Moddle[] | undefined>(name) ?? [];
