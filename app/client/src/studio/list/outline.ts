/** The process as a list: its steps in the order of the flow. Pure; reads what a modeler holds. */
import type { Moddle as Written } from '../diagram/extensions';

/** What is read of an element of a diagram; bpmn-js calls the inner one its business object. */
export interface Shape {
  id: string;
  type: string;
  businessObject: Moddle;
  host?: Shape | null;
  attachers?: readonly Shape[];
  parent?: Shape | null;
  outgoing?: readonly Flow[];
  incoming?: readonly Flow[];
}

export interface Flow {
  id: string;
  type: string;
  businessObject: Moddle;
  target: Shape;
}

/** An element of the file. Properties are those of BPMN and of its extensions. */
export interface Moddle extends Written {
  name?: string;
  // biome-ignore lint/suspicious/noExplicitAny: moddle gives every property of every type
  [property: string]: any;
}

/** A way out of a step. */
export interface Way {
  flow: string;
  name: string;
  target: string;
  condition: string;
  isDefault: boolean;
}

export interface Row {
  id: string;
  /** BPMN's name without its prefix: `userTask`. */
  kind: string;
  name: string;
  /** How deep it stands: in a sub-process, or attached to the step above. */
  level: number;
  isAttached: boolean;
  lane: string | null;
  ways: readonly Way[];
}

/** Every flow node of a diagram, each once: what leads to a step stands above it, loops apart. */
export function rows(shapes: readonly Shape[]): Row[] {
  const nodes = shapes.filter(isNode);
  const lanes = laneOfNode(shapes);
  const ordered = [...inOrder(nodes)];
  return ordered.map(({ shape, level }) => ({
    id: shape.id,
    kind: kindOf(shape),
    name: shape.businessObject.name ?? '',
    level,
    isAttached: Boolean(shape.host),
    lane: lanes.get(shape.id) ?? null,
    ways: sequenceFlows(shape).map((flow) => wayOf(shape, flow)),
  }));
}

export function kindOf(shape: Shape): string {
  const name = shape.type.replace(/^bpmn:/, '');
  return name.charAt(0).toLowerCase() + name.slice(1);
}

const NODE =
  /^bpmn:(\w*Task|\w*Event|\w*Gateway|SubProcess|Transaction|AdHocSubProcess|CallActivity|Task)$/;

function isNode(shape: Shape): boolean {
  return NODE.test(shape.type) && !('labelTarget' in shape && shape.labelTarget);
}

function* inOrder(nodes: readonly Shape[]): Generator<{ shape: Shape; level: number }> {
  const known = new Set(nodes);
  const inside = new Map<Shape | null, Shape[]>();
  for (const shape of nodes) {
    if (shape.host) continue;
    const container = containerOf(shape, known);
    const others = inside.get(container);
    if (others) others.push(shape);
    else inside.set(container, [shape]);
  }
  yield* level(null, 0);

  function* level(
    container: Shape | null,
    depth: number,
  ): Generator<{ shape: Shape; level: number }> {
    for (const shape of topological(inside.get(container) ?? [])) {
      yield { shape, level: depth };
      for (const event of shape.attachers ?? []) yield { shape: event, level: depth + 1 };
      yield* level(shape, depth + 1);
    }
  }
}

/** The sub-process around a node; lanes and pools do not count. */
function containerOf(shape: Shape, known: ReadonlySet<Shape>): Shape | null {
  for (let outer = shape.parent; outer; outer = outer.parent) if (known.has(outer)) return outer;
  return null;
}

/** From the start along the flows, before what they lead to; then what is reached by none. */
function topological(nodes: readonly Shape[]): Shape[] {
  const seen = new Set<Shape>();
  const here = new Set(nodes);
  const roots = [...nodes].sort((one, other) => Number(isStart(other)) - Number(isStart(one)));
  return roots.flatMap((root) => (seen.has(root) ? [] : finished(root).reverse()));

  /** All that is reached first from a root, each after what it leads to. */
  function finished(root: Shape): Shape[] {
    const left: Shape[] = [];
    // Not recursive: a long process is deeper than a stack.
    const path = [{ shape: root, next: following(root) }];
    seen.add(root);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const next = top.next.pop();
      if (next === undefined) {
        left.push(top.shape);
        path.pop();
      } else if (!seen.has(next) && here.has(next)) {
        seen.add(next);
        path.push({ shape: next, next: following(next) });
      }
    }
    return left;
  }

  /** Targets of a node and of what is attached to it; the last is visited first. */
  function following(shape: Shape): Shape[] {
    const attached = (shape.attachers ?? []).flatMap(sequenceFlows);
    return [...sequenceFlows(shape), ...attached].map(({ target }) => target);
  }
}

function isStart(shape: Shape): boolean {
  return shape.type === 'bpmn:StartEvent';
}

function sequenceFlows(shape: Shape): Flow[] {
  return (shape.outgoing ?? []).filter(({ type }) => type === 'bpmn:SequenceFlow');
}

function wayOf(shape: Shape, { id, businessObject, target }: Flow): Way {
  return {
    flow: id,
    name: businessObject.name ?? '',
    target: target.id,
    condition: businessObject.conditionExpression?.body ?? '',
    isDefault: shape.businessObject.default === businessObject,
  };
}

/** Node id -> id of the innermost lane. */
function laneOfNode(shapes: readonly Shape[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { type, businessObject } of shapes) {
    if (type !== 'bpmn:Lane' || businessObject.childLaneSet) continue;
    for (const node of businessObject.flowNodeRef ?? [])
      found.set(node.id, businessObject.id ?? '');
  }
  return found;
}
