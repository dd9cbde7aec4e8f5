/** A draft as panels are given it, kept in the page; and a server that answers by path. */
import { signal } from '@preact/signals';
import { vi } from 'vitest';
import type { Content } from '../../src/studio/content';
import type { Draft, Place } from '../../src/studio/draft';

const EMPTY: Content = { diagram: '', forms: {}, decisions: {}, notices: {}, scenarios: [] };

export function makeDraft(content: Partial<Content> = {}, mayEdit = true): Draft {
  const held = signal<Content>({ ...EMPTY, ...content });
  const place = signal<Place>({ panel: '', item: null });
  return {
    url: '/api/studio/consultation',
    content: held,
    change: (part) => {
      held.value = { ...held.peek(), ...part };
    },
    mayEdit: signal(mayEdit),
    saved: signal('saved'),
    save: async () => {},
    revision: () => 1,
    selected: signal(null),
    findings: signal([]),
    remarks: signal([]),
    vocabulary: {
      roles: [],
      sides: [],
      statuses: [],
      operations: [],
      records: [],
      options: [],
      notices: [],
      variables: [],
    },
    place,
    show: (panel, item = null) => {
      place.value = { panel, item };
    },
  };
}

/** `answers`: end of the path to what is answered to the body that was sent. */
export function serve(answers: Readonly<Record<string, (body: unknown) => unknown>>): void {
  vi.stubGlobal('fetch', async (url: string, { body }: RequestInit) => {
    const answer = Object.entries(answers).find(([path]) => url.endsWith(path))?.[1];
    if (!answer) return Response.json({ message: url }, { status: 404 });
    return Response.json(answer(body ? JSON.parse(String(body)) : undefined));
  });
}
