/** Small corrections of libraries while building, where they offer no option. */
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const TRANSLATE = fileURLToPath(new URL('./src/studio/diagram/translate.ts', import.meta.url));

interface Rewrite {
  /** End of the module's path. */
  module: string;
  from: string;
  to: string;
}

const REWRITES: readonly Rewrite[] = [
  // Under `style-src 'self'` nothing may write a style element or attribute into the page.
  {
    // CodeMirror: a constructed sheet, which it uses in shadow trees, serves a page as well.
    module: 'style-mod/src/style-mod.js',
    from: '!root.head && root.adoptedStyleSheets',
    to: 'root.adoptedStyleSheets',
  },
  {
    // The height stands in styles/studio-diagram.css.
    module: 'bpmn-js-properties-panel/dist/index.esm.js',
    from: '<div style="height: 100%" ',
    to: '<div ',
  },
  {
    // Its parts speak through a function they are given; where they are given none, through ours.
    module: '@bpmn-io/properties-panel/dist/index.esm.js',
    from: 'function translateFallback(template, replacements) {',
    to: `import { translate as ours } from '${TRANSLATE}';
function translateFallback(template, replacements) {
  return ours(template, replacements);`,
  },
  {
    // The watermark of dmn-js is put together from HTML, and must look as its authors made it.
    module: 'domify/index.js',
    from: 'element.innerHTML = prefix + htmlString + suffix;',
    to: `element.innerHTML = (prefix + htmlString + suffix).replaceAll(' style="', ' data-looks="');
	for (const one of element.querySelectorAll('[data-looks]')) one.style.cssText = one.dataset.looks;`,
  },
  {
    // Types are chosen by their names, not typed in.
    module: 'features/type-ref/components/TypeRefCellContextMenu.js',
    from: '"className": "type-ref-edit-select",',
    to: '"className": "type-ref-edit-select", "noInput": true,',
  },
];

/** Rewrites those places, and fails the build where a new version no longer has them. */
export function rewrites(): Plugin {
  return {
    name: 'rewrites',
    transform(code, id) {
      const own = REWRITES.filter(({ module }) => id.endsWith(module));
      if (!own.length) return null;
      for (const { module, from, to } of own) {
        if (!code.includes(from)) this.error(`${module} has changed`);
        code = code.replace(from, to);
      }
      return { code, map: null };
    },
  };
}
