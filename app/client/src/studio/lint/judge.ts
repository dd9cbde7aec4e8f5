/** bpmnlint with the rules of this product; knows no page and may run in a worker. */
import { BpmnModdle } from 'bpmn-moddle';
import { Linter } from 'bpmnlint';
import StaticResolver from 'bpmnlint/lib/resolver/static-resolver';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';
import type { Case, Context, Said } from './case';
import { clinical } from './clinical';
import { alone } from './document';
import { type Element, type Loose, read } from './read';
import { structure } from './structure';
import { words } from './words';

type Reporter = { report(id: string, message: string, more: object): void };
type Check = (one: Case) => Iterable<Said>;

/** A rule of bpmnlint that looks at the whole diagram once. */
const whole = (check: Check, one: Case) => () => ({
  check(element: Element, reporter: Reporter) {
    if (element === one.root) {
      reportAll(check(one), reporter);
    }
  },
});

const each = () => ({
  check(element: Element, reporter: Reporter) {
    reportAll(alone(element), reporter);
  },
});

function reportAll(all: Iterable<Said>, reporter: Reporter): void {
  for (const said of all) {
    reporter.report(said.element, said.zh, { said });
  }
}

const unreadable: Said = {
  element: '',
  name: '',
  rule: 'xml-syntax',
  severity: 'error',
  zh: '不是有效的 BPMN 文件',
  en: 'this is not a BPMN file',
};
const empty: Said = {
  ...unreadable,
  rule: 'no-process',
  zh: '文件中没有 BPMN 流程',
  en: 'there is no BPMN process in the file',
};

/** All that the rules say of a diagram, each thing once. */
export async function judge(xml: string, context: Context): Promise<Said[]> {
  let root: Element;
  let loose: Loose[];
  try {
    const parsed = await new BpmnModdle({ zeebe }).fromXML(xml);
    root = parsed.rootElement as unknown as Element;
    loose = parsed.warnings as Loose[];
  } catch {
    return [unreadable];
  }
  const diagram = read(root, loose);
  if (!diagram) {
    return [empty];
  }
  const one: Case = { root, diagram, context };
  const rules: Record<string, object> = { 'rule:bpmnlint/document': each };
  // Without ids of their own, an element may seem to stand inside itself.
  if (diagram.hasOwnIds) {
    rules['rule:bpmnlint/structure'] = whole(structure, one);
    rules['rule:bpmnlint/words'] = whole(words, one);
    rules['rule:bpmnlint/clinical'] = whole(clinical, one);
  }
  const names = Object.keys(rules).map((name) => [name.replace('rule:bpmnlint/', ''), 'error']);
  const linter = new Linter({
    config: { rules: Object.fromEntries(names) },
    resolver: new StaticResolver(rules),
  });
  const reports = Object.values(await linter.lint(root)).flat();
  const said = reports.map((report) => {
    if (!report.said) {
      throw new Error(report.message); // a rule failed, and says so
    }
    return report.said as Said;
  });
  return [...new Map(said.map((item) => [JSON.stringify(item), item])).values()];
}
