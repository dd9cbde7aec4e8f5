/** The diagram: drawn and described on a desk, looked at on a phone or while somebody else draws. */
import { effect, type ReadonlySignal, useComputed, useSignal } from '@preact/signals';
import type Canvas from 'diagram-js/lib/core/Canvas';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn.css';
import '@bpmn-io/properties-panel/dist/assets/properties-panel.css';
import 'diagram-js-minimap/assets/diagram-js-minimap.css';
import '../../styles/studio-diagram.css';
import { watchGestures } from '../../lib/gestures';
import { showBadges } from '../diagram/badges';
import { openModeler, openViewer, type StudioModeler, type StudioViewer } from '../diagram/modeler';
import { Remarks } from '../diagram/Remarks';
import { shareSelection } from '../diagram/selection';
import { follow } from '../diagram/sync';
import { Tool, Toolbar } from '../diagram/Toolbar';
import { missing } from '../diagram/translate';
import { fitAll, start, zoomBy } from '../diagram/view';
import type { Draft } from '../draft';
import { Narrow } from '../Narrow';
import { useMedia, WIDE } from '../useMedia';
import { t } from '../words/diagram';

const MARGIN_PX = 16;
const PALETTE_PX = 128;

export default function Diagram({ draft }: { draft: Draft }) {
  const isWide = useMedia(WIDE);
  const edits = isWide && draft.mayEdit.value;
  return edits ? <Editing draft={draft} /> : <Viewing draft={draft} />;
}

function Editing({ draft }: { draft: Draft }) {
  const canvas = useRef<HTMLDivElement>(null);
  const properties = useRef<HTMLDivElement>(null);
  const modeler = useSignal<StudioModeler | null>(null);
  const changes = useSignal(0);
  const showsKeys = useSignal(false);
  useLayoutEffect(() => {
    if (!canvas.current || !properties.current) return;
    const places = { canvas: canvas.current, properties: properties.current };
    const made = openModeler(places, draft);
    made.on('commandStack.changed', () => {
      changes.value += 1;
    });
    modeler.value = made;
    return () => made.destroy();
  }, [draft, modeler, changes]);
  const help = (event: KeyboardEvent) => {
    const writes = (event.target as HTMLElement).closest('input, textarea, [contenteditable]');
    if (event.key !== '?' || writes) return;
    showsKeys.value = true;
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: one key for all that stands in it
    <div class="canvas-desk" onKeyDown={help} data-missing-words={missing.value.join('\n')}>
      <div class="canvas-desk__main">
        {modeler.value && (
          <Toolbar modeler={modeler.value} changes={changes} showsKeys={showsKeys} />
        )}
        <div
          ref={canvas}
          class="canvas-frame"
          role="application"
          aria-label={t('diagram.canvas')}
        />
      </div>
      <Side draft={draft} viewer={modeler.value} marginPx={PALETTE_PX}>
        <section class="canvas-properties" aria-label={t('diagram.properties')} ref={properties} />
      </Side>
    </div>
  );
}

function Viewing({ draft }: { draft: Draft }) {
  const frame = useRef<HTMLDivElement>(null);
  const viewer = useSignal<StudioViewer | null>(null);
  useLayoutEffect(() => {
    const at = frame.current;
    if (!at) return;
    const made = openViewer(at);
    const canvas = made.get('canvas');
    const release = watchGestures(at, ({ dx, dy, factor, centre }) => {
      if (factor !== 1) zoomBy(canvas, factor, centre);
      canvas.scroll({ dx, dy });
    });
    viewer.value = made;
    return () => {
      release();
      made.destroy();
    };
  }, [draft, viewer]);
  const canvas = viewer.value?.get('canvas');
  return (
    <div class="canvas-desk">
      <div class="canvas-desk__main">
        <Narrow />
        {canvas && (
          <div class="canvas-tools" role="toolbar" aria-label={t('diagram.tools')}>
            <Tool icon="minus" label={t('diagram.out')} act={() => zoomBy(canvas, 'out')} />
            <Tool icon="plus" label={t('diagram.in')} act={() => zoomBy(canvas, 'in')} />
            <Tool icon="fit" label={t('diagram.fit')} act={() => fitAll(canvas)} />
          </div>
        )}
        <div ref={frame} class="canvas-frame" />
      </div>
      <Side draft={draft} viewer={viewer.value} marginPx={MARGIN_PX} />
    </div>
  );
}

interface SideProps {
  draft: Draft;
  viewer: StudioViewer | null;
  /** Left of the drawing at first. */
  marginPx: number;
  children?: ComponentChildren;
}

/** What stands beside the canvas, and what keeps both in step with the draft. */
function Side({ draft, viewer, marginPx, children }: SideProps) {
  const drawn = useSignal(0);
  const broken = useSignal('');
  const warnings = useSignal(0);
  /** Imports that can be seen: on a hidden canvas there is no place to look from. */
  const seen = useComputed(() => (draft.place.value.panel === 'diagram' ? drawn.value : 0));
  useLayoutEffect(() => {
    if (!viewer) return;
    const stops = [
      follow(viewer, draft, {
        onImport(count) {
          warnings.value = count;
          broken.value = '';
          // The properties panel hears of selections only once it has been painted itself.
          requestAnimationFrame(() => setTimeout(() => (drawn.value += 1)));
        },
        onBroken(reason) {
          broken.value = reason;
        },
      }),
      showBadges(viewer, draft, drawn),
      startWhen(viewer.get('canvas'), seen, marginPx),
      shareSelection(viewer, draft, seen),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [viewer, draft, drawn, warnings, broken, seen, marginPx]);
  draft.content.value.diagram; // read, so that names follow
  const nameOf = (id: string) => {
    const element = drawn.value ? viewer?.get('elementRegistry').get(id) : undefined;
    return element && String(element.businessObject.name ?? '');
  };
  return (
    <aside class="canvas-side">
      {broken.value && (
        <p class="alert alert--error" role="alert">
          {t('diagram.broken', { reason: broken.value })}
        </p>
      )}
      {warnings.value > 0 && (
        <p class="alert alert--warning">{t('diagram.warnings', { count: warnings.value })}</p>
      )}
      {children}
      <Remarks draft={draft} nameOf={nameOf} />
    </aside>
  );
}

/** Find a place to look from once the canvas can be seen, and again when its frame changes size. */
function startWhen(canvas: Canvas, seen: ReadonlySignal<number>, marginPx: number): () => void {
  const resized = new ResizeObserver(() => canvas.resized());
  resized.observe(canvas.getContainer());
  let hasStarted = false;
  const stop = effect(() => {
    if (!seen.value || hasStarted) return;
    hasStarted = true;
    start(canvas, marginPx);
  });
  return () => {
    resized.disconnect();
    stop();
  };
}
