/** What bpmn.io ships without types, as far as the studio uses it. */

declare module 'bpmn-js-properties-panel' {
  import type { ModuleDeclaration } from 'didi';
  export const BpmnPropertiesPanelModule: ModuleDeclaration;
  export const BpmnPropertiesProviderModule: ModuleDeclaration;
  export const ZeebePropertiesProviderModule: ModuleDeclaration;
  export function useService<T>(name: string): T;
}

declare module '@bpmn-io/properties-panel' {
  import type { ComponentType } from '@bpmn-io/properties-panel/preact';

  interface EntryProps {
    id: string;
    element: unknown;
    label: string;
    description?: string | undefined;
    getValue(element?: unknown): string | undefined;
    setValue(value: string | undefined): void;
    debounce?: unknown;
    disabled?: boolean;
  }
  interface SelectProps extends EntryProps {
    getOptions(): readonly { value: string; label: string; disabled?: boolean }[];
  }
  interface FeelProps extends EntryProps {
    feel: 'required' | 'optional';
    variables: readonly { name: string; info?: string }[];
  }
  interface CheckboxProps extends Omit<EntryProps, 'getValue' | 'setValue'> {
    getValue(): boolean;
    setValue(value: boolean): void;
  }

  export const Group: ComponentType<never>;
  export const SelectEntry: ComponentType<SelectProps>;
  export const FeelEntry: ComponentType<FeelProps>;
  export const TextFieldEntry: ComponentType<EntryProps>;
  export const CheckboxEntry: ComponentType<CheckboxProps>;
  type IsEdited = (node: Element) => boolean;
  export const isSelectEntryEdited: IsEdited;
  export const isFeelEntryEdited: IsEdited;
  export const isTextFieldEntryEdited: IsEdited;
  export const isCheckboxEntryEdited: IsEdited;
}

declare module 'camunda-bpmn-js-behaviors/lib/camunda-cloud' {
  import type { ModuleDeclaration } from 'didi';

  const behaviors: ModuleDeclaration;
  export default behaviors;
}

declare module 'diagram-js-minimap' {
  import type { ModuleDeclaration } from 'didi';

  const minimap: ModuleDeclaration;
  export default minimap;
}

declare module 'bpmn-moddle' {
  export class BpmnModdle {
    constructor(packages: Readonly<Record<string, unknown>>);
    fromXML(
      xml: string,
    ): Promise<{ rootElement: object; elementsById: unknown; warnings: object[] }>;
  }
}
