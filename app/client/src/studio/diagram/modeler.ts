/** bpmn-js as the studio uses it: the modeler with its properties panel, or a viewer. */

import type Modeling from 'bpmn-js/lib/features/modeling/Modeling';
import Modeler from 'bpmn-js/lib/Modeler';
import Viewer from 'bpmn-js/lib/Viewer';
import {
  BpmnPropertiesPanelModule,
  BpmnPropertiesProviderModule,
  ZeebePropertiesProviderModule,
} from 'bpmn-js-properties-panel';
import behaviors from 'camunda-bpmn-js-behaviors/lib/camunda-cloud';
import type CommandStack from 'diagram-js/lib/command/CommandStack';
import type Canvas from 'diagram-js/lib/core/Canvas';
import type ElementRegistry from 'diagram-js/lib/core/ElementRegistry';
import type EventBus from 'diagram-js/lib/core/EventBus';
import type EditorActions from 'diagram-js/lib/features/editor-actions/EditorActions';
import type Overlays from 'diagram-js/lib/features/overlays/Overlays';
import type Selection from 'diagram-js/lib/features/selection/Selection';
import minimap from 'diagram-js-minimap';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';
import type { Draft } from '../draft';
import { t } from '../words/diagram';
import type { Moddle } from './extensions';
import { ManagerProperties } from './provider';
import { translate } from './translate';
import { trimModule } from './trim';
import { type Variable, type VariablesAt, variablesAt } from './variables';

export interface ViewerServices {
  canvas: Canvas;
  elementRegistry: ElementRegistry;
  eventBus: EventBus;
  overlays: Overlays;
}

export interface ModelerServices extends ViewerServices {
  commandStack: CommandStack;
  editorActions: EditorActions;
  modeling: Modeling;
  selection: Selection;
}

export type StudioModeler = Modeler<ModelerServices>;
export type StudioViewer = Viewer<ViewerServices>;

export interface Places {
  canvas: HTMLElement;
  properties: HTMLElement;
}

export function openModeler({ canvas, properties }: Places, draft: Draft): StudioModeler {
  return new Modeler<ModelerServices>({
    ...looks(canvas),
    propertiesPanel: { parent: properties, feelPopupContainer: document.body },
    additionalModules: [
      BpmnPropertiesPanelModule,
      BpmnPropertiesProviderModule,
      ZeebePropertiesProviderModule,
      behaviors,
      minimap,
      trimModule,
      {
        __init__: ['managerProperties'],
        managerProperties: ['type', ManagerProperties],
        draft: ['value', draft],
        translate: ['value', translate],
        variablesAt: [
          'value',
          variablesAt(() => draft.content.value, draft.vocabulary, t('diagram.product')),
        ],
        variableResolver: ['type', VariableResolver],
      },
    ],
    moddleExtensions: { zeebe },
  });
}

export function openViewer(canvas: HTMLElement): StudioViewer {
  return new Viewer<ViewerServices>({ ...looks(canvas), moddleExtensions: { zeebe } });
}

function looks(container: HTMLElement) {
  return {
    container,
    bpmnRenderer: {
      defaultFillColor: 'var(--surface)',
      defaultStrokeColor: 'var(--ink-soft)',
      defaultLabelColor: 'var(--ink)',
    },
    textRenderer: { defaultStyle: { fontFamily: getComputedStyle(container).fontFamily } },
  };
}

/** How the zeebe provider asks for the variables its FEEL editors know. */
class VariableResolver {
  static readonly $inject = ['variablesAt'];
  constructor(private readonly variables: VariablesAt) {}

  async getVariablesForElement(node: Moddle): Promise<readonly Variable[]> {
    return this.variables(node);
  }
}
