/** Colours a manager may give to elements: the meanings of the tokens, kept in the file as they look now. */
import type { ModelerServices } from './modeler';

export const COLOURS = ['default', 'info', 'success', 'warning', 'danger', 'neutral'] as const;
export type Colour = (typeof COLOURS)[number];

interface Painted {
  get<N extends 'modeling' | 'selection'>(name: N): ModelerServices[N];
}

/** Paint what is selected; the default takes the colour away. */
export function paint(modeler: Painted, colour: Colour): void {
  const elements = modeler.get('selection').get();
  if (!elements.length) return;
  modeler
    .get('modeling')
    .setColor(
      elements as never,
      colour === 'default' ? {} : { fill: token(`${colour}-soft`), stroke: token(colour) },
    );
}

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
