/** Offers what our engine runs and a manager needs: palette, context pad and the menus of types. */
import type ElementFactory from 'bpmn-js/lib/features/modeling/ElementFactory';
import { is } from 'bpmn-js/lib/util/ModelUtil';
import type AutoPlace from 'diagram-js/lib/features/auto-place/AutoPlace';
import type Create from 'diagram-js/lib/features/create/Create';
import type { ModuleDeclaration } from 'didi';
import { t } from '../words/diagram';
import type { Element } from './extensions';

type Entries = Record<string, object>;

/** Heard after bpmn-js's own providers, which have 1000. */
const PRIORITY = 500;

const PALETTE = [
  'hand-tool',
  'lasso-tool',
  'space-tool',
  'global-connect-tool',
  'tool-separator',
  'create.start-event',
  'create.intermediate-event',
  'create.end-event',
  'create.exclusive-gateway',
  'create.subprocess-expanded',
  'create.participant-expanded',
];

const TASKS = [
  { type: 'bpmn:UserTask', icon: 'bpmn-icon-user-task', label: 'palette.user' },
  { type: 'bpmn:ServiceTask', icon: 'bpmn-icon-service-task', label: 'palette.service' },
  { type: 'bpmn:BusinessRuleTask', icon: 'bpmn-icon-business-rule-task', label: 'palette.rule' },
] as const;

const NOT_APPENDED = [
  'append.append-task',
  'append.compensation-activity',
  'append.signal-intermediate-event',
  'append.condition-intermediate-event',
];

/** Types that may be changed into; what bpmn.io's menus hold besides is not offered. */
const TYPES = new Set(
  [
    'none-start',
    'none-start-event',
    'none-end',
    'none-end-event',
    'none-intermediate-throw',
    'none-intermediate-throwing',
    'none-boundary-event',
    'message-intermediate-catch',
    'timer-intermediate-catch',
    'message-boundary',
    'timer-boundary',
    'error-boundary',
    'non-interrupting-message-boundary',
    'non-interrupting-timer-boundary',
    'error-end',
    'terminate-end',
    'exclusive-gateway',
    'parallel-gateway',
    'inclusive-gateway',
    'event-based-gateway',
    'task',
    'user-task',
    'service-task',
    'send-task',
    'receive-task',
    'manual-task',
    'rule-task',
    'script-task',
    'expanded-subprocess',
    'collapsed-subprocess',
    'subprocess',
    'sequence-flow',
    'default-flow',
    'conditional-flow',
    'expanded-pool',
    'collapsed-pool',
  ].map((name) => `replace-with-${name}`),
);

interface Registry {
  registerProvider(priority: number, provider: unknown): void;
}
interface Menu {
  registerProvider(id: string, priority: number, provider: unknown): void;
}

class TrimmedPalette {
  static readonly $inject = ['palette', 'create', 'elementFactory'];
  constructor(
    palette: Registry,
    private readonly create: Create,
    private readonly elementFactory: ElementFactory,
  ) {
    palette.registerProvider(PRIORITY, this);
  }

  getPaletteEntries(): (entries: Entries) => Entries {
    return (entries) => ({ ...pick(entries, PALETTE), ...this.#tasks() });
  }

  #tasks(): Entries {
    return Object.fromEntries(
      TASKS.map(({ type, icon, label }) => {
        const start = (event: MouseEvent) =>
          this.create.start(event, this.elementFactory.createShape({ type }));
        const action = { dragstart: start, click: start };
        return [`create.${type}`, { group: 'activity', className: icon, title: t(label), action }];
      }),
    );
  }
}

class TrimmedContextPad {
  static readonly $inject = ['contextPad', 'autoPlace', 'create', 'elementFactory'];
  constructor(
    contextPad: Registry,
    private readonly autoPlace: AutoPlace,
    private readonly create: Create,
    private readonly elementFactory: ElementFactory,
  ) {
    contextPad.registerProvider(PRIORITY, this);
  }

  getContextPadEntries(): (entries: Entries) => Entries {
    return (entries) => {
      const kept = Object.entries(entries).flatMap(([id, entry]) => {
        if (id === 'append.append-task') return Object.entries(this.#tasks());
        return NOT_APPENDED.includes(id) ? [] : [[id, entry] as const];
      });
      return Object.fromEntries(kept);
    };
  }

  /** In the place of the plain task, which does nothing. */
  #tasks(): Entries {
    const made = (type: string) => this.elementFactory.createShape({ type });
    const entry = (type: string, className: string, title: string) => ({
      group: 'model',
      className,
      title,
      action: {
        dragstart: (event: MouseEvent, source: never) =>
          this.create.start(event, made(type), { source }),
        click: (_: MouseEvent, source: never) => this.autoPlace.append(source, made(type), {}),
      },
    });
    return {
      'append.user-task': entry('bpmn:UserTask', 'bpmn-icon-user-task', t('palette.append.user')),
      'append.service-task': entry(
        'bpmn:ServiceTask',
        'bpmn-icon-service-task',
        t('palette.append.service'),
      ),
    };
  }
}

class TrimmedMenus {
  static readonly $inject = ['popupMenu'];
  constructor(menu: Menu) {
    menu.registerProvider('bpmn-replace', PRIORITY, this);
  }

  getPopupMenuEntries(element: Element): (entries: Entries) => Entries {
    return (entries) =>
      Object.fromEntries(
        Object.entries(entries).filter(
          ([id]) => TYPES.has(id) && !(is(element, 'bpmn:StartEvent') && id.includes('-end')),
        ),
      );
  }

  getPopupMenuHeaderEntries(): (entries: Entries) => Entries {
    const kept = ['toggle-parallel-mi', 'toggle-sequential-mi', 'toggle-non-interrupting'];
    return (entries) => pick(entries, kept);
  }
}

function pick(entries: Entries, ids: readonly string[]): Entries {
  return Object.fromEntries(Object.entries(entries).filter(([id]) => ids.includes(id)));
}

export const trimModule: ModuleDeclaration = {
  __init__: ['trimmedPalette', 'trimmedContextPad', 'trimmedMenus'],
  trimmedPalette: ['type', TrimmedPalette],
  trimmedContextPad: ['type', TrimmedContextPad],
  trimmedMenus: ['type', TrimmedMenus],
};
