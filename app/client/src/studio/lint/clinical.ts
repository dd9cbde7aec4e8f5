/** What a diagram must not do to a patient: the rules of bpmn/lint/clinical.py, where their reasons stand. */
import {
  type Case,
  CHOICES,
  constant,
  error,
  fields,
  namesIn,
  needsOf,
  operationOf,
  quoted,
  type Said,
  type Tell,
  warning,
} from './case';
import { Graph, type Place, waits } from './graph';
import type { Io, Node } from './read';

const CONSENT = 'consent_given';
const REASON = 'reason';
const IDENTITY = 'patient_';
/** Whom an audience holds of those who must hear of a refusal. */
const HEARS: Readonly<Record<string, readonly string[]>> = {
  applicant: ['applicant'],
  coordinator: ['coordinator'],
  all: ['applicant', 'coordinator'],
};
const PARTIES = [
  ['applicant', '申请医生', 'the applicant'],
  ['coordinator', '会诊协调员', 'the coordinator'],
] as const;

export function* clinical(judged: Case): Iterable<Said> {
  const words = new Words(judged);
  yield* consent(words);
  yield* refusals(words);
  yield* lastWord(words);
  yield* notices(words);
  for (const node of words.nodes) {
    if (node.kind === 'userTask') {
      yield* time(judged, node);
    }
  }
}

/** A case with its graph and what its nodes mean. */
class Words {
  readonly nodes: readonly Node[];
  readonly graph: Graph;

  constructor(readonly judged: Case) {
    this.nodes = [...judged.diagram.nodes.values()];
    this.graph = new Graph(judged.diagram);
  }

  asksConsent(node: Node): boolean {
    return this.#keeps(node, [CONSENT]) && this.requires(node, CONSENT);
  }

  isSession(node: Node): boolean {
    return (
      this.means(node, 'session') ||
      node.properties.get('session') === 'true' ||
      node.properties.get('status') === 'in_progress'
    );
  }

  isReview(node: Node): boolean {
    return this.#keeps(node, ['decision', REASON]);
  }

  tells(node: Node, party: string): boolean {
    const audience = node.inputs.findLast((one) => one.target === 'audience')?.source ?? '';
    const heard = HEARS[constant(audience) ?? ''] ?? [];
    return this.means(node, 'notice') && heard.includes(party);
  }

  isInviting(node: Node): boolean {
    if (node.kind !== 'userTask') {
      return false;
    }
    return node.assignee || node.groups || node.users
      ? node.assignee === '=applicant'
      : node.lane?.side === 'inviting';
  }

  requires(node: Node, key: string): boolean {
    const form = this.judged.context.forms[node.formId ?? ''];
    return [...fields(form)].some((one) => {
      const validate = one.validate as { required?: unknown } | undefined;
      const properties = one.properties as { required_if?: unknown } | undefined;
      return (
        one.key === key &&
        Boolean(validate?.required || (key === REASON && properties?.required_if))
      );
    });
  }

  means(node: Node, meaning: string): boolean {
    return operationOf(this.judged.context, node.operation)?.meaning === meaning;
  }

  leadsInto(node: Node, places: ReadonlySet<Place>): boolean {
    return this.after(node).some((one) => places.has(one));
  }

  after(node: Node): readonly Place[] {
    return this.graph.moves[this.graph.done(node.id) ?? -1] ?? [];
  }

  #keeps(node: Node, keys: readonly string[]): boolean {
    const needs = needsOf(this.judged.context, node.properties.get('record') ?? '') ?? [];
    return node.kind === 'userTask' && keys.every((key) => needs.includes(key));
  }
}

function* consent(words: Words): Iterable<Said> {
  const { graph } = words;
  const reached = graph.reachedWithout(
    graph.starts(),
    (node) => words.asksConsent(node) || words.isSession(node),
  );
  for (const node of words.nodes) {
    if (words.isSession(node) && reached.has(graph.come(node.id) ?? -1)) {
      yield error(
        node,
        'session-without-consent',
        '有一条路径未经患者知情同意就到达会诊：之前须完成带必填知情同意的申请',
        "a way leads to the session without the patient's consent: a task whose form requires the consent must be done before",
      );
    }
  }
}

function* refusals(words: Words): Iterable<Said> {
  const status = (node: Node) => node.properties.get('status');
  const ends = words.graph.ends().filter((one) => status(one) !== 'completed');
  const cancelling = ends.filter((one) => status(one) === 'cancelled');
  const tasks = words.nodes.filter((one) => one.kind === 'userTask');
  yield* refusalsOf(
    words,
    tasks.filter((one) => words.isReview(one)),
    ends,
    error,
  );
  yield* refusalsOf(
    words,
    tasks.filter((one) => !words.isReview(one)),
    cancelling,
    warning,
  );
}

