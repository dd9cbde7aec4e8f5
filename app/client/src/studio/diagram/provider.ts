/**
 * What a manager sees of an element's properties.
 *
 * The providers of bpmn.io and zeebe come first; of their groups those are kept that say something
 * our engine reads, and what names roles, forms, decisions or operations is chosen from what exists.
 */
import { Group } from '@bpmn-io/properties-panel';
import { is, isAny } from 'bpmn-js/lib/util/ModelUtil';
import type { Injector } from 'didi';
import type { Choice, Operation } from '../content';
import type { Draft } from '../draft';
import { usesOf } from '../forms/catalogue';
import { newDecision, newForm } from '../fresh';
import { t } from '../words/diagram';
import { actions, choice, type Entry, formula, text, tick } from './entries';
import {
  attribute,
  Editor,
  type Element,
  holderOf,
  inputs,
  type Moddle,
  property,
} from './extensions';

interface Section {
  id: string;
  label: string;
  component: unknown;
  entries?: Entry[];
  items?: readonly unknown[];
  shouldOpen?: boolean;
}

/** Below the providers it corrects: zeebe's has 500. */
const PRIORITY = 400;

/** Groups of the others that stay, with the entries that do; without a list all of them do. */
const KEPT: Readonly<Record<string, readonly string[] | null>> = {
  general: ['name', 'id'],
  documentation: ['documentation'],
  condition: null,
  timer: null,
  message: null,
  error: null,
  multiInstance: [
    'multiInstance-inputCollection',
    'multiInstance-inputElement',
    'multiInstance-outputCollection',
    'multiInstance-outputElement',
    'multiInstance-completionCondition',
  ],
  inputs: null,
  outputs: null,
};

const NONE: Choice = { value: '', label: '' };

export class ManagerProperties {
  static readonly $inject = ['propertiesPanel', 'injector', 'draft'];
  readonly #editor: Editor;

  constructor(
    panel: { registerProvider(priority: number, provider: unknown): void },
    injector: Injector,
    private readonly draft: Draft,
  ) {
    this.#editor = new Editor(injector);
    panel.registerProvider(PRIORITY, this);
  }

