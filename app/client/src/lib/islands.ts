/** Finds the live parts of a page and loads only the code they need; knows no island by name. */
import { t } from './i18n';

/** What a module in src/islands exports: take over `el`, return how to let go of it. */
export interface Island {
  mount(el: HTMLElement): () => void;
}

/** Module path (`./islands/board.ts`) to its loader, as `import.meta.glob` gives it. */
export type Loaders = Record<string, () => Promise<Island>>;

/** Mount every `[data-island]` below `root`. Returns a function that unmounts them all. */
export function mountIslands(root: ParentNode, loaders: Loaders): () => void {
  const stops = [...root.querySelectorAll<HTMLElement>('[data-island]')].map((el) =>
    mountIsland(el, loaders),
  );
  return () => {
    for (const stop of stops) stop();
  };
}

function mountIsland(el: HTMLElement, loaders: Loaders): () => void {
  let stopped = false;
  let unmount: (() => void) | undefined;
  const start = async () => {
    const island = await loaderOf(el.dataset.island ?? '', loaders)();
    // The page may have been left while the code was on its way.
    if (!stopped) unmount = island.mount(el);
  };
  el.setAttribute('aria-busy', 'true');
  start()
    .catch((error: unknown) => {
      showFailure(el);
      reportError(error);
    })
    .finally(() => el.removeAttribute('aria-busy'));
  return () => {
    stopped = true;
    unmount?.();
    unmount = undefined;
  };
}

function loaderOf(name: string, loaders: Loaders): () => Promise<Island> {
  const loader = loaders[`./islands/${name}.ts`] ?? loaders[`./islands/${name}.tsx`];
  if (!loader) throw new Error(`there is no island named "${name}"`);
  return loader;
}

/** Say so before the element, and leave what the server rendered: it is still readable. */
function showFailure(el: HTMLElement): void {
  const note = document.createElement('p');
  note.className = 'alert alert--error';
  note.setAttribute('role', 'alert');
  note.textContent = t('island.failed');
  el.before(note);
}
