/** Lets libraries work under `style-src 'self'`: what they would write into the page they set on it. */
import type { Plugin } from 'vite';

interface Rewrite {
  /** End of the module's path. */
  module: string;
  from: string;
  to: string;
}

const REWRITES: readonly Rewrite[] = [
  {
    // CodeMirror's styles: a constructed sheet, which it uses in shadow trees, serves a page as well.
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
];

/** Rewrites those places, and fails the build where a new version no longer has them. */
export function underCsp(): Plugin {
  return {
    name: 'under-csp',
    transform(code, id) {
      const rewrite = REWRITES.find(({ module }) => id.endsWith(module));
      if (!rewrite) return null;
      if (!code.includes(rewrite.from)) this.error(`${rewrite.module} has changed`);
      return { code: code.replace(rewrite.from, rewrite.to), map: null };
    },
  };
}
