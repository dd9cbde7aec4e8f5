/**
 * All running cases of a process on its diagram: how many wait where, how long, how many are late.
 *
 * `<div data-island="map" data-url="/api/…" data-steps="id of the table">`; the address gives a
 * Picture, and is asked again every few seconds while the page is looked at.
 */
import { duration } from '../lib/duration';
import { getJson } from '../lib/http';
import { t } from '../lib/i18n';
import { showFailure } from './diagram';
import { type Drawn, drawDiagram, element, legend, type Spot, type Words } from './diagram/drawing';
import type { State } from './diagram/states';
import { type Picture, type Seat, stateOf, totals } from './map/seats';

const EVERY_MS = 4_000;

export function mount(el: HTMLElement): () => void {
  const stop = new AbortController();
  const url = el.dataset.url ?? '';
  let drawn: Drawn | undefined;
  el.classList.add('diagram');
  const ask = <T>(address: string) => getJson<T>(address, { signal: stop.signal });
  const refresh = async () => {
    if (document.hidden || !drawn) return;
    const { elements } = await ask<Pick<Picture, 'elements'>>(url);
    drawn.show(elements.map(spot), words(el, elements));
  };
  // One round that failed is made good by the next.
  const timer = setInterval(() => refresh().catch(() => undefined), EVERY_MS);
  ask<Picture>(`${url}?diagram`)
    .then(async ({ xml, elements }) => {
      const open = (id: string) => {
        const seat = elements.find((one) => one.id === id);
        if (seat) location.assign(seat.url);
      };
      drawn = await drawDiagram(el, xml, elements.map(spot), words(el, elements), {
        choose: open,
        whole: true,
      });
      if (stop.signal.aborted) drawn.destroy();
    })
    .catch((error: unknown) => {
      if (!stop.signal.aborted) showFailure(el, error);
    });
  return () => {
    stop.abort();
    clearInterval(timer);
    drawn?.destroy();
    el.replaceChildren();
  };
}

function words(el: HTMLElement, seats: readonly Seat[]): Words {
  const { count, overdue, skipped } = totals(seats);
  const items: [State, string][] = [['active', t('map.waiting', { count })]];
  if (overdue) items.push(['overdue', t('map.overdue', { count: overdue })]);
  if (skipped) items.push(['cancelled', t('map.skipped', { count: skipped })]);
  return {
    label: t('map.label', { count, overdue }),
    steps: el.dataset.steps,
    legend: legend(items),
  };
}

function spot(seat: Seat): Spot {
  const waits = seat.count ? t('map.median', { time: duration(seat.median_s) }) : '';
  return {
    id: seat.id,
    state: stateOf(seat),
    mark: String(seat.count || ''),
    chip: waits,
    tip: [
      element('strong', 'diagram__tip-name', seat.name),
      element('span', '', t('map.waiting', { count: seat.count })),
      element(
        'span',
        '',
        seat.count ? `${waits} · ${t('map.p90', { time: duration(seat.p90_s) })}` : '',
      ),
      element('span', '', seat.overdue ? t('map.overdue', { count: seat.overdue }) : ''),
      element('span', '', seat.failing ? t('map.failing', { count: seat.failing }) : ''),
      element('span', '', seat.skipped ? t('map.skipped', { count: seat.skipped }) : ''),
    ].filter((line) => line.textContent),
  };
}
