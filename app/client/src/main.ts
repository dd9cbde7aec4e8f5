/** The one script of every page: brings the styles and wakes the islands the page contains. */
import './styles/main.css';
import { type Island, mountIslands } from './lib/islands';

const islands = import.meta.glob<Island>('./islands/*.{ts,tsx}');

let unmount = mountIslands(document, islands);
window.addEventListener('pagehide', () => unmount());
// A page that comes back from the browser's cache was unmounted when it was left.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) unmount = mountIslands(document, islands);
});
