/** form-js's editor as we use it: its canvas, with the components our forms take, in our words. */
import '@bpmn-io/form-js-viewer/dist/assets/form-js.css';
import '@bpmn-io/form-js-editor/dist/assets/form-js-editor-base.css';
import '@bpmn-io/form-js-editor/dist/assets/dragula.css';
import '../../styles/form-js.css';
import { FormEditor } from '@bpmn-io/form-js-editor';
import { amendMarkup } from '../../islands/form/markup';
import { localiseCalendar } from '../../islands/form/viewer';
import { translate } from '../../islands/form/words';
import type { FormSchema } from '../content';
import { type FormWord, t } from '../words/forms';
import { type Component, KINDS, type Kind, nameOf } from './component';

interface Definition {
  (props: unknown): unknown;
  config: {
    name: string;
    create(attributes: Partial<Component>, isNew?: boolean): Component;
  };
}
interface Definitions {
  get(type: string): Definition;
  register(type: string, definition: Definition): void;
}
interface Actions {
  registerProvider(
    priority: number,
    provider: { getContextPadEntries(field: Component): (entries: Entries) => Entries },
  ): void;
}
type Entries = Record<string, { title: string }>;

interface Modeling {
  addFormField(attributes: object, parent: Component, index: number): Component;
  editFormField(field: Component, properties: object): void;
  removeFormField(field: Component, parent: Component, index: number): void;
  moveFormField(
    field: Component,
    parent: Component,
    target: Component,
    from: number,
    to: number,
    row: unknown,
  ): void;
}
interface Layouter {
  nextRowId(): string;
  getRowForField(field: Component): unknown;
}
interface Registry {
  get(id: string): Component | undefined;
  getAll(): Component[];
}
interface Stack {
  undo(): void;
  redo(): void;
  canUndo(): boolean;
  canRedo(): boolean;
}

/** What a new component says and does before anybody has changed it. */
function firstAttributes(kind: Kind): Partial<Component> {
  const options = () =>
    [1, 2].map((number) => ({ label: t('new.option', { number }), value: `option_${number}` }));
  switch (kind) {
    case 'number':
      return { label: t('type.number'), decimalDigits: 0 };
    case 'datetime':
      return { dateLabel: t('new.date'), subtype: 'date', use24h: true };
    case 'radio':
    case 'select':
    case 'checklist':
    case 'taglist':
      return { label: t(`type.${kind}`), values: options() };
    case 'group':
      return { label: t('type.group'), showOutline: true };
    case 'text':
      return { text: `### ${t('new.text')}` };
    case 'button':
      return { label: t('new.submit'), action: 'submit' };
    case 'separator':
    case 'spacer':
      return {};
    default:
      return { label: t(`type.${kind}`) };
  }
}

/** New components are made and named in our way; form-js's own objects serve the viewer as well. */
function inOurWords(formFields: Definitions, formFieldContextActions: Actions): void {
  for (const kind of KINDS) {
    const theirs = formFields.get(kind);
    const config = {
      ...theirs.config,
      name: t(`type.${kind}`),
      create: (attributes: Partial<Component>, isNew?: boolean) =>
        theirs.config.create(
          isNew === false ? attributes : { ...firstAttributes(kind), ...attributes },
          isNew,
        ),
    };
    const drawn = (props: unknown) => theirs(props);
    formFields.register(kind, Object.assign(drawn, { config }));
  }
  // Asked after form-js's own provider, whose titles are English.
  formFieldContextActions.registerProvider(100, {
    getContextPadEntries: (field) => (entries) => {
      const title = `${t('props.remove')} ${nameOf(field)}`;
      return Object.fromEntries(
        Object.entries(entries).map(([id, entry]) => [id, { ...entry, title }]),
      );
    },
  });
}
inOurWords.$inject = ['formFields', 'formFieldContextActions'];

const EMPTY: Readonly<Record<string, FormWord>> = {
  'Build your form': 'empty.title',
  'Drag and drop components here to start designing.': 'empty.form',
  'Use the preview window to test your form.': 'empty.preview',
  'Drag and drop components here.': 'empty.group',
};

