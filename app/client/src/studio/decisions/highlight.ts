/**
 * Marks rows of the table on the screen. dmn-js draws rows anew as it likes, so what is marked is
 * said by a style sheet, which the page's policy lets scripts construct.
 */
const sheet = new CSSStyleSheet();

/** Mark the rules of these ids; returns how to take the mark away. */
export function highlight(rules: readonly string[]): () => void {
  if (!document.adoptedStyleSheets.includes(sheet)) {
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }
  const cells = rules.map((id) => `.decision-desk td[data-row-id="${CSS.escape(id)}"]`);
  const first = cells.map((cell) => `${cell}.rule-index::before`);
  sheet.replaceSync(
    cells.length
      ? `${cells.join(',')} { background: var(--accent-soft); box-shadow: inset 0 2px var(--accent), inset 0 -2px var(--accent); }
         ${first.join(',')} { content: "✓ "; color: var(--accent-strong); }`
      : '',
  );
  return () => sheet.replaceSync('');
}
