/** The same drawings as icon() of the templates: every page carries them in one sprite. */

const SVG = 'http://www.w3.org/2000/svg';

/** `name` is one of app/templates/_icons.html. Decorative: the button it stands in is labelled. */
export function icon(name: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#icon-${name}`);
  svg.append(use);
  return svg;
}