  getGroups(element: Element): (sections: Section[]) => Section[] {
    return (sections) => {
      const kept = sections.filter((section) => keeps(element, section)).map(trimmed);
      const [general, ...rest] = kept;
      return [...(general ? [this.#named(element, general)] : []), ...this.#own(element), ...rest];
    };
  }

  #named(element: Element, general: Section): Section {
    const { entries = [] } = general;
    const english = this.#property(element, 'name_en', t('field.name_en'), t('field.name_en.hint'));
    return { ...general, entries: [...entries.slice(0, 1), english, ...entries.slice(1)] };
  }

  /** The groups that are ours. */
  #own(element: Element): Section[] {
    if (is(element, 'bpmn:Lane')) return [this.#lane(element)];
    if (is(element, 'bpmn:UserTask'))
      return [this.#people(element), this.#form(element), this.#time(element), this.#case(element)];
    if (isAny(element, ['bpmn:ServiceTask', 'bpmn:SendTask']))
      return [this.#operation(element), this.#case(element)];
    if (is(element, 'bpmn:BusinessRuleTask')) return [this.#decision(element), this.#case(element)];
    if (is(element, 'bpmn:ScriptTask')) return [this.#script(element), this.#case(element)];
    return isAny(element, ['bpmn:Activity', 'bpmn:Event']) ? [this.#case(element)] : [];
  }

  #lane(element: Element): Section {
    const { roles, sides } = this.draft.vocabulary;
    return group('lane', t('lane.group'), [
      this.#propertyChoice(element, 'role', t('lane.role'), roles),
      this.#propertyChoice(element, 'side', t('lane.side'), sides),
    ]);
  }

  #people(element: Element): Section {
    const assign = (name: string) => this.#attribute(element, 'zeebe:AssignmentDefinition', name);
    const lane = roleAround(element);
    const role = this.draft.vocabulary.roles.find(({ value }) => value === lane)?.label ?? lane;
    const byLane = role ? t('people.lane', { role }) : t('people.lane.none');
    return group('people', t('people.group'), [
      choice({
        id: 'candidateGroups',
        label: t('people.role'),
        ...assign('candidateGroups'),
        options: () => [{ value: '', label: byLane }, ...this.draft.vocabulary.roles],
      }),
      formula({
        id: 'assignee',
        label: t('people.assignee'),
        description: t('people.assignee.hint'),
        ...assign('assignee'),
      }),
      formula({
        id: 'candidateUsers',
        label: t('people.candidates'),
        description: t('people.candidates.hint'),
        ...assign('candidateUsers'),
      }),
    ]);
  }

  #form(element: Element): Section {
    const field = this.#attribute(element, 'zeebe:FormDefinition', 'formId');
    const { records } = this.draft.vocabulary;
    const kinds = records.map(({ name, label }) => ({ value: name, label }));
    return group('form', t('form.group'), [
      choice({
        id: 'formId',
        label: t('form.form'),
        ...field,
        options: () => [none(), ...this.#forms()],
      }),
      this.#openOrMake(
        'form',
        field,
        {
          open: t('form.open'),
          make: t('form.new'),
          panel: 'forms',
          create: (content, name) => newForm(content, name),
        },
        element,
      ),
      this.#propertyChoice(element, 'record', t('form.record'), kinds),
      tick({
        id: 'session',
        label: t('form.session'),
        read: () => property(holderOf(element), 'session') === 'true',
        write: (value) => this.#editor.setProperty(element, 'session', value ? 'true' : ''),
      }),
    ]);
  }

  /** By the first task that shows each, as in the panel of forms. */
  #forms(): Choice[] {
    const { diagram, forms } = this.draft.content.value;
    const uses = usesOf(diagram);
    return named(forms, (_, id) => [uses.get(id)?.[0]?.name, id].filter(Boolean).join(' · '));
  }

  #time(element: Element): Section {
    return group('time', t('time.group'), [
      formula({
        id: 'dueDate',
        label: t('time.due'),
        description: t('time.due.hint'),
        isOptional: true,
        ...this.#attribute(element, 'zeebe:TaskSchedule', 'dueDate'),
      }),
      formula({
        id: 'priority',
        label: t('time.priority'),
        description: t('time.priority.hint'),
        isOptional: true,
        ...this.#attribute(element, 'zeebe:PriorityDefinition', 'priority'),
      }),
    ]);
  }

  #case(element: Element): Section {
    const same = { value: '', label: t('case.status.same') };
    const { statuses } = this.draft.vocabulary;
    return group('case', t('case.group'), [
      this.#propertyChoice(element, 'status', t('case.status'), statuses, same),
    ]);
  }

  #operation(element: Element): Section {
    const { operations } = this.draft.vocabulary;
    const type = attribute(holderOf(element), 'zeebe:TaskDefinition', 'type');
    const known = operations.find(({ name }) => name === type);
    const names = known ? [...known.inputs, ...known.optional] : [];
    return group('operation', t('operation.group'), [
      choice({
        id: 'operation',
        label: t('operation.operation'),
        ...(known?.outputs.length && {
          description: t('operation.outputs', { names: known.outputs.join('、') }),
        }),
        read: () => attribute(holderOf(element), 'zeebe:TaskDefinition', 'type'),
        write: (value) => this.#setOperation(element, value),
        options: () => [none(), ...operations.map(({ name, label }) => ({ value: name, label }))],
      }),
      ...names.flatMap((name) => this.#input(element, name, known)),
    ]);
  }

  /** The inputs of the new operation, with what the old one had under the same names. */
  #setOperation(element: Element, type: string): void {
    const known = this.draft.vocabulary.operations.find(({ name }) => name === type);
    const before = inputs(holderOf(element));
    const sources = new Map(
      (known?.inputs ?? []).map((name) => {
        const [first] = known?.choices[name] ?? [];
        return [name, before.get(name) ?? (first ? `="${first.value}"` : `=${name}`)];
      }),
    );
    this.#editor.change(element, [
      { type: 'zeebe:TaskDefinition', values: type ? { type } : null },
      this.#editor.inputsChange(element, sources),
    ]);
  }

  #input(element: Element, name: string, known: Operation | undefined): readonly Entry[] {
    const read = () => inputs(holderOf(element)).get(name) ?? '';
    const write = (source: string) => {
      const sources = new Map(inputs(holderOf(element)));
      if (source) sources.set(name, source);
      else sources.delete(name);
      this.#editor.change(element, [this.#editor.inputsChange(element, sources)]);
    };
    const field = { id: `input-${name}`, label: t('operation.input', { name }), read, write };
    const choices = known?.choices[name];
    if (!choices) return [formula({ ...field, isOptional: true })];
    const own = known.notices.includes(name) ? this.#ownNotices(choices) : [];
    const texts = [...choices, ...own].map(({ value, label }) => ({ value: `="${value}"`, label }));
    const entry = choice({ ...field, options: () => [none(), ...texts] });
    const named = /^="(.*)"$/.exec(read())?.[1];
    if (!named || !known.notices.includes(name)) return [entry];
    const act = () => this.draft.show('notices', named);
    return [entry, actions({ id: `${name}-text`, actions: [{ label: t('notice.open'), act }] })];
  }

  /** What the process brings beside the notices that ship. */
  #ownNotices(ships: readonly Choice[]): readonly Choice[] {
    return Object.entries(this.draft.content.value.notices)
      .filter(([name]) => !ships.some(({ value }) => value === name))
      .map(([name, words]) => ({ value: name, label: words.zh?.title || name }));
  }

  #decision(element: Element): Section {
    const field = this.#attribute(element, 'zeebe:CalledDecision', 'decisionId');
    return group('decision', t('decision.group'), [
      choice({
        id: 'decisionId',
        label: t('decision.decision'),
        ...field,
        options: () => [none(), ...named(this.draft.content.value.decisions, decisionName)],
      }),
      this.#openOrMake(
        'decision',
        field,
        {
          open: t('decision.open'),
          make: t('decision.new'),
          panel: 'decisions',
          create: (content, name) => newDecision(content, name),
        },
        element,
      ),
      text({
        id: 'resultVariable',
        label: t('decision.result'),
        ...this.#attribute(element, 'zeebe:CalledDecision', 'resultVariable'),
      }),
    ]);
  }

  #script(element: Element): Section {
    return group('calculation', t('script.group'), [
      formula({
        id: 'expression',
        label: t('script.expression'),
        ...this.#attribute(element, 'zeebe:Script', 'expression'),
      }),
      text({
        id: 'resultVariable',
        label: t('script.result'),
        ...this.#attribute(element, 'zeebe:Script', 'resultVariable'),
      }),
    ]);
  }

  /** Buttons that lead to what the field names, or make one and name it. */
  #openOrMake(id: string, field: ReadWrite, words: OpenOrMake, element: Element): Entry {
    const { open, make, panel, create } = words;
    const chosen = field.read();
    const openIt = { label: open, act: () => this.draft.show(panel, chosen) };
    const makeOne = {
      label: make,
      act: () => {
        const made = create(this.draft.content.value, nameOf(element));
        this.draft.change(made.part);
        field.write(made.id);
        this.draft.show(panel, made.id);
      },
    };
    return actions({ id: `${id}-actions`, actions: chosen ? [openIt, makeOne] : [makeOne] });
  }

  #attribute(element: Element, type: string, name: string): ReadWrite {
    return {
      read: () => attribute(holderOf(element), type, name),
      write: (value) => this.#editor.setAttributes(element, type, { [name]: value }),
    };
  }

  #property(element: Element, name: string, label: string, description: string): Entry {
    return text({ id: name, label, description, ...this.#propertyField(element, name) });
  }

  #propertyChoice(
    element: Element,
    name: string,
    label: string,
    all: readonly Choice[],
    empty: Choice = none(),
  ): Entry {
    const field = this.#propertyField(element, name);
    return choice({ id: name, label, ...field, options: () => [empty, ...all] });
  }

  #propertyField(element: Element, name: string): ReadWrite {
    return {
      read: () => property(holderOf(element), name),
      write: (value) => this.#editor.setProperty(element, name, value),
    };
  }
}

