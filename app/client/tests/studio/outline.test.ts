import { describe, expect, it } from 'vitest';
import { type Flow, type Moddle, rows, type Shape } from '../../src/studio/list/outline';

function moddle($type: string, id: string, more: Record<string, unknown> = {}): Moddle {
  const made = { $type, id, ...more };
  return { ...made, get: <T>(name: string) => made[name as keyof typeof made] as T };
}

/** A diagram of nodes `id` or `id:Type`, flows `a>b` and attached events `event@host`. */
function shapes(nodes: string, flows = ''): Shape[] {
  const made = new Map<string, Shape & { outgoing: Flow[]; attachers: Shape[] }>();
  for (const text of nodes.split(' ')) {
    const [named = '', type = 'UserTask'] = text.split(':');
    const [id = '', host] = named.split('@');
    const businessObject = moddle(`bpmn:${type}`, id, { name: id });
    const shape = { id, type: `bpmn:${type}`, businessObject, outgoing: [], attachers: [] };
    const on = host ? made.get(host) : undefined;
    made.set(id, Object.assign(shape, on && { host: on }));
    on?.attachers.push(made.get(id) as Shape);
  }
  for (const text of flows.split(' ').filter(Boolean)) {
    const [from = '', to = ''] = text.split('>');
    const target = made.get(to) as Shape;
    const businessObject = moddle('bpmn:SequenceFlow', text);
    made.get(from)?.outgoing.push({ id: text, type: 'bpmn:SequenceFlow', businessObject, target });
  }
  return [...made.values()];
}

const order = (nodes: string, flows?: string) => rows(shapes(nodes, flows)).map(({ id }) => id);

describe('the steps of a process', () => {
  it('follow the flow, wherever they stand in the file', () => {
    expect(order('c b start:StartEvent a', 'start>a a>b b>c')).toEqual(['start', 'a', 'b', 'c']);
  });

  it('stand after all that leads to them, the first branch first', () => {
    const found = order(
      'start:StartEvent x a b join end:EndEvent',
      'start>x x>a x>b a>join b>join join>end',
    );
    expect(found).toEqual(['start', 'x', 'a', 'b', 'join', 'end']);
  });

  it('are each told once though the flow returns', () => {
    expect(order('start:StartEvent a b', 'start>a a>b b>a')).toEqual(['start', 'a', 'b']);
  });

  it('show what is attached below its host, one level in', () => {
    const found = rows(shapes('start:StartEvent a late@a:BoundaryEvent b', 'start>a a>b'));
    expect(found.map(({ id, level, isAttached }) => [id, level, isAttached])).toEqual([
      ['start', 0, false],
      ['a', 0, false],
      ['late', 1, true],
      ['b', 0, false],
    ]);
  });

  it('end with what no flow reaches', () => {
    expect(order('lost start:StartEvent a', 'start>a')).toEqual(['start', 'a', 'lost']);
  });

  it('may be as many as a long process has', () => {
    const ids = Array.from({ length: 20_000 }, (_, place) => `n${place}`);
    const flows = ids.slice(1).map((id, place) => `${ids[place]}>${id}`);
    expect(order(ids.reverse().join(' '), flows.join(' ')).length).toBe(20_000);
  });
});
