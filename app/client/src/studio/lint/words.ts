/** What a diagram names against what exists: as bpmn/lint/words.py, without what is inside FEEL and DMN. */
import {
  type Case,
  type Context,
  constant,
  error,
  fields,
  needsOf,
  operationOf,
  quoted,
  type Said,
} from './case';
import type { Lane, Node } from './read';

const RESERVED: ReadonlySet<string> = new Set(['typename', 'data_objects', 'loopCounter']);
const SERVICES: ReadonlySet<string> = new Set(['serviceTask', 'sendTask']);

export function* words({ diagram, context }: Case): Iterable<Said> {
  const nodes = [...diagram.nodes.values()];
  for (const lane of new Set(nodes.map((node) => node.lane))) {
    yield* lane ? lanes(context, lane) : [];
  }
  const given = givenByProduct(context, nodes);
  for (const node of nodes) {
    yield* status(context, node);
    if (node.kind === 'userTask') {
      yield* people(context, node);
      yield* form(context, node, given);
      yield* record(context, node);
    } else if (SERVICES.has(node.kind)) {
      yield* operation(context, node);
    } else if (node.kind === 'businessRuleTask') {
      yield* decision(context, node);
    } else if (node.kind === 'scriptTask' && !(node.script && node.result)) {
      yield error(
        node,
        'no-script',
        '脚本任务须用 zeebe:script 给出 FEEL 表达式和结果变量',
        'a script task gives a FEEL expression and a result variable in zeebe:script',
      );
    }
    yield* targets(node);
  }
}

/** The variables that route a case: the product and its decisions write them, no form may. */
function givenByProduct(context: Context, nodes: readonly Node[]): ReadonlySet<string> {
  const names = new Set(context.vocabulary.variables);
  for (const node of nodes) {
    const isRule = node.kind === 'businessRuleTask' || node.kind === 'scriptTask';
    const offered = SERVICES.has(node.kind)
      ? (operationOf(context, node.operation)?.outputs ?? [])
      : isRule && node.result
        ? [node.result]
        : [];
    if (SERVICES.has(node.kind) || isRule) {
      const own = node.outputs.map((io) => io.target);
      for (const name of own.length ? own : offered) {
        names.add(name);
      }
    }
  }
  return names;
}

function* lanes({ vocabulary }: Context, lane: Lane): Iterable<Said> {
  const roles = vocabulary.roles.map((one) => one.value);
  const sides = vocabulary.sides.map((one) => one.value);
  if (lane.role && !roles.includes(lane.role)) {
    yield error(
      lane,
      'unknown-role',
      `泳道的角色“${lane.role}”不存在${of(roles)}`,
      `the lane's role ${quoted(lane.role)} does not exist${or(roles)}`,
    );
  }
  if (lane.side && !sides.includes(lane.side)) {
    yield error(
      lane,
      'unknown-side',
      `泳道的一方“${lane.side}”不存在${of(sides)}`,
      `the lane's side ${quoted(lane.side)} does not exist${or(sides)}`,
    );
  }
}

function* people({ vocabulary }: Context, node: Node): Iterable<Said> {
  if (!(node.assignee || node.groups || node.users)) {
    if (!node.lane?.role) {
      yield error(
        node,
        'nobody',
        '没有人负责：任务不在带角色的泳道中，也没有指定人员',
        'nobody is in charge: the task is in no lane with a role and names nobody',
      );
    } else if (!node.lane.side) {
      yield error(
        node.lane,
        'no-side',
        '泳道没有说明属于哪一方(side)',
        'the lane does not say whose side it is on',
      );
    }
  }
  const roles = vocabulary.roles.map((one) => one.value);
  const groups = node.groups.startsWith('=') ? [] : node.groups.split(',').map((one) => one.trim());
  for (const group of groups.filter((one) => one && !roles.includes(one))) {
    yield error(
      node,
      'unknown-role',
      `候选组“${group}”不是角色${of(roles)}`,
      `the candidate group ${quoted(group)} is no role${or(roles)}`,
    );
  }
}

function* form(context: Context, node: Node, given: ReadonlySet<string>): Iterable<Said> {
  for (const io of node.outputs.filter((one) => given.has(one.target))) {
    yield error(
      node,
      'form-routes',
      `任务的输出“${io.target}”会改写由系统给出的变量`,
      `the task's output ${quoted(io.target)} would overwrite a variable that the system gives`,
    );
  }
  const id = node.formId;
  if (id === null) {
    return;
  }
  const found = context.forms[id];
  if (!found) {
    const known = Object.keys(context.forms);
    yield error(
      node,
      'unknown-form',
      `表单“${id}”不存在${of(known)}`,
      `the form ${quoted(id)} does not exist${or(known)}`,
    );
    return;
  }
  for (const { key } of fields(found)) {
    if (RESERVED.has(key)) {
      yield error(
        node,
        'reserved-name',
        `表单“${id}”的字段名“${key}”为保留名`,
        `field ${quoted(key)} of form ${quoted(id)} has a reserved name`,
      );
    } else if (given.has(key)) {
      yield error(
        node,
        'form-routes',
        `表单“${id}”的字段“${key}”与由系统给出的变量同名`,
        `field ${quoted(key)} of form ${quoted(id)} is named like a variable that the system gives`,
      );
    }
  }
}

