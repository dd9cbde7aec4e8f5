/** dmn-js as the studio uses it, and how it follows a decision of the draft. */
import { effect } from '@preact/signals';
import type { ModuleDeclaration } from 'didi';
import Modeler, { type Inner, type View } from 'dmn-js/lib/Modeler';
import NavigatedViewer from 'dmn-js/lib/NavigatedViewer';
import type { Draft } from '../draft';
import { translate } from './translate';

/** Milliseconds after the last change; what is on the screen is then written out as XML. */
const QUIET_MS = 300;
/** Our engine knows no functions of their own: their elements are not offered. */
const NOT_OFFERED = ['create.business-knowledge-model', 'append.business-knowledge-model'];

export type Editor = Modeler;

const WORDS = { translate: ['value', translate] as const };

export function openModeler(container: HTMLElement): Editor {
  const trim = { __init__: ['trim'], trim: ['type', Trim] as const };
  return new Modeler({
    container,
    ...everywhere([WORDS]),
    drd: { additionalModules: [WORDS, trim] },
  });
}

export function openViewer(container: HTMLElement): Editor {
  const viewer = new NavigatedViewer({ container, ...everywhere([WORDS]) });
  // Nothing in a table that is only read takes the focus, and it is wider than a phone.
  viewer.on('views.changed', () =>
    requestAnimationFrame(() =>
      container.querySelector('.tjs-table-container')?.setAttribute('tabindex', '0'),
    ),
  );
  return viewer;
}

/** dmn-js forgets the modules that all views have in common where it adds its own. */
function everywhere(additionalModules: readonly ModuleDeclaration[]) {
  const options = { additionalModules };
  return {
    drd: options,
    decisionTable: options,
    literalExpression: options,
    boxedExpression: options,
  };
}

type Entries = Record<string, object>;
interface Register {
  registerProvider(priority: number, provider: object): void;
}

class Trim {
  static readonly $inject = ['palette', 'contextPad'];

  constructor(palette: Register, contextPad: Register) {
    const trim = () => (entries: Entries) =>
      Object.fromEntries(Object.entries(entries).filter(([key]) => !NOT_OFFERED.includes(key)));
    palette.registerProvider(500, { getPaletteEntries: trim });
    contextPad.registerProvider(500, { getContextPadEntries: trim });
  }
}

export interface Heard {
  /** What is shown: the table or expression of a decision, or the graph. */
  onView(view: View | undefined): void;
  onBroken(reason: string): void;
  /** Something can be undone or redone that could not. */
  onChange(): void;
}

/** Show a decision of the draft now and whenever it changes elsewhere. Returns how to stop. */
export function follow(editor: Editor, draft: Draft, key: string, heard: Heard): () => void {
  let shown: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isDirty = false;

  async function show(xml: string): Promise<void> {
    shown = xml;
    isDirty = false;
    const before = editor.getActiveView()?.element.id ?? key;
    try {
      await editor.importXML(xml, { open: false });
      const views = editor.getViews();
      const found = [before, key].map((id) => views.find(({ element }) => element.id === id));
      const view = found.find(Boolean) ?? views[0];
      if (view) await editor.open(view);
      heard.onBroken('');
    } catch (error) {
      heard.onBroken(error instanceof Error ? error.message : String(error));
    }
  }

  async function write(): Promise<void> {
    clearTimeout(timer);
    if (!isDirty) return;
    isDirty = false;
    const { xml } = await editor.saveXML({ format: true });
    const { decisions } = draft.content.peek();
    if (isDirty || !(key in decisions)) return;
    shown = xml;
    draft.change({ decisions: { ...decisions, [key]: xml } });
  }

  editor.on('viewer.created', ({ viewer }: { viewer: Inner }) => {
    viewer.on('commandStack.changed', ({ trigger }) => {
      heard.onChange();
      if (trigger === 'clear') return;
      isDirty = true;
      clearTimeout(timer);
      timer = setTimeout(() => void write(), QUIET_MS);
    });
  });
  editor.on('views.changed', ({ activeView }) => heard.onView(activeView));
  const stops = [
    effect(() => {
      const xml = draft.content.value.decisions[key];
      if (xml !== undefined && xml !== shown) void show(xml);
    }),
    // Who turns to another panel finds there what was written last.
    effect(() => {
      if (draft.place.value.panel !== 'decisions') void write();
    }),
  ];
  return () => {
    void write();
    for (const stop of stops) stop();
  };
}
