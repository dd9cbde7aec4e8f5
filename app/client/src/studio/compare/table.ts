/** A decision table read from DMN, as rows to show beside another; pure. */

export interface Table {
  name: string;
  columns: { label: string; isOutput: boolean }[];
  rules: { id: string; cells: string[] }[];
}

/** The tables of a DMN file; none if it cannot be read. */
export function tables(xml: string | undefined): Table[] {
  if (!xml) return [];
  const file = new DOMParser().parseFromString(xml, 'text/xml');
  return inside(file, 'decisionTable').map(read);
}

function read(table: Element): Table {
  const named = (tag: string) => [...table.children].filter((child) => child.localName === tag);
  const columns = ['input', 'output'].flatMap((tag) =>
    named(tag).map((column) => ({
      label: column.getAttribute('label') || column.getAttribute('name') || text(column),
      isOutput: tag === 'output',
    })),
  );
  return {
    name: table.parentElement?.getAttribute('name') ?? '',
    columns,
    rules: named('rule').map((rule, place) => ({
      id: rule.getAttribute('id') ?? String(place + 1),
      cells: [...rule.children].filter(({ localName }) => localName.endsWith('Entry')).map(text),
    })),
  };
}

function text(node: Element): string {
  return inside(node, 'text')[0]?.textContent?.trim() ?? '';
}

/** All elements of that name below a node, whatever their prefix. */
function inside(node: Document | Element, name: string): Element[] {
  return [...node.getElementsByTagName('*')].filter(({ localName }) => localName === name);
}
