/**
 * The ways through a diagram as one graph, sub-processes and boundary events included.
 *
 * As bpmn/lint/graph.py, where tests hold it to brute force: each node has two places, the token
 * has come and the node is done; a boundary event leaves from the first, a flow from the second.
 */
import { type Diagram, FOREIGN, type Node } from './read';

export type Test = (node: Node) => boolean;

/** Where a token can be: twice the node's number, and one more when the node is done. */
export type Place = number;

const WAITING: ReadonlySet<string> = new Set([
  ...FOREIGN,
  'userTask',
  'receiveTask',
  'intermediateCatchEvent',
  'boundaryEvent',
]);

/** Whether a token stays here for a person, a message or a time. */
export function waits(node: Node): boolean {
  return WAITING.has(node.kind) && !node.triggers.some((one) => one.kind === 'error');
}

export class Graph {
  readonly #nodes: readonly Node[];
  readonly #numbers = new Map<string, number>();
  readonly #inner = new Map<string | null, Node[]>();
  readonly moves: Place[][];
  readonly movesBack: Place[][];

  constructor(diagram: Diagram) {
    this.#nodes = [...diagram.nodes.values()];
    for (const [number, node] of this.#nodes.entries()) {
      this.#numbers.set(node.id, number);
      const level = this.#inner.get(node.parent) ?? [];
      level.push(node);
      this.#inner.set(node.parent, level);
    }
    this.moves = Array.from({ length: 2 * this.#nodes.length }, () => []);
    for (const [source, target] of this.#allMoves(diagram)) {
      if (source !== null && target !== null) {
        this.moves[source]?.push(target);
      }
    }
    this.#cutWhatIsBeside();
    this.movesBack = this.moves.map(() => []);
    for (const [source, onward] of this.moves.entries()) {
      for (const target of onward) {
        this.movesBack[target]?.push(source);
      }
    }
  }

  /** The token has come to the node; null if there is no such node. */
  come(id: string | null): Place | null {
    const number = id === null ? undefined : this.#numbers.get(id);
    return number === undefined ? null : 2 * number;
  }

  done(id: string | null): Place | null {
    const place = this.come(id);
    return place === null ? null : place + 1;
  }

  starts(): Place[] {
    return this.#level(null, 'startEvent').map((node) => this.#come(node));
  }

  ends(): Node[] {
    return this.#level(null, 'endEvent');
  }

  reached(sources: readonly Place[]): Set<Place> {
    return spread(sources, (place) => this.#onward(place));
  }

  /** The places from which a token can come to some. */
  leadingTo(targets: readonly Place[]): Set<Place> {
    return spread(targets, (place) => this.#back(place));
  }

  /** The places a token can come to without leaving some. */
  reachedAmong(sources: readonly Place[], among: ReadonlySet<Place>): Set<Place> {
    const inside = (places: readonly Place[]) => places.filter((one) => among.has(one));
    return spread(inside(sources), (place) => inside(this.#onward(place)));
  }

  /** The places a token can come to before any node that meets the test was done. */
  reachedWithout(sources: readonly Place[], met: Test): Set<Place> {
    const known = this.reached(sources);
    const waitsFor = new Map<Place, number>();
    for (const place of known) {
      if (!isDone(place) && this.#at(place).kind === 'parallelGateway') {
        waitsFor.set(place, this.#back(place).filter((one) => known.has(one)).length);
      }
    }
    const onward = (place: Place) => (this.#meets(place, met) ? [] : this.#onward(place));
    return spread(sources, onward, waitsFor);
  }

  /** The places from which a token can come to an end, no node that meets the test done. */
  endsWithout(ends: readonly Place[], met: Test): Set<Place> {
    const waitsFor = new Map<Place, number>();
    for (const [place, onward] of this.moves.entries()) {
      if (isDone(place) && this.#at(place).kind === 'parallelGateway') {
        waitsFor.set(place, onward.length);
      }
    }
    const back = (place: Place) =>
      this.#startsBeside(place) ? [] : this.#back(place).filter((one) => !this.#meets(one, met));
    return spread(ends, back, waitsFor);
  }

  /** The nodes of each way round on which no node waits, in the order of the document. */
  circles(): Node[][] {
    const moves = this.moves.map((onward, place) =>
      onward.filter((one) => {
        const node = this.#at(place);
        const passes = !isDone(place) && one === place + 1;
        return !(passes && (waits(node) || this.#starting(node).length > 0));
      }),
    );
    return components(moves)
      .filter((group) => group.length > 1)
      .map((group) => {
        const numbers = [...new Set(group.map((place) => place >> 1))].sort((a, b) => a - b);
        return numbers.map((number) => this.#at(2 * number));
      });
  }

  /** A sub-process is not over when what was started beside it is. */
  #cutWhatIsBeside(): void {
    const main = spread(this.starts(), (place) =>
      this.#onward(place).filter((one) => !this.#startsBeside(one)),
    );
    for (const node of this.#nodes) {
      if (node.kind === 'endEvent' && node.parent !== null && !main.has(this.#come(node))) {
        this.moves[this.#come(node) + 1] = [];
      }
    }
  }

  *#allMoves(diagram: Diagram): Iterable<readonly [Place | null, Place | null]> {
    for (const node of this.#nodes) {
      const [come, done] = [this.#come(node), this.#come(node) + 1];
      const inner = this.#starting(node);
      for (const start of inner) {
        yield [come, this.#come(start)];
      }
      if (inner.length === 0 || node.many) {
        yield [come, done];
      }
      yield [this.come(node.attachedTo), come];
      const isError = node.triggers.some((one) => one.kind === 'error');
      if (node.kind === 'endEvent' && !isError) {
        yield [done, this.done(node.parent)];
      }
    }
    for (const flow of diagram.flows) {
      yield [this.done(flow.source), this.come(flow.target)];
    }
  }

  #starting(node: Node): Node[] {
    return node.kind === 'subProcess' ? this.#level(node.id, 'startEvent') : [];
  }

  #level(parent: string | null, kind: string): Node[] {
    return (this.#inner.get(parent) ?? []).filter((one) => one.kind === kind);
  }

  #come(node: Node): Place {
    return 2 * (this.#numbers.get(node.id) ?? 0);
  }

  #at(place: Place): Node {
    return this.#nodes[place >> 1] as Node;
  }

  #onward(place: Place): readonly Place[] {
    return this.moves[place] ?? [];
  }

  #back(place: Place): readonly Place[] {
    return this.movesBack[place] ?? [];
  }

  /** Whether leaving this place means that a node was surely done that meets the test. */
  #meets(place: Place, met: Test): boolean {
    const node = this.#at(place);
    return isDone(place) && node.many === null && met(node);
  }

  #startsBeside(place: Place): boolean {
    const node = this.#at(place);
    return node.kind === 'boundaryEvent' && !isDone(place) && !node.isInterrupting;
  }
}

function isDone(place: Place): boolean {
  return place % 2 === 1;
}

/** What is reached from the sources; some places only once as many moves lead there. */
function spread(
  sources: readonly Place[],
  onward: (place: Place) => readonly Place[],
  waitsFor: ReadonlyMap<Place, number> = new Map(),
): Set<Place> {
  const missing = new Map(waitsFor);
  const found = new Set<Place>();
  const waiting = [...sources];
  for (let here = waiting.pop(); here !== undefined; here = waiting.pop()) {
    const rest = (missing.get(here) ?? 1) - 1;
    missing.set(here, rest);
    if (!found.has(here) && rest <= 0) {
      found.add(here);
      waiting.push(...onward(here));
    }
  }
  return found;
}

/** The strongly connected components (Tarjan's algorithm, without recursion). */
function components(moves: readonly (readonly Place[])[]): Place[][] {
  const numbers = new Map<Place, number>();
  const lowest = new Map<Place, number>();
  const stack: Place[] = [];
  const onStack = new Set<Place>();
  const found: Place[][] = [];
  const enter = (place: Place, path: { place: Place; next: number }[]) => {
    lowest.set(place, numbers.size);
    numbers.set(place, numbers.size);
    stack.push(place);
    onStack.add(place);
    path.push({ place, next: 0 });
  };
  const lower = (place: Place, to: number) =>
    lowest.set(place, Math.min(lowest.get(place) ?? to, to));
  for (const root of moves.keys()) {
    const path: { place: Place; next: number }[] = [];
    if (!numbers.has(root)) {
      enter(root, path);
    }
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const onward = moves[top.place]?.[top.next];
      top.next += 1;
      if (onward === undefined) {
        path.pop();
        const low = lowest.get(top.place) ?? 0;
        const above = path.at(-1);
        if (above) {
          lower(above.place, low);
        }
        if (low === numbers.get(top.place)) {
          const group = stack.splice(stack.lastIndexOf(top.place));
          for (const one of group) {
            onStack.delete(one);
          }
          found.push(group);
        }
      } else if (!numbers.has(onward)) {
        enter(onward, path);
      } else if (onStack.has(onward)) {
        lower(top.place, numbers.get(onward) ?? 0);
      }
    }
  }
  return found;
}