function* record(context: Context, node: Node): Iterable<Said> {
  const kind = node.properties.get('record');
  if (kind === undefined) {
    return;
  }
  const needs = needsOf(context, kind);
  if (!needs) {
    const known = context.vocabulary.records.map((one) => one.name);
    yield error(
      node,
      'unknown-record',
      `病历类型“${kind}”不存在${of(known)}`,
      `the record kind ${quoted(kind)} does not exist${or(known)}`,
    );
    return;
  }
  const keys = new Set([...fields(context.forms[node.formId ?? ''])].map((one) => one.key));
  for (const key of [...needs].sort().filter((one) => !keys.has(one))) {
    yield error(
      node,
      'record-key',
      `病历类型“${kind}”需要字段“${key}”，表单中没有`,
      `record kind ${quoted(kind)} needs the field ${quoted(key)}, which the form lacks`,
    );
  }
}

function* operation(context: Context, node: Node): Iterable<Said> {
  if (!node.operation) {
    yield error(
      node,
      'no-operation',
      '服务任务没有指定操作',
      'the service task names no operation',
    );
    return;
  }
  const name = node.operation;
  const found = operationOf(context, name);
  if (!found) {
    const known = context.vocabulary.operations.map((one) => one.name);
    yield error(
      node,
      'unknown-operation',
      `操作“${name}”不存在${of(known)}`,
      `the operation ${quoted(name)} does not exist${or(known)}`,
    );
    return;
  }
  const inputs = new Set(node.inputs.map((io) => io.target));
  for (const input of [...found.inputs].sort().filter((one) => !inputs.has(one))) {
    yield error(
      node,
      'input-missing',
      `操作“${name}”缺少输入“${input}”`,
      `the operation ${quoted(name)} lacks its input ${quoted(input)}`,
    );
  }
  const known = [...found.inputs, ...found.optional];
  for (const input of [...inputs].sort().filter((one) => !known.includes(one))) {
    yield error(
      node,
      'input-unknown',
      `操作“${name}”没有输入“${input}”`,
      `the operation ${quoted(name)} has no input ${quoted(input)}`,
    );
  }
  for (const io of node.inputs) {
    const offered = found.choices[io.target]?.map((one) => one.value);
    const own = found.notices.includes(io.target) ? context.notices : [];
    const given = constant(io.source);
    if (offered && given !== null && !offered.includes(given) && !own.includes(given)) {
      const allowed = [...new Set([...offered, ...own])];
      yield error(
        node,
        'input-choice',
        `操作“${name}”的输入“${io.target}”不能是“${given}”${of(allowed)}`,
        `the input ${quoted(io.target)} of the operation ${quoted(name)} cannot be ${quoted(given)}${or(allowed)}`,
      );
    }
  }
}

function* decision(context: Context, node: Node): Iterable<Said> {
  if (!node.decision || !node.result) {
    yield error(
      node,
      'no-decision',
      '业务规则任务须用 zeebe:calledDecision 指定决策和结果变量',
      'a business rule task names its decision and result variable in zeebe:calledDecision',
    );
  }
  if (node.decision && !context.decisions.includes(node.decision)) {
    yield error(
      node,
      'unknown-decision',
      `决策“${node.decision}”不存在${of(context.decisions)}`,
      `the decision ${quoted(node.decision)} does not exist${or(context.decisions)}`,
    );
  }
}

function* status({ vocabulary }: Context, node: Node): Iterable<Said> {
  const given = node.properties.get('status');
  const known = vocabulary.statuses.map((one) => one.value);
  if (given !== undefined && !known.includes(given)) {
    yield error(
      node,
      'unknown-status',
      `状态“${given}”不存在${of(known)}`,
      `the status ${quoted(given)} does not exist${or(known)}`,
    );
  }
}

/** The names of variables that the node writes. */
function* targets(node: Node): Iterable<Said> {
  const written = [...node.inputs, ...node.outputs].map((io) => io.target);
  const more = [node.result, node.many?.element ?? '', node.many?.outputCollection ?? ''];
  for (const name of [...written, ...more.filter(Boolean)]) {
    if (RESERVED.has(name)) {
      yield error(
        node,
        'reserved-name',
        `变量名“${name}”为保留名`,
        `the name ${quoted(name)} is reserved`,
      );
    } else if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) {
      yield error(
        node,
        'bad-name',
        `“${name}”不能作变量名：只用文字、数字和下划线`,
        `${quoted(name)} is no name for a variable: use letters, digits and underscores`,
      );
    }
  }
}

function of(names: readonly string[]): string {
  return names.length ? `，可用：${[...names].sort().join('、')}` : '';
}

function or(names: readonly string[]): string {
  return names.length ? `; there are ${[...names].sort().join(', ')}` : '';
}
