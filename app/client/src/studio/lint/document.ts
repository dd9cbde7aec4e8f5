/** What this engine cannot run, element by element: as bpmn/lint/document.py sees the XML. */
import { error, type Said } from './case';
import { type Element, FLOW_NODES, kindOf, text } from './read';

const DATA = [
  '数据对象和数据存储不受支持，请使用流程变量',
  'data objects and data stores are not supported; use process variables',
] as const;
const COMPENSATION = ['补偿不受支持', 'compensation is not supported'] as const;
const UNSUPPORTED: Readonly<Record<string, readonly [string, string]>> = {
  callActivity: [
    '调用活动不受支持：一个版本只含一个流程，请改用子流程',
    'call activities are not supported: a version holds one process; use a sub-process',
  ],
  transaction: ['事务子流程不受支持', 'transactions are not supported'],
  adHocSubProcess: ['即席子流程不受支持', 'ad-hoc sub-processes are not supported'],
  complexGateway: ['复杂网关不受支持', 'complex gateways are not supported'],
  dataObject: DATA,
  dataObjectReference: DATA,
  dataStore: DATA,
  dataStoreReference: DATA,
  dataInputAssociation: DATA,
  dataOutputAssociation: DATA,
  standardLoopCharacteristics: [
    '标准循环不受支持，请使用多实例或用网关返回',
    'standard loops are not supported; use multi-instance or lead back by a gateway',
  ],
  compensateEventDefinition: COMPENSATION,
  cancelEventDefinition: ['取消事件不受支持', 'cancel events are not supported'],
  linkEventDefinition: [
    '链接事件不受支持：令牌会丢失，请直接连线',
    'link events are not supported: the token would be lost; draw the flow',
  ],
  signalEventDefinition: [
    '信号事件不受支持，请使用消息',
    'signal events are not supported; use messages',
  ],
  escalationEventDefinition: [
    '升级事件不受支持，请使用非中断定时器或服务任务',
    'escalation events are not supported; use a timer that does not interrupt, or a service',
  ],
  conditionalEventDefinition: [
    '条件事件不受支持，请使用网关',
    'conditional events are not supported; use a gateway',
  ],
};
const POINTABLE: ReadonlySet<string> = new Set([
  ...FLOW_NODES,
  ...'process sequenceFlow lane message error dataObject dataObjectReference dataStoreReference dataStore'.split(
    ' ',
  ),
]);

/** What is wrong with one element by itself. */
export function* alone(element: Element): Iterable<Said> {
  const kind = kindOf(element);
  const unsupported = UNSUPPORTED[kind];
  if (unsupported) {
    yield about(element, `unsupported-${kind}`, ...unsupported);
  }
  if (kind === 'scriptTask' && element.script !== undefined) {
    yield about(
      element,
      'unsupported-script',
      '不允许脚本代码，请使用 zeebe:script 中的 FEEL 表达式',
      'script code is not allowed; use a FEEL expression in zeebe:script',
    );
  }
  if (element.triggeredByEvent === true) {
    yield about(
      element,
      'event-sub-process',
      '事件子流程不受支持，请使用边界事件',
      'event sub-processes are not supported; use boundary events',
    );
  }
  if (element.isForCompensation === true) {
    yield about(element, 'compensation', ...COMPENSATION);
  }
  const language = written(element, 'expressionLanguage') || written(element, 'language') || 'feel';
  if (kind && kind !== 'definitions' && !language.toLowerCase().endsWith('feel')) {
    yield about(
      element,
      'foreign-language',
      `表达式语言只能是 FEEL，而不是 ${language.toLowerCase()}`,
      `the only expression language is FEEL, not ${language.toLowerCase()}`,
    );
  }
}

/** An attribute, whether or not BPMN foresees it there. */
function written(element: Element, name: string): string {
  const other = element.$attrs?.[name];
  return text(element, name) || (typeof other === 'string' ? other : '');
}

/** A finding about the element, or about the nearest around it that can be pointed at. */
function about(element: Element, rule: string, zh: string, en: string): Said {
  let holder: Element | undefined = element;
  while (holder && !(text(holder, 'id') && POINTABLE.has(kindOf(holder)))) {
    holder = holder.$parent;
  }
  return error({ id: text(holder, 'id'), name: text(holder, 'name') }, rule, zh, en);
}
