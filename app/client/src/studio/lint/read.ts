/** Reads a moddle tree into small records, as bpmn/diagram.py reads XML; judges nothing. */

/** An element of moddle's tree. */
export interface Element {
  readonly $type: string;
  readonly $attrs?: Readonly<Record<string, unknown>>;
  readonly $parent?: Element;
  readonly [property: string]: unknown;
}

export interface Io {
  source: string;
  target: string;
}

/** kind: date, duration, cycle, message, error, terminate, or an event that is not supported. */
export interface Trigger {
  kind: string;
  name: string;
}

export interface Many {
  collection: string;
  element: string;
  outputCollection: string;
  outputElement: string;
}

export interface Lane {
  id: string;
  name: string;
  role: string;
  side: string;
}

export interface Flow {
  id: string;
  name: string;
  source: string;
  target: string;
  condition: string | null;
  parent: string | null;
}

/** A flow node; parent: id of the sub-process around it. Texts that begin with `=` are FEEL. */
export interface Node {
  id: string;
  kind: string;
  name: string;
  parent: string | null;
  lane: Lane | null;
  properties: ReadonlyMap<string, string>;
  formId: string | null;
  assignee: string;
  groups: string;
  users: string;
  due: string;
  inputs: readonly Io[];
  outputs: readonly Io[];
  operation: string;
  decision: string;
  script: string;
  result: string;
  many: Many | null;
  triggers: readonly Trigger[];
  attachedTo: string | null;
  isInterrupting: boolean;
  defaultFlow: string | null;
}

export interface Diagram {
  id: string;
  /** Whether every node and flow has an id that is no other's. */
  hasOwnIds: boolean;
  nodes: ReadonlyMap<string, Node>;
  flows: readonly Flow[];
  outgoing(node: string): readonly Flow[];
  incoming(node: string): readonly Flow[];
  boundaries(node: string): readonly Node[];
}

/** What moddle says of a reference that leads nowhere, or of an id used twice. */
export interface Loose {
  message?: string;
  element?: Element;
  property?: string;
  value?: string;
}

export const ACTIVITIES: ReadonlySet<string> = new Set(
  'userTask serviceTask sendTask receiveTask scriptTask businessRuleTask task manualTask subProcess'.split(
    ' ',
  ),
);
export const GATEWAYS: ReadonlySet<string> = new Set(
  'exclusiveGateway inclusiveGateway parallelGateway eventBasedGateway'.split(' '),
);
export const FOREIGN: ReadonlySet<string> = new Set(
  'callActivity transaction adHocSubProcess complexGateway'.split(' '),
);
const EVENTS =
  'startEvent endEvent intermediateCatchEvent intermediateThrowEvent boundaryEvent'.split(' ');
export const FLOW_NODES: ReadonlySet<string> = new Set([
  ...ACTIVITIES,
  ...GATEWAYS,
  ...FOREIGN,
  ...EVENTS,
]);

/** The element's name in BPMN: `userTask` for `bpmn:UserTask`; empty for other vocabularies. */
export function kindOf(element: Element): string {
  const [space, name = ''] = element.$type.split(':');
  return space === 'bpmn' ? name.charAt(0).toLowerCase() + name.slice(1) : '';
}

export function text(element: Element | null | undefined, property: string): string {
  const value = element?.[property];
  return typeof value === 'string' ? value : '';
}

export function list(element: Element, property: string): readonly Element[] {
  const value = element[property];
  return Array.isArray(value) ? value : [];
}

export function child(element: Element, property: string): Element | null {
  const value = element[property];
  return typeof value === 'object' && value !== null && '$type' in value
    ? (value as Element)
    : null;
}

/** The first process of a document, or null if it has none. */
export function read(root: Element, loose: readonly Loose[]): Diagram | null {
  const process = list(root, 'rootElements').find((one) => kindOf(one) === 'process');
  return process ? new Reader(process, loose).diagram() : null;
}

class Reader {
  readonly #nodes = new Map<string, Node>();
  readonly #flows: Flow[] = [];
  readonly #lanes = new Map<string, Lane>();
  readonly #loose = new Map<Element, Map<string, string>>();
  readonly #ids = new Set(['']);
  #hasOwnIds: boolean;

  constructor(
    private readonly process: Element,
    loose: readonly Loose[],
  ) {
    const isTwice = loose.some(({ message = '' }) => message.includes('duplicate ID'));
    this.#hasOwnIds = !isTwice && text(process, 'id') !== '';
    for (const { element, property = '', value = '' } of loose) {
      if (element) {
        const known = this.#loose.get(element) ?? new Map<string, string>();
        this.#loose.set(element, known.set(property.split(':').pop() ?? '', value));
      }
    }
  }