function* refusalsOf(
  words: Words,
  all: readonly Node[],
  ends: readonly Node[],
  tell: Tell,
): Iterable<Said> {
  const { graph } = words;
  const done = ends.map((one) => graph.done(one.id) ?? -1);
  const refusing = graph.endsWithout(done, goesOn);
  const tasks = all.filter((node) => words.leadsInto(node, refusing));
  for (const node of tasks) {
    if (!words.requires(node, REASON)) {
      yield tell(
        node,
        'refusal-without-reason',
        `这一步可以拒绝，表单却没有必填的理由(${REASON})`,
        `this step can refuse, but its form does not require a reason ('${REASON}')`,
      );
    }
  }
  const firsts = tasks.flatMap((node) => words.after(node));
  for (const [party, zh, en] of PARTIES) {
    const untold = graph.endsWithout(done, (node) => goesOn(node) || words.tells(node, party));
    const passed = graph.reachedAmong(firsts, untold);
    for (const end of ends) {
      if (passed.has(graph.done(end.id) ?? -1)) {
        yield tell(
          end,
          'refusal-untold',
          `拒绝后到这里结束，却没有通知${zh}`,
          `a refusal ends here without ${en} being told`,
        );
      }
    }
  }
}

/** Whether the case is not being ended by a refusal, if it comes by here. */
function goesOn(node: Node): boolean {
  return waits(node) || node.properties.get('status') === 'completed';
}

function* lastWord(words: Words): Iterable<Said> {
  const { graph } = words;
  const ends = graph.ends().filter((one) => one.properties.get('status') !== 'cancelled');
  const unheard = graph.endsWithout(
    ends.map((one) => graph.done(one.id) ?? -1),
    (node) => words.isInviting(node),
  );
  for (const node of words.nodes) {
    if (words.means(node, 'report') && words.leadsInto(node, unheard)) {
      yield error(
        node,
        'inviting-not-last',
        '报告发布后，有一条路径不经邀请方的任务就结束：诊疗须由邀请方最后决定',
        'after the report a way leads to the end without a task of the inviting side, which must decide on the treatment',
      );
    }
  }
}

function* notices(words: Words): Iterable<Said> {
  const secret = secrets(words);
  for (const node of words.nodes) {
    for (const io of words.means(node, 'notice') ? node.inputs : []) {
      for (const name of [...new Set(namesIn(io.source))].filter((one) => secret.has(one)).sort()) {
        yield error(
          node,
          'patient-data-in-notice',
          `通知的输入“${io.target}”读取了可能含患者信息的“${name}”`,
          `the notice's input ${quoted(io.target)} reads ${quoted(name)}, which may hold data of the patient`,
        );
      }
    }
  }
}

/** The names of answers in free words or about the patient, and of all computed from them. */
function secrets(words: Words): ReadonlySet<string> {
  const found = new Set<string>();
  for (const form of Object.values(words.judged.context.forms)) {
    for (const one of fields(form)) {
      if (!CHOICES.has(one.type) || one.key.startsWith(IDENTITY)) {
        found.add(one.key);
      }
    }
  }
  const targets = new Map<string, string[]>();
  for (const io of words.nodes.flatMap((node) => [...computed(node)])) {
    for (const name of namesIn(io.source)) {
      targets.set(name, [...(targets.get(name) ?? []), io.target]);
    }
  }
  for (const name of found) {
    for (const target of targets.get(name) ?? []) {
      found.add(target); // a set is walked to its growing end
    }
  }
  return found;
}

function* computed(node: Node): Iterable<Io> {
  yield* node.outputs;
  yield* node.inputs;
  if (node.script && node.result) {
    yield { source: node.script, target: node.result };
  }
  if (node.many) {
    yield { source: node.many.collection, target: node.many.element };
    yield { source: node.many.outputElement, target: node.many.outputCollection };
  }
}

function* time(judged: Case, node: Node): Iterable<Said> {
  if (!node.due) {
    yield warning(
      node,
      'no-due-time',
      '任务没有时限，逾期不会被发现',
      'the task has no due time, so nobody will see that it is late',
    );
  }
  const { nodes } = judged.diagram;
  for (let around: Node | undefined = node; around; around = nodes.get(around.parent ?? '')) {
    const events = judged.diagram.boundaries(around.id).flatMap((event) => event.triggers);
    if (events.some((one) => ['date', 'duration', 'cycle'].includes(one.kind))) {
      return;
    }
  }
  yield warning(
    node,
    'no-escalation',
    '没有超时处理：请加定时边界事件，催办或转交他人',
    'nothing happens when it is late: add a timer boundary event that reminds or hands over',
  );
}
