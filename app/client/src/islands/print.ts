/** A button that opens the browser's print dialog; the page's print styles do the rest. */

export function mount(el: HTMLElement): () => void {
  const print = () => window.print();
  el.addEventListener('click', print);
  return () => el.removeEventListener('click', print);
}