  diagram(): Diagram {
    this.#level(this.process, null);
    const by = (end: 'source' | 'target') => grouped(this.#flows, (flow) => flow[end]);
    const [outgoing, incoming] = [by('source'), by('target')];
    const boundaries = grouped([...this.#nodes.values()], (node) => node.attachedTo ?? '');
    return {
      id: text(this.process, 'id'),
      hasOwnIds: this.#hasOwnIds,
      nodes: this.#nodes,
      flows: this.#flows,
      outgoing: (node) => outgoing.get(node) ?? [],
      incoming: (node) => incoming.get(node) ?? [],
      boundaries: (node) => boundaries.get(node) ?? [],
    };
  }

  #level(scope: Element, parent: string | null): void {
    for (const set of list(scope, 'laneSets')) {
      this.#laneSet(set, null);
    }
    for (const element of list(scope, 'flowElements')) {
      this.#hasOwnIds &&= !this.#ids.has(text(element, 'id'));
      this.#ids.add(text(element, 'id'));
      if (kindOf(element) === 'sequenceFlow') {
        this.#flows.push(this.#flow(element, parent));
      } else if (FLOW_NODES.has(kindOf(element))) {
        const node = this.#node(element, parent);
        if (!this.#nodes.has(node.id)) {
          this.#nodes.set(node.id, node);
        }
        this.#level(element, node.id);
      }
    }
  }

  #laneSet(set: Element, outer: Lane | null): void {
    for (const element of list(set, 'lanes')) {
      const words = propertiesOf(element);
      const lane: Lane = {
        id: text(element, 'id'),
        name: text(element, 'name'),
        role: words.get('role') || (outer?.role ?? ''),
        side: words.get('side') || (outer?.side ?? ''),
      };
      for (const one of list(element, 'flowNodeRef')) {
        this.#lanes.set(text(one, 'id'), lane);
      }
      const inner = child(element, 'childLaneSet');
      if (inner) {
        this.#laneSet(inner, lane);
      }
    }
  }

  #flow(element: Element, parent: string | null): Flow {
    const condition = child(element, 'conditionExpression');
    return {
      id: text(element, 'id'),
      name: text(element, 'name'),
      source: this.#reference(element, 'sourceRef') ?? '',
      target: this.#reference(element, 'targetRef') ?? '',
      condition: condition && text(condition, 'body').trim(),
      parent,
    };
  }

  #node(element: Element, parent: string | null): Node {
    const id = text(element, 'id');
    const around = parent === null ? null : (this.#nodes.get(parent)?.lane ?? null);
    const assignment = extension(element, 'zeebe:AssignmentDefinition');
    const mapping = extension(element, 'zeebe:IoMapping');
    const decision = extension(element, 'zeebe:CalledDecision');
    const script = extension(element, 'zeebe:Script');
    return {
      id,
      kind: kindOf(element),
      name: text(element, 'name'),
      parent,
      lane: this.#lanes.get(id) ?? around,
      properties: propertiesOf(element),
      formId: text(extension(element, 'zeebe:FormDefinition'), 'formId') || null,
      assignee: text(assignment, 'assignee'),
      groups: text(assignment, 'candidateGroups'),
      users: text(assignment, 'candidateUsers'),
      due: text(extension(element, 'zeebe:TaskSchedule'), 'dueDate'),
      inputs: mapping ? list(mapping, 'inputParameters').map(io) : [],
      outputs: mapping ? list(mapping, 'outputParameters').map(io) : [],
      operation: text(extension(element, 'zeebe:TaskDefinition'), 'type'),
      decision: text(decision, 'decisionId'),
      script: text(script, 'expression'),
      result: text(decision, 'resultVariable') || text(script, 'resultVariable'),
      many: many(element),
      triggers: [...triggers(element)],
      attachedTo: this.#reference(element, 'attachedToRef'),
      isInterrupting: element.cancelActivity !== false,
      defaultFlow: this.#reference(element, 'default'),
    };
  }

  /** The id a reference names, whether or not it leads anywhere. */
  #reference(element: Element, property: string): string | null {
    const target = child(element, property);
    return target ? text(target, 'id') : (this.#loose.get(element)?.get(property) ?? null);
  }
}

function* triggers(element: Element): Iterable<Trigger> {
  if (kindOf(element) === 'receiveTask' && element.messageRef) {
    yield { kind: 'message', name: text(child(element, 'messageRef'), 'name') };
  }
  for (const event of list(element, 'eventDefinitions')) {
    const kind = kindOf(event).replace(/EventDefinition$/, '');
    if (kind === 'message') {
      yield { kind, name: text(child(event, 'messageRef'), 'name') };
    } else if (kind === 'error') {
      yield { kind, name: text(child(event, 'errorRef'), 'errorCode') };
    } else if (kind === 'timer') {
      const clock = ['timeDate', 'timeDuration', 'timeCycle'].find((one) => event[one]);
      yield { kind: clock ? clock.slice(4).toLowerCase() : kind, name: '' };
    } else {
      yield { kind, name: '' };
    }
  }
}

function many(element: Element): Many | null {
  const loop = child(element, 'loopCharacteristics');
  if (!loop || kindOf(loop) !== 'multiInstanceLoopCharacteristics') {
    return null;
  }
  const words = extension(loop, 'zeebe:LoopCharacteristics');
  return {
    collection: text(words, 'inputCollection'),
    element: text(words, 'inputElement'),
    outputCollection: text(words, 'outputCollection'),
    outputElement: text(words, 'outputElement'),
  };
}

function io(element: Element): Io {
  return { source: text(element, 'source'), target: text(element, 'target') };
}

function propertiesOf(element: Element): ReadonlyMap<string, string> {
  const holder = extension(element, 'zeebe:Properties');
  const rows = holder ? list(holder, 'properties') : [];
  return new Map(rows.map((one) => [text(one, 'name'), text(one, 'value')]));
}

function extension(element: Element, type: string): Element | null {
  const holder = child(element, 'extensionElements');
  return (holder && list(holder, 'values').find((one) => one.$type === type)) ?? null;
}

function grouped<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const known = found.get(key(item));
    if (known) {
      known.push(item);
    } else {
      found.set(key(item), [item]);
    }
  }
  return found;
}
