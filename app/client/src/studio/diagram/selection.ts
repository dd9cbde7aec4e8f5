/** One selection for the canvas, the lists beside it and the other panels. */
import { effect, type ReadonlySignal } from '@preact/signals';
import type Canvas from 'diagram-js/lib/core/Canvas';
import type Selection from 'diagram-js/lib/features/selection/Selection';
import type { Connection, Element, ElementLike, Shape } from 'diagram-js/lib/model/Types';
import type { Draft } from '../draft';
import type { StudioViewer } from './modeler';

const MARKER = 'is-selected';

/** Until the function returned is called; `drawn` counts the imports while the canvas can be seen. */
export function shareSelection(
  viewer: StudioViewer,
  draft: Draft,
  drawn: ReadonlySignal<number>,
): () => void {
  const registry = viewer.get('elementRegistry');
  const canvas = viewer.get('canvas');
  const selection = viewer.get<Selection | null>('selection' as never, false);
  const bus = viewer.get('eventBus');
  let isImporting = true; // what was selected outlives another import
  bus.on('import.parse.start', () => {
    isImporting = true;
  });
  bus.on('import.done', () => {
    isImporting = false;
  });
  const pick = (element: Element | undefined) => {
    if (!isImporting) draft.selected.value = element?.parent ? element.id : null;
  };
  if (selection)
    bus.on('selection.changed', ({ newSelection }: { newSelection: Element[] }) =>
      pick(newSelection.length === 1 ? newSelection[0] : undefined),
    );
  else bus.on('element.click', ({ element }: { element: Element }) => pick(element));

  let marked: string | undefined;
  return effect(() => {
    const id = draft.selected.value;
    if (!drawn.value) return;
    if (marked && registry.get(marked)) canvas.removeMarker(marked, MARKER);
    marked = undefined;
    const element = id ? registry.get(id) : undefined;
    if (!element || !isDrawn(element)) return;
    if (!selection) {
      canvas.addMarker(element.id, MARKER);
      marked = element.id;
    } else if (!selection.isSelected(element)) selection.select(element);
    if (!isInView(canvas, element)) canvas.scrollToElement(element, 80);
  });
}

type Drawn = Shape | Connection;

function isDrawn(element: ElementLike): element is Drawn {
  return 'x' in element || 'waypoints' in element;
}

function isInView(canvas: Canvas, element: Drawn): boolean {
  const { x, y, width, height } = canvas.getAbsoluteBBox(element);
  const frame = canvas.getSize();
  return x >= 0 && y >= 0 && x + width <= frame.width && y + height <= frame.height;
}