/** The empty canvas speaks English only: put our words in its place. */
function amendEmpty(root: HTMLElement): () => void {
  const amend = () => {
    const selector = '.fjs-empty-editor :is(h2, span), .fjs-empty-component-text';
    for (const shown of root.querySelectorAll(selector)) {
      const word = EMPTY[shown.textContent ?? ''];
      if (word) shown.textContent = t(word);
    }
  };
  const observer = new MutationObserver(amend);
  observer.observe(root, { childList: true, subtree: true });
  return () => observer.disconnect();
}

/** An editor on the page, and what our own palette and properties ask of it. */
export class Canvas {
  readonly #editor: FormEditor;
  readonly #stops: readonly (() => void)[];

  constructor(container: HTMLElement, onChange: () => void) {
    localiseCalendar();
    const aside = document.createElement('div');
    this.#stops = [amendEmpty(container), amendMarkup(container)];
    this.#editor = new FormEditor({
      container,
      // Ours stand beside the canvas.
      palette: { parent: aside },
      propertiesPanel: { parent: aside },
      properties: { ariaLabel: t('forms.canvas') },
      additionalModules: [
        {
          __init__: [inOurWords],
          translate: ['value', translate],
          propertiesPanel: ['value', {}],
          propertiesProvider: ['value', {}],
        },
      ],
    });
    this.#editor.on('changed', onChange);
    this.#editor.on('selection.changed', onChange);
  }

  async show(schema: FormSchema): Promise<void> {
    await this.#editor.importSchema(structuredClone(schema));
    this.#stack.clear();
  }

  schema(): FormSchema {
    return this.#editor.saveSchema();
  }

  root(): Component {
    return this.#editor._getState().schema;
  }

  selected(): Component | null {
    const field = this.#editor.get<{ get(): Component | null }>('selection').get();
    return field && field.type !== 'default' ? field : null;
  }

  select(find: (component: Component) => boolean): void {
    const found = this.#registry.getAll().find(find);
    if (found) this.#editor.get<{ set(field: Component): void }>('selection').set(found);
  }

  /** Below what is selected, else at the end. */
  add(type: string): void {
    const selected = this.selected();
    const parent = (selected && this.#parentOf(selected)) ?? this.root();
    const siblings = parent.components ?? [];
    const index = selected ? this.#indexOf(selected) + 1 : siblings.length;
    const layout = { row: this.#layouter.nextRowId(), columns: null };
    this.#modeling.addFormField({ type, layout, _parent: parent.id }, parent, index);
  }

  edit(field: Component, properties: Partial<Component>): void {
    this.#modeling.editFormField(field, properties);
  }

  remove(field: Component): void {
    const parent = this.#parentOf(field);
    if (parent) this.#modeling.removeFormField(field, parent, this.#indexOf(field));
  }

  canMove(field: Component, by: -1 | 1): boolean {
    return this.#parentOf(field)?.components?.[this.#indexOf(field) + by] !== undefined;
  }

  move(field: Component, by: -1 | 1): void {
    const parent = this.#parentOf(field);
    if (!parent || !this.canMove(field, by)) return;
    const from = this.#indexOf(field);
    // form-js counts the place before the field has left its own.
    const to = by === 1 ? from + 2 : from - 1;
    const row = this.#layouter.getRowForField(field);
    this.#modeling.moveFormField(field, parent, parent, from, to, row);
  }

  get undoable(): boolean {
    return this.#stack.canUndo();
  }

  get redoable(): boolean {
    return this.#stack.canRedo();
  }

  undo(): void {
    if (this.undoable) this.#stack.undo();
  }

  redo(): void {
    if (this.redoable) this.#stack.redo();
  }

  destroy(): void {
    for (const stop of this.#stops) stop();
    this.#editor.destroy();
  }

  #indexOf(field: Component): number {
    return this.#parentOf(field)?.components?.findIndex(({ id }) => id === field.id) ?? -1;
  }

  #parentOf(field: Component): Component | undefined {
    return field._parent ? this.#registry.get(field._parent) : undefined;
  }

  get #modeling(): Modeling {
    return this.#editor.get('modeling');
  }

  get #layouter(): Layouter {
    return this.#editor.get('formLayouter');
  }

  get #registry(): Registry {
    return this.#editor.get('formFieldRegistry');
  }

  get #stack(): Stack & { clear(): void } {
    return this.#editor.get('commandStack');
  }
}
