/** Marks on the elements that have findings or open remarks. */
import { effect, type ReadonlySignal } from '@preact/signals';
import { icon } from '../../lib/icon';
import type { Finding } from '../content';
import type { Draft } from '../draft';
import { t } from '../words/diagram';
import type { StudioViewer } from './modeler';

/** Until the function returned is called; anew whenever `drawn` counts another import. */
export function showBadges(
  viewer: StudioViewer,
  draft: Draft,
  drawn: ReadonlySignal<number>,
): () => void {
  const elementRegistry = viewer.get('elementRegistry');
  const overlays = viewer.get('overlays');
  const put = (id: string, type: string, position: object, html: HTMLElement) => {
    const element = elementRegistry.get(id);
    if (!element?.parent) return; // deleted, or the process itself
    html.addEventListener('click', () => {
      draft.selected.value = id;
    });
    overlays.add(id, type, { position, html });
  };
  const stops = [
    effect(() => {
      overlays.remove({ type: 'finding' });
      if (!drawn.value) return;
      for (const [id, findings] of byElement(draft.findings.value, ({ element }) => element))
        put(id, 'finding', { top: -12, left: -12 }, findingBadge(findings));
    }),
    effect(() => {
      overlays.remove({ type: 'remark' });
      if (!drawn.value) return;
      const open = draft.remarks.value.filter(({ resolved_at }) => !resolved_at);
      for (const [id, remarks] of byElement(open, ({ element_id }) => element_id))
        put(id, 'remark', { top: -12, right: 12 }, remarkBadge(remarks.length));
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function findingBadge(findings: readonly Finding[]): HTMLElement {
  const worst = findings.some(({ severity }) => severity === 'error') ? 'error' : 'warning';
  const text = findings.map((one) => one.text).join('\n');
  return badge(worst, t('finding.badge', { count: findings.length, text }));
}

function remarkBadge(count: number): HTMLElement {
  const made = badge('comment', t('remarks.count', { count }));
  made.append(String(count));
  return made;
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
