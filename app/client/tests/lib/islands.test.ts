import { afterEach, expect, test, vi } from 'vitest';
import { mountIslands } from '../../src/lib/islands';

function page(html: string): HTMLElement {
  document.body.innerHTML = html;
  return document.body;
}

afterEach(() => vi.unstubAllGlobals());

test('each island is loaded once for its own element and let go of with the page', async () => {
  const unmount = vi.fn();
  const mount = vi.fn(() => unmount);
  const unused = vi.fn();
  const root = page('<div data-island="board" id="a"></div><div data-island="board" id="b"></div>');

  const stop = mountIslands(root, {
    './islands/board.tsx': async () => ({ mount }),
    './islands/form.ts': unused,
  });
  await vi.waitFor(() => expect(root.querySelector('[aria-busy]')).toBeNull());
  stop();

  expect(mount.mock.calls.map(([el]: unknown[]) => (el as Element).id)).toEqual(['a', 'b']);
  expect(unmount).toHaveBeenCalledTimes(2);
  expect(unused).not.toHaveBeenCalled();
});

test('a page left while the code was on its way mounts nothing', async () => {
  const mount = vi.fn(() => () => {});
  let arrive = (_: { mount: typeof mount }) => {};
  const code = new Promise<{ mount: typeof mount }>((resolve) => {
    arrive = resolve;
  });
  const root = page('<div data-island="board"></div>');

  mountIslands(root, { './islands/board.ts': () => code })();
  arrive({ mount });
  await vi.waitFor(() => expect(root.querySelector('[aria-busy]')).toBeNull());

  expect(mount).not.toHaveBeenCalled();
});

test('an island that cannot be loaded says so and leaves what the server rendered', async () => {
  const reported = vi.fn();
  vi.stubGlobal('reportError', reported);
  const root = page('<div data-island="unknown"><p>病程列表</p></div>');

  mountIslands(root, {});
  await vi.waitFor(() => expect(root.querySelector('[role=alert]')).not.toBeNull());

  expect(root.textContent).toContain('病程列表');
  expect(String(reported.mock.calls[0]?.[0])).toContain('unknown');
});
