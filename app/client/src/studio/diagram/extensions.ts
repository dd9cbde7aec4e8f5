/** Reads and writes what zeebe's extensions say about an element; one change is one step of undo. */
import type { Injector } from 'didi';

/** A moddle object: a piece of BPMN. */
export interface Moddle {
  $type: string;
  $parent?: Moddle;
  id?: string;
  get<T>(name: string): T;
}

export interface Element {
  id: string;
  type: string;
  businessObject: Moddle;
  parent?: Element;
}

/** What to change: the extension of a type gets these values, or goes (null). */
export interface Change {
  type: string;
  values: Readonly<Record<string, unknown>> | null;
}

interface Factory {
  create(type: string, values?: Readonly<Record<string, unknown>>): Moddle;
}

interface CommandStack {
  execute(command: string, context: unknown): void;
}

interface Command {
  cmd: 'element.updateModdleProperties';
  context: {
    element: Element;
    moddleElement: Moddle;
    properties: Readonly<Record<string, unknown>>;
  };
}

/** What carries the extensions: of a pool it is the process in it. */
export function holderOf(element: Element): Moddle {
  const own = element.businessObject;
  const process =
    own.$type === 'bpmn:Participant' ? own.get<Moddle | undefined>('processRef') : own;
  return process ?? own;
}

export function extension(holder: Moddle, type: string): Moddle | undefined {
  return extensions(holder).find(({ $type }) => $type === type);
}

/** An attribute of an extension, empty where either is missing. */
export function attribute(holder: Moddle, type: string, name: string): string {
  return extension(holder, type)?.get<string | undefined>(name) ?? '';
}

/** A property of zeebe:properties, empty where there is none. */
export function property(holder: Moddle, name: string): string {
  const found = properties(holder).find((one) => one.get('name') === name);
  return found?.get<string | undefined>('value') ?? '';
}

/** The sources of the input mappings by target. */
export function inputs(holder: Moddle): ReadonlyMap<string, string> {
  const mapping = extension(holder, 'zeebe:IoMapping');
  const all = mapping?.get<Moddle[] | undefined>('inputParameters') ?? [];
  return new Map(
    all.map((one) => [one.get('target'), one.get<string | undefined>('source') ?? '']),
  );
}

export class Editor {
  readonly #factory: Factory;
  readonly #commands: CommandStack;

  constructor(injector: Injector) {
    this.#factory = injector.get<Factory>('bpmnFactory');
    this.#commands = injector.get<CommandStack>('commandStack');
  }

  /** Set attributes of one extension; empty ones go, and so does an extension that says nothing. */
  setAttributes(element: Element, type: string, given: Readonly<Record<string, string>>): void {
    const known = extension(holderOf(element), type);
    const values = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, value || undefined]),
    );
    const names = known ? Object.keys(known).filter((name) => !name.startsWith('$')) : [];
    const isEmpty = [...names, ...Object.keys(given)].every((name) =>
      name in values ? values[name] === undefined : known?.get(name) === undefined,
    );
    this.change(element, [{ type, values: isEmpty ? null : values }]);
  }

  /** Set a property of zeebe:properties; an empty one goes. */
  setProperty(element: Element, name: string, value: string): void {
    const others = properties(holderOf(element)).filter((one) => one.get('name') !== name);
    const all = value
      ? [...others, this.#factory.create('zeebe:Property', { name, value })]
      : others;
    this.change(element, [
      { type: 'zeebe:Properties', values: all.length ? { properties: all } : null },
    ]);
  }

  /** The change that makes `sources` the input mappings, the outputs staying. */
  inputsChange(element: Element, sources: ReadonlyMap<string, string>): Change {
    const mapping = extension(holderOf(element), 'zeebe:IoMapping');
    const outputs = mapping?.get<Moddle[] | undefined>('outputParameters') ?? [];
    const inputParameters = [...sources].map(([target, source]) =>
      this.#factory.create('zeebe:Input', { source, target }),
    );
    const isEmpty = !inputParameters.length && !outputs.length;
    return { type: 'zeebe:IoMapping', values: isEmpty ? null : { inputParameters } };
  }

  change(element: Element, changes: readonly Change[]): void {
    const holder = holderOf(element);
    const before = extensions(holder);
    const commands: Command[] = [];
    let after = before;
    for (const { type, values } of changes) {
      const known = before.find(({ $type }) => $type === type);
      if (!values) after = after.filter((one) => one !== known);
      else if (known) commands.push(update(element, known, values));
      else after = [...after, this.#make(type, values)];
    }
    if (after !== before) commands.push(this.#replace(element, holder, after));
    this.#commands.execute('properties-panel.multi-command-executor', commands);
  }

  #make(type: string, values: Readonly<Record<string, unknown>>): Moddle {
    const made = this.#factory.create(type, values);
    for (const child of Object.values(values).flat()) {
      if (isModdle(child)) child.$parent = made;
    }
    return made;
  }

  #replace(element: Element, holder: Moddle, values: readonly Moddle[]): Command {
    const around = holder.get<Moddle | undefined>('extensionElements');
    const made = around ?? this.#factory.create('bpmn:ExtensionElements', { values: [] });
    for (const one of values) one.$parent = made;
    if (around) return update(element, around, { values });
    made.$parent = holder;
    Object.assign(made, { values });
    return update(element, holder, { extensionElements: made });
  }
}

function extensions(holder: Moddle): readonly Moddle[] {
  return holder.get<Moddle | undefined>('extensionElements')?.get<Moddle[]>('values') ?? [];
}

function properties(holder: Moddle): readonly Moddle[] {
  return extension(holder, 'zeebe:Properties')?.get<Moddle[] | undefined>('properties') ?? [];
}

function update(
  element: Element,
  moddleElement: Moddle,
  given: Readonly<Record<string, unknown>>,
): Command {
  for (const child of Object.values(given).flat()) {
    if (isModdle(child)) child.$parent = moddleElement;
  }
  return {
    cmd: 'element.updateModdleProperties',
    context: { element, moddleElement, properties: given },
  };
}

function isModdle(value: unknown): value is Moddle {
  return typeof value === 'object' && value !== null && '$type' in value;
}
