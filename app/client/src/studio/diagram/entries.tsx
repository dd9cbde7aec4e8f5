/** @jsxImportSource @bpmn-io/properties-panel/preact */
/** The fields of the properties panel: a choice, a formula, a text, a tick, and buttons beside them. */
import {
  CheckboxEntry,
  FeelEntry,
  isCheckboxEntryEdited,
  isFeelEntryEdited,
  isSelectEntryEdited,
  isTextFieldEntryEdited,
  SelectEntry,
  TextFieldEntry,
} from '@bpmn-io/properties-panel';
import type { ComponentType } from '@bpmn-io/properties-panel/preact';
import { useService } from 'bpmn-js-properties-panel';
import type { Choice } from '../content';
import type { Element } from './extensions';
import type { VariablesAt } from './variables';

/** An entry of a group, as the properties panel wants it. */
export interface Entry {
  id: string;
  component: ComponentType<never>;
  isEdited?: (node: globalThis.Element) => boolean;
}

interface Field {
  id: string;
  label: string;
  description?: string;
  read(): string;
  write(value: string): void;
}

export interface ChoiceField extends Field {
  /** The first is usually the empty one. A value that is none of them is shown by itself. */
  options(): readonly Choice[];
}

export interface FormulaField extends Field {
  /** Whether a plain text may stand there as well. */
  isOptional?: boolean;
}

export interface TickField extends Omit<Field, 'read' | 'write'> {
  read(): boolean;
  write(value: boolean): void;
}

export interface ActionsField {
  id: string;
  actions: readonly { label: string; act(): void }[];
}

type Shown<F> = F & { element: Element };

export const choice = (field: ChoiceField) => entry(field, ChoiceEntry, isSelectEntryEdited);
export const formula = (field: FormulaField) => entry(field, FormulaEntry, isFeelEntryEdited);
export const text = (field: Field) => entry(field, TextEntry, isTextFieldEntryEdited);
export const tick = (field: TickField) => entry(field, TickEntry, isCheckboxEntryEdited);
export const actions = (field: ActionsField) => entry(field, ActionsEntry);

function entry<F extends { id: string }>(
  field: F,
  component: ComponentType<Shown<F>>,
  isEdited?: Entry['isEdited'],
): Entry {
  return { ...field, component: component as ComponentType<never>, ...(isEdited && { isEdited }) };
}

function ChoiceEntry({
  id,
  element,
  label,
  description,
  read,
  write,
  options,
}: Shown<ChoiceField>) {
  const getOptions = () => {
    const [known, value] = [options(), read()];
    return known.some((one) => one.value === value) ? known : [...known, { value, label: value }];
  };
  return (
    <SelectEntry
      id={id}
      element={element}
      label={label}
      description={description}
      getValue={read}
      setValue={(value) => write(value ?? '')}
      getOptions={getOptions}
    />
  );
}

function FormulaEntry(field: Shown<FormulaField>) {
  const { id, element, label, description, read, write, isOptional = false } = field;
  const variablesAt = useService<VariablesAt>('variablesAt');
  return (
    <FeelEntry
      id={id}
      element={element}
      label={label}
      description={description}
      feel={isOptional ? 'optional' : 'required'}
      getValue={read}
      setValue={(value) => write(value ?? '')}
      variables={variablesAt(element.businessObject)}
      debounce={useService('debounceInput')}
    />
  );
}

function TextEntry({ id, element, label, description, read, write }: Shown<Field>) {
  return (
    <TextFieldEntry
      id={id}
      element={element}
      label={label}
      description={description}
      getValue={read}
      setValue={(value) => write(value ?? '')}
      debounce={useService('debounceInput')}
    />
  );
}

function TickEntry({ id, element, label, description, read, write }: Shown<TickField>) {
  return (
    <CheckboxEntry
      id={id}
      element={element}
      label={label}
      description={description}
      getValue={read}
      setValue={write}
    />
  );
}

function ActionsEntry({ id, actions: all }: Shown<ActionsField>) {
  return (
    <div class="bio-properties-panel-entry cluster" data-entry-id={id}>
      {all.map(({ label, act }) => (
        <button key={label} type="button" class="button button--small" onClick={act}>
          {label}
        </button>
      ))}
    </div>
  );
}