interface ReadWrite {
  read(): string;
  write(value: string): void;
}

interface OpenOrMake {
  open: string;
  make: string;
  panel: string;
  create: typeof newForm | typeof newDecision;
}

function keeps(element: Element, { id }: Section): boolean {
  // An operation's inputs are chosen with it; those of an event are nobody's.
  const isOperation = isAny(element, ['bpmn:ServiceTask', 'bpmn:SendTask']);
  if (id === 'inputs' && (isOperation || is(element, 'bpmn:Event'))) return false;
  return id in KEPT;
}

function trimmed(group: Section): Section {
  const names = KEPT[group.id];
  if (!names || !group.entries) return group;
  return { ...group, entries: group.entries.filter(({ id }) => names.includes(id)) };
}

function group(id: string, label: string, entries: Entry[]): Section {
  return { id, label, entries, component: Group, shouldOpen: true };
}

const none = (): Choice => ({ ...NONE, label: t('field.none') });

function named<T>(
  all: Readonly<Record<string, T>>,
  name: (one: T, id: string) => string,
): Choice[] {
  return Object.entries(all).map(([id, one]) => ({ value: id, label: name(one, id) }));
}

/** As the decision of that id calls itself. */
function decisionName(xml: string, id: string): string {
  const decisions = new DOMParser().parseFromString(xml, 'text/xml').querySelectorAll('decision');
  const own = [...decisions].find((one) => one.getAttribute('id') === id);
  return own?.getAttribute('name') || id;
}

/** The role of the lane around an element or, where it names none, of the lane around that. */
function roleAround(element: Element): string {
  let at: Moddle | undefined = element.businessObject;
  while (at && !lanesOf(at).length) at = at.$parent;
  let lane = at && lanesOf(at).at(-1);
  while (lane && !property(lane, 'role')) lane = lane.$parent?.$parent;
  return lane ? property(lane, 'role') : '';
}

const lanesOf = (one: Moddle) =>
  one.$type === 'bpmn:LaneSet' ? [] : (one.get<Moddle[] | undefined>('lanes') ?? []);

const nameOf = (element: Element) => element.businessObject.get<string | undefined>('name') ?? '';
