/** How nodes and flows hang together: as bpmn/lint/structure.py. */
import { type Case, error, quoted, type Said, warning } from './case';
import { Graph, type Place } from './graph';
import { ACTIVITIES, type Diagram, type Flow, FOREIGN, GATEWAYS, type Node } from './read';

const CHOOSING: ReadonlySet<string> = new Set(['exclusiveGateway', 'inclusiveGateway']);
const TRIGGERS: Readonly<Record<string, readonly string[]>> = {
  startEvent: [],
  endEvent: ['terminate', 'error'],
  intermediateThrowEvent: [],
  intermediateCatchEvent: ['message', 'date', 'duration'],
  boundaryEvent: ['message', 'date', 'duration', 'cycle', 'error'],
  receiveTask: ['message'],
};
const MUST_WAIT: ReadonlySet<string> = new Set([
  'intermediateCatchEvent',
  'boundaryEvent',
  'receiveTask',
]);

interface Named {
  id: string;
  name: string;
}

export function* structure({ diagram }: Case): Iterable<Said> {
  const levels = grouped(diagram);
  yield* level(diagram, levels.get(null) ?? [], { id: diagram.id, name: '' });
  for (const node of diagram.nodes.values()) {
    if (node.kind === 'subProcess') {
      yield* level(diagram, levels.get(node.id) ?? [], node);
    }
  }
  for (const flow of diagram.flows) {
    yield* flows(diagram, flow);
  }
  for (const node of diagram.nodes.values()) {
    if (!FOREIGN.has(node.kind)) {
      yield* ways(diagram, node);
      yield* events(diagram, node);
    }
  }
  const graph = new Graph(diagram);
  yield* circles(graph);
  yield* traps(diagram, graph);
}

function grouped(diagram: Diagram): ReadonlyMap<string | null, readonly Node[]> {
  const found = new Map<string | null, Node[]>();
  for (const node of diagram.nodes.values()) {
    const known = found.get(node.parent) ?? [];
    known.push(node);
    found.set(node.parent, known);
  }
  return found;
}

function* level(diagram: Diagram, nodes: readonly Node[], place: Named): Iterable<Said> {
  const starts = nodes.filter((one) => one.kind === 'startEvent');
  if (starts.length !== 1) {
    yield error(
      place,
      'one-start',
      `必须恰有一个开始事件，现有 ${starts.length} 个`,
      `there must be exactly one start event, there are ${starts.length}`,
    );
  }
  if (!nodes.some((one) => one.kind === 'endEvent')) {
    yield error(place, 'no-end', '没有结束事件', 'there is no end event');
  }
  const reached = new Set(starts.map((one) => one.id));
  for (const name of reached) {
    const onward = diagram.outgoing(name).map((flow) => flow.target);
    for (const one of [...onward, ...diagram.boundaries(name).map((event) => event.id)]) {
      reached.add(one); // a set is walked to its growing end
    }
  }
  for (const node of starts.length ? nodes : []) {
    if (!reached.has(node.id)) {
      yield error(node, 'unreachable', '从开始事件到不了这里', 'no way leads here from the start');
    }
  }
}

function* flows(diagram: Diagram, flow: Flow): Iterable<Said> {
  const [source, target] = [diagram.nodes.get(flow.source), diagram.nodes.get(flow.target)];
  if (!source || !target) {
    yield error(
      flow,
      'loose-flow',
      '连线的起点或终点不存在',
      'the flow leads from or to an element that does not exist',
    );
    return;
  }
  if (source.parent !== target.parent || source.parent !== flow.parent) {
    yield error(
      flow,
      'flow-across',
      '连线不能跨越子流程边界',
      'a flow may not cross the border of a sub-process',
    );
  }
  if (['startEvent', 'boundaryEvent'].includes(target.kind) || source.kind === 'endEvent') {
    yield error(
      flow,
      'flow-direction',
      '连线不能进入开始事件或边界事件，也不能离开结束事件',
      'a flow may not enter a start or boundary event, nor leave an end event',
    );
  }
  if (flow.condition !== null && !CHOOSING.has(source.kind)) {
    const name = source.name || source.id;
    yield error(
      flow,
      'condition-ignored',
      `条件只对排他网关和包容网关之后的连线有效，“${name}”不是`,
      `conditions count behind exclusive and inclusive gateways only, not behind ${quoted(name)}`,
    );
  }
}

function* ways(diagram: Diagram, node: Node): Iterable<Said> {
  const outgoing = diagram.outgoing(node.id);
  if (node.kind === 'endEvent') {
    return;
  }
  if (outgoing.length === 0) {
    yield error(node, 'dead-end', '没有向外的连线', 'no flow leads on from here');
  } else if (GATEWAYS.has(node.kind)) {
    yield* gateway(diagram, node, outgoing);
  } else if (outgoing.length > 1) {
    yield error(
      node,
      'two-flows',
      '不经网关有多条向外的连线，请加网关',
      'several flows leave without a gateway; add one',
    );
  }
}

function* gateway(diagram: Diagram, node: Node, outgoing: readonly Flow[]): Iterable<Said> {
  if (node.defaultFlow && !outgoing.some((flow) => flow.id === node.defaultFlow)) {
    yield error(
      node,
      'default-flow',
      '默认流向不是这个网关的连线',
      'the default flow does not leave this gateway',
    );
  }
  if (CHOOSING.has(node.kind) && outgoing.length > 1) {
    const name = node.name || node.id;
    for (const flow of outgoing) {
      if (!flow.condition && flow.id !== node.defaultFlow) {
        yield error(
          flow,
          'no-condition',
          `网关“${name}”之后的连线没有条件，也不是默认流向`,
          `the flow behind gateway ${quoted(name)} has no condition and is not the default`,
        );
      }
    }
    if (!node.defaultFlow) {
      yield warning(
        node,
        'no-default',
        '没有默认流向：条件都不成立时流程会停住',
        'there is no default flow: if no condition is true the case gets stuck',
      );
    }
  }
  if (node.kind === 'eventBasedGateway') {
    yield* awaited(diagram, outgoing);
  }
}

