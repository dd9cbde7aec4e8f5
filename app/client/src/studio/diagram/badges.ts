/** Marks on the elements that have findings or open remarks. */
import { effect, type ReadonlySignal, signal } from '@preact/signals';
import { icon } from '../../lib/icon';
import type { Finding } from '../content';
import type { Draft } from '../draft';
import { t } from '../words/diagram';
import type { StudioViewer } from './modeler';

/** After an import the picture comes first. */
const CALM_MS = 150;

/** A mark: `text` tells whether it is another than before. */
interface Mark {
  text: string;
  make(): HTMLElement;
}

/** Until the function returned is called; anew whenever `drawn` counts another import. */
export function showBadges(
  viewer: StudioViewer,
  draft: Draft,
  drawn: ReadonlySignal<number>,
): () => void {
  const findings = new Marks(viewer, draft, { top: -12, left: -12 });
  const remarks = new Marks(viewer, draft, { top: -12, right: 12 });
  const calm = signal(0);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stops = [
    effect(() => {
      const imports = drawn.value;
      clearTimeout(timer);
      timer = setTimeout(() => {
        findings.forget();
        remarks.forget();
        calm.value = imports;
      }, CALM_MS);
    }),
    effect(() => {
      if (!calm.value) return;
      const all = byElement(draft.findings.value, ({ element }) => element);
      findings.show(all, (those) => findingMark(those));
    }),
    effect(() => {
      if (!calm.value) return;
      const open = draft.remarks.value.filter(({ resolved_at }) => !resolved_at);
      const all = byElement(open, ({ element_id }) => element_id);
      remarks.show(all, (those) => remarkMark(those.length));
    }),
  ];
  return () => {
    clearTimeout(timer);
    for (const stop of stops) stop();
  };
}

/** Marks of one kind; one that says the same as before stays as it is, for there may be hundreds. */
class Marks {
  readonly #shown = new Map<string, { text: string; overlay: string }>();

  constructor(
    private readonly viewer: StudioViewer,
    private readonly draft: Draft,
    private readonly position: Readonly<Record<string, number>>,
  ) {}

  /** An import took them all away. */
  forget(): void {
    this.#shown.clear();
  }

  show<T>(all: ReadonlyMap<string, readonly T[]>, markOf: (those: readonly T[]) => Mark): void {
    for (const id of this.#shown.keys()) if (!all.has(id)) this.#remove(id);
    for (const [id, those] of all) {
      const mark = markOf(those);
      if (this.#shown.get(id)?.text === mark.text) continue;
      this.#remove(id);
      this.#put(id, mark);
    }
  }

  #put(id: string, { text, make }: Mark): void {
    const element = this.viewer.get('elementRegistry').get(id);
    if (!element?.parent) return; // deleted, or the process itself
    const html = make();
    html.addEventListener('click', () => {
      this.draft.selected.value = id;
    });
    const overlay = this.viewer.get('overlays').add(id, { position: this.position, html });
    this.#shown.set(id, { text, overlay });
  }

  #remove(id: string): void {
    const shown = this.#shown.get(id);
    if (shown) this.viewer.get('overlays').remove(shown.overlay);
    this.#shown.delete(id);
  }
}

function findingMark(findings: readonly Finding[]): Mark {
  const worst = findings.some(({ severity }) => severity === 'error') ? 'error' : 'warning';
  const all = findings.map((one) => one.text).join('\n');
  const text = t('finding.badge', { count: findings.length, text: all });
  return { text, make: () => badge(worst, text) };
}

function remarkMark(count: number): Mark {
  const text = t('remarks.count', { count });
  const make = () => {
    const made = badge('comment', text);
    made.append(String(count));
    return made;
  };
  return { text, make };
}

function badge(kind: 'error' | 'warning' | 'comment', title: string): HTMLElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = `canvas-badge canvas-badge--${kind}`;
  made.title = title;
  made.setAttribute('aria-label', title);
  made.append(icon(kind));
  return made;
}

function byElement<T>(all: readonly T[], idOf: (one: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const one of all) found.set(idOf(one), [...(found.get(idOf(one)) ?? []), one]);
  return found;
}
