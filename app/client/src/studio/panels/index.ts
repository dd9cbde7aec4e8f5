/** The parts of the studio: each a module of this folder, loaded when it is first shown. */
import type { ComponentType } from 'preact';
import type { Draft } from '../draft';

/** In the order of their tabs. A panel stands in `<id>.tsx` and exports its component as default. */
const IDS = [
  'diagram',
  'list',
  'forms',
  'decisions',
  'notices',
  'checks',
  'play',
  'scenarios',
  'history',
  'propose',
] as const;

export type PanelId = (typeof IDS)[number];
export type Panel = ComponentType<{ draft: Draft }>;

export interface PanelEntry {
  id: PanelId;
  load(): Promise<{ default: Panel }>;
}

const modules = import.meta.glob<{ default: Panel }>('./*.tsx');

export const panels: readonly PanelEntry[] = IDS.flatMap((id) => {
  const load = modules[`./${id}.tsx`];
  return load ? [{ id, load }] : [];
});