function* awaited(diagram: Diagram, outgoing: readonly Flow[]): Iterable<Said> {
  for (const flow of outgoing) {
    const target = diagram.nodes.get(flow.target);
    if (!target) {
      continue;
    }
    if (!['intermediateCatchEvent', 'receiveTask'].includes(target.kind)) {
      yield error(
        target,
        'awaits-no-event',
        '事件网关之后只能是消息或定时器捕获事件',
        'behind an event-based gateway only message and timer events may stand',
      );
    } else if (diagram.incoming(target.id).length > 1) {
      yield error(
        target,
        'event-two-ways',
        '事件网关之后的事件只能有一条进入的连线',
        'an event behind an event-based gateway may have one incoming flow only',
      );
    }
    if (diagram.boundaries(target.id).length) {
      yield error(
        target,
        'boundary-behind-gateway',
        '事件网关之后的接收任务不能带边界事件',
        'a receive task behind an event-based gateway may have no boundary events',
      );
    }
  }
}

function* events(diagram: Diagram, node: Node): Iterable<Said> {
  const allowed = TRIGGERS[node.kind];
  if (!allowed) {
    return;
  }
  if (node.triggers.length > 1) {
    yield error(
      node,
      'several-events',
      '一个事件只能有一种定义',
      'an event may have one definition only',
    );
  }
  if (node.triggers.length === 0 && MUST_WAIT.has(node.kind)) {
    yield error(node, 'no-event', '没有说明等待什么', 'it does not say what it waits for');
  }
  for (const trigger of node.triggers) {
    if (!allowed.includes(trigger.kind)) {
      yield error(
        node,
        'event-kind',
        `这里不能使用 ${trigger.kind} 事件`,
        `an event of kind ${trigger.kind} cannot stand here`,
      );
    }
    if (trigger.kind === 'message' && !trigger.name) {
      yield error(node, 'no-message', '消息没有名称', 'the message has no name');
    }
  }
  if (node.kind === 'boundaryEvent') {
    yield* boundary(diagram, node);
  } else if (node.kind === 'endEvent' && node.parent === null && is(node, 'error')) {
    yield error(
      node,
      'error-end',
      '错误结束事件只能在子流程中使用',
      'an error end event may stand in a sub-process only',
    );
  }
}

function* boundary(diagram: Diagram, node: Node): Iterable<Said> {
  const host = diagram.nodes.get(node.attachedTo ?? '');
  if (!host || !ACTIVITIES.has(host.kind) || host.parent !== node.parent) {
    yield error(
      node,
      'not-attached',
      '边界事件没有附着在任务或子流程上',
      'the boundary event is not attached to a task or sub-process',
    );
  } else if (is(node, 'error') && !['serviceTask', 'sendTask', 'subProcess'].includes(host.kind)) {
    yield error(
      node,
      'error-host',
      '错误边界事件只能附着在服务任务或子流程上',
      'an error boundary event belongs on a service task or sub-process',
    );
  }
  if (is(node, 'error') && !node.isInterrupting) {
    yield error(
      node,
      'error-interrupts',
      '错误边界事件必须中断',
      'an error boundary event must interrupt',
    );
  }
  if (is(node, 'cycle') && node.isInterrupting) {
    yield error(
      node,
      'cycle-interrupts',
      '循环定时器只能用于非中断边界事件',
      'a repeating timer may stand only where it does not interrupt',
    );
  }
}

function* circles(graph: Graph): Iterable<Said> {
  for (const circle of graph.circles()) {
    const names = circle.map((one) => one.name || one.id);
    yield warning(
      circle[0] as Node,
      'loop-without-wait',
      `循环中没有任务或等待，会一直空转：${names.join('、')}`,
      `nothing in this loop waits for a person or a time, so it would turn for ever: ${names.join(', ')}`,
    );
  }
}

/** Ways in, without a way out to an end. */
function* traps(diagram: Diagram, graph: Graph): Iterable<Said> {
  const ends: Place[] = [];
  for (const node of diagram.nodes.values()) {
    if (node.kind === 'endEvent' || !diagram.outgoing(node.id).length) {
      ends.push(graph.done(node.id) ?? -1);
    }
  }
  const led = graph.leadingTo(ends);
  const reached = graph.reached(ends.length ? graph.starts() : []);
  const isTrapped = (place: Place) => reached.has(place) && !led.has(place);
  for (const node of diagram.nodes.values()) {
    const place = graph.come(node.id) ?? -1;
    const before = graph.movesBack[place] ?? [];
    const isInside = before.length > 0 && before.every(isTrapped);
    if (isTrapped(place) && !isInside && !isInterruptible(diagram, node)) {
      yield error(
        node,
        'no-way-out',
        '从这里再也到不了结束事件',
        'from here on no way leads to an end event',
      );
    }
  }
}

function isInterruptible({ nodes, boundaries }: Diagram, node: Node): boolean {
  for (let around = nodes.get(node.parent ?? ''); around; around = nodes.get(around.parent ?? '')) {
    if (boundaries(around.id).some((one) => one.isInterrupting)) {
      return true;
    }
  }
  return false;
}

function is(node: Node, kind: string): boolean {
  return node.triggers.some((one) => one.kind === kind);
}
