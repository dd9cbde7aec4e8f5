/** Keeps what is drawn and the diagram of the draft the same. */
import { effect } from '@preact/signals';
import type { Draft } from '../draft';
import type { StudioViewer } from './modeler';

/** Milliseconds after the last stroke; what is drawn is then written out as XML. */
const QUIET_MS = 300;

export interface Drawn {
  onImport(warnings: number): void;
  onBroken(reason: string): void;
}

/** Show the draft's diagram now and whenever somebody else changes it. Returns how to stop. */
export function follow(
  viewer: StudioViewer,
  draft: Draft,
  { onImport, onBroken }: Drawn,
): () => void {
  let shown: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isDirty = false;

  async function show(xml: string): Promise<void> {
    shown = xml;
    isDirty = false;
    try {
      const { warnings } = await viewer.importXML(xml);
      if (shown === xml) onImport(warnings.length);
    } catch (error) {
      onBroken(error instanceof Error ? error.message : String(error));
    }
  }

  async function write(): Promise<void> {
    clearTimeout(timer);
    if (!isDirty) return;
    isDirty = false;
    const { xml } = await viewer.saveXML({ format: true });
    if (!xml || isDirty) return;
    shown = xml;
    draft.change({ diagram: xml });
  }

  viewer.get('eventBus').on('commandStack.changed', ({ trigger }: { trigger?: string }) => {
    if (trigger === 'clear') return;
    isDirty = true;
    clearTimeout(timer);
    timer = setTimeout(() => void write(), QUIET_MS);
  });
  const stops = [
    effect(() => {
      const { diagram } = draft.content.value;
      if (diagram !== shown) void show(diagram);
    }),
    // Who turns to another panel finds there what was drawn last.
    effect(() => {
      if (draft.place.value.panel !== 'diagram') void write();
    }),
  ];
  return () => {
    clearTimeout(timer);
    for (const stop of stops) stop();
  };
}
