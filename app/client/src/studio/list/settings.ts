/** What a manager sets at a step, read from and written to the file's own terms. */
import { attribute } from '../diagram/extensions';
import type { Moddle } from './outline';

/** Where a setting stands: an extension element of this type, in this property. */
interface Place {
  type: string;
  property: string;
}

export type Setting = 'form' | 'due' | 'operation' | 'decision' | 'result' | 'groups';

export const PLACES: Record<Setting, Place> = {
  form: { type: 'zeebe:FormDefinition', property: 'formId' },
  due: { type: 'zeebe:TaskSchedule', property: 'dueDate' },
  operation: { type: 'zeebe:TaskDefinition', property: 'type' },
  decision: { type: 'zeebe:CalledDecision', property: 'decisionId' },
  result: { type: 'zeebe:CalledDecision', property: 'resultVariable' },
  groups: { type: 'zeebe:AssignmentDefinition', property: 'candidateGroups' },
};

/** Which settings a kind of step has, in the order they are shown. */
export const SETTINGS: Readonly<Record<string, readonly Setting[]>> = {
  userTask: ['form', 'due', 'groups'],
  serviceTask: ['operation'],
  sendTask: ['operation'],
  businessRuleTask: ['decision', 'result'],
};

/** The text of a setting; empty where there is none. */
export function setting(node: Moddle, name: Setting): string {
  const { type, property } = PLACES[name];
  return attribute(node, type, property);
}

/** The one timer of an event: which kind it is and what it says. */
export function timer(node: Moddle): { property: string; text: string } | null {
  const definition = timerOf(node);
  if (!definition) return null;
  const property = ['timeDuration', 'timeDate', 'timeCycle'].find((one) => definition[one]);
  return property
    ? { property, text: definition[property].body ?? '' }
    : { property: 'timeDuration', text: '' };
}

export function timerOf(node: Moddle): Moddle | undefined {
  const definitions: Moddle[] = node.eventDefinitions ?? [];
  return definitions.find(({ $type }) => $type === 'bpmn:TimerEventDefinition');
}
