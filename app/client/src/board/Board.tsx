/** The board: one record's image with everybody's strokes over it, and the tools (S0-32, S0-33). */
import { useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../lib/i18n';
import { Icon } from '../room/Icon';
import { type MedicalRecord, newKey, type Session } from '../room/session';
import { StrokeCanvas } from './canvas';
import { PenStroke } from './pen';
import { shownOn } from './reduce';
import { onImage, PENS, type Pen, penWidth } from './stroke';

const ZOOM = { step: 1.25, least: 0.5, most: 6 };

type Mode = 'pen' | 'move';
interface Size {
  width: number;
  height: number;
}

export function Board({ session, record }: { session: Session; record: MedicalRecord }) {
  const mode = useSignal<Mode>('pen');
  const pen = useSignal<Pen>('medium');
  const zoom = useSignal(1);
  const setZoom = (wanted: number) => {
    zoom.value = Math.min(ZOOM.most, Math.max(ZOOM.least, wanted));
  };
  return (
    <section class="board" aria-label={t('board.title', { title: record.title })}>
      <div class="board__tools" role="toolbar" aria-label={t('board.tools')}>
        <Choice of={mode} value="pen" label={t('board.pen')} icon="pen" />
        <Choice of={mode} value="move" label={t('board.move')} />
        <span class="board__gap" />
        {(Object.keys(PENS) as Pen[]).map((size) => (
          <Choice key={size} of={pen} value={size} label={t(`board.${size}`)} />
        ))}
        <Tool icon="undo" label={t('board.undo')} onClick={() => session.undo(record.id)} />
        <span class="board__gap" />
        <Tool icon="minus" label={t('board.out')} onClick={() => setZoom(zoom.value / ZOOM.step)} />
        <Tool icon="fit" label={t('board.fit')} onClick={() => setZoom(1)} />
        <Tool icon="plus" label={t('board.in')} onClick={() => setZoom(zoom.value * ZOOM.step)} />
      </div>
      <Sheet
        key={record.id}
        session={session}
        record={record}
        isDrawing={mode.value === 'pen'}
        pen={pen.value}
        zoom={zoom.value}
      />
    </section>
  );
}

interface ChoiceProps<T> {
  of: { value: T };
  value: T;
  label: string;
  icon?: string;
}

function Choice<T>({ of, value, label, icon }: ChoiceProps<T>) {
  const choose = () => {
    of.value = value;
  };
  return (
    <button
      type="button"
      class="button button--small"
      aria-pressed={of.value === value}
      onClick={choose}
    >
      {icon && <Icon name={icon} />}
      {label}
    </button>
  );
}

function Tool({ icon, label, onClick }: { icon: string; label: string; onClick: () => void }) {
  return (
    <button
      type="button"
      class="button button--icon button--small"
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}

interface SheetProps {
  session: Session;
  record: MedicalRecord;
  isDrawing: boolean;
  pen: Pen;
  zoom: number;
}

function Sheet({ session, record, isDrawing, pen, zoom }: SheetProps) {
  const image = useSignal<Size | undefined>(undefined);
  const hasFailed = useSignal(false);
  const canvas = useRef<HTMLCanvasElement>(null);
  const strokes = shownOn(session.room.value.board, record.id);
  const own = useOwnStroke(session, canvas, image.value, record.id, pen);
  const shown = own.stroke.value
    ? [...strokes, { ...own.stroke.value, author: session.config.me }]
    : strokes;
  useDrawing(session, canvas, shown, image.value, zoom);
  if (hasFailed.value) return <p class="alert alert--error">{t('room.image.failed')}</p>;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut; the toolbar does the same
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <div class="board__scroll" tabIndex={0} onKeyDown={own.onKeyDown}>
      <div class="board__sheet" style={{ width: `${zoom * 100}%` }}>
        <img
          class="board__image"
          src={record.url}
          alt={record.title}
          draggable={false}
          onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => {
            image.value = { width: naturalWidth, height: naturalHeight };
          }}
          onError={() => {
            hasFailed.value = true;
          }}
        />
        <canvas
          ref={canvas}
          class="board__canvas"
          data-strokes={strokes.length}
          data-mode={isDrawing ? 'pen' : 'move'}
          {...(isDrawing ? own.pointer : {})}
        />
      </div>
    </div>
  );
}

function useDrawing(
  session: Session,
  canvas: RefObject<HTMLCanvasElement>,
  strokes: ReturnType<typeof shownOn>,
  image: Size | undefined,
  zoom: number,
): void {
  const drawer = useRef<StrokeCanvas | undefined>(undefined);
  const latest = useRef(strokes);
  latest.current = strokes;
  useEffect(() => {
    if (!canvas.current || !image) return;
    const colours = getComputedStyle(canvas.current);
    const made = new StrokeCanvas(canvas.current, (author) => {
      const place = session.room.value.members.get(author)?.place ?? 0;
      return colours.getPropertyValue(`--pen-${place % 6}`);
    });
    drawer.current = made;
    const resized = new ResizeObserver(() => made.show(latest.current, image));
    resized.observe(canvas.current);
    return () => {
      resized.disconnect();
      made.stop();
    };
  }, [image]);
  // Zooming changes the size of the canvas, and with it how finely it must be drawn.
  useEffect(() => {
    if (image) drawer.current?.show(strokes, image);
  }, [strokes, image, zoom]);
}

/** The stroke under one's own pen, and what the canvas must listen to. */
function useOwnStroke(
  session: Session,
  canvas: RefObject<HTMLCanvasElement>,
  image: Size | undefined,
  record: number,
  pen: Pen,
) {
  const stroke = useSignal<PenStroke['current'] | undefined>(undefined);
  const drawing = useRef<PenStroke | undefined>(undefined);

  const follow = (event: PointerEvent) => {
    const current = drawing.current;
    if (!current || !canvas.current || !image) return;
    const box = canvas.current.getBoundingClientRect();
    const moves = event.getCoalescedEvents?.() ?? [];
    for (const move of moves.length ? moves : [event]) {
      const point = onImage(move, box, image);
      if (point) current.move(point, event.timeStamp);
    }
    stroke.value = current.current;
  };
  const finish = () => {
    drawing.current?.lift();
    drawing.current = undefined;
    stroke.value = undefined;
  };
  const pointer = {
    onPointerDown: (event: PointerEvent) => {
      if (!image || !event.isPrimary || event.button !== 0) return;
      canvas.current?.setPointerCapture(event.pointerId);
      drawing.current = new PenStroke({ record, width: penWidth(pen, image.width) }, newKey, {
        preview: (data) => session.preview(data),
        finished: (data) => session.draw(data),
      });
      follow(event);
    },
    onPointerMove: follow,
    onPointerUp: finish,
    onPointerCancel: finish,
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && event.key === 'z') {
      event.preventDefault();
      session.undo(record);
    }
  };
  return { stroke, pointer, onKeyDown };
}
