/** The rules of the browser say what the server's say: one set of diagrams, which pytest reads too. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { FormSchema, Vocabulary } from '../../../src/studio/content';
import { type Context, fields } from '../../../src/studio/lint/case';
import { judge } from '../../../src/studio/lint/judge';
import { SERVER_ONLY } from '../../../src/studio/lint/rules';

type Row = [rule: string, element: string, name: string, severity: string, zh: string, en: string];
interface Example {
  says: string;
  diagram: string;
  findings: Row[];
}
interface Fault {
  says: string;
  edits?: [string, string][];
  fields?: Record<string, Record<string, object>>;
}

const BPMN = '../../bpmn';
const FAULTS = '../../tests/bpmn/faults';
const read = (path: string) => readFileSync(path, 'utf8');
const json = <T>(path: string) => JSON.parse(read(path)) as T;
const said = json<{
  vocabulary: Vocabulary;
  forms: Record<string, FormSchema>;
  small: Example[];
  seeded: Example[];
  shipped: Example[];
}>(`${FAULTS}/said.json`);

const CONTEXT: Context = {
  forms: said.forms,
  decisions: [],
  notices: [],
  vocabulary: said.vocabulary,
  language: 'zh',
};

async function rows(xml: string, context: Context): Promise<string[]> {
  const findings = await judge(xml, context);
  return findings
    .map((one) => [one.rule, one.element, one.name, one.severity, one.zh, one.en].join(' | '))
    .sort();
}

function expected(example: Example): string[] {
  const shared = example.findings.filter(([rule]) => !SERVER_ONLY.has(rule));
  // What the XML parser of either side says of a file that is none is its own.
  return shared
    .filter(([rule]) => rule !== 'xml-syntax')
    .map((row) => row.join(' | '))
    .sort();
}

/** A shipped process with all that its diagram names. */
function shipped(name: string): [string, Context] {
  const xml = read(`${BPMN}/processes/${name}.bpmn`);
  const named = (pattern: RegExp) => [
    ...new Set([...xml.matchAll(pattern)].map((one) => one[1] ?? '')),
  ];
  const forms = named(/formId="(\w+)"/g).map((id) => [id, json(`../../forms/${id}.form`)]);
  const decisions = named(/decisionId="(\w+)"/g);
  return [xml, { ...CONTEXT, decisions, forms: Object.fromEntries(forms) }];
}

test.each(said.small)('$says', async (example) => {
  const found = await rows(example.diagram, CONTEXT);
  expect(found.filter((one) => !one.startsWith('xml-syntax'))).toEqual(expected(example));
});

test.each(said.shipped)('what ships raises nothing: $says', async ({ says }) => {
  expect(await rows(...shipped(says))).toEqual([]);
});

test.each(json<Fault[]>(`${FAULTS}/clinical.json`))('a seeded fault: $says', async (fault) => {
  const [whole, context] = shipped('consultation');
  let xml = whole;
  for (const [old, now] of fault.edits ?? []) {
    expect(xml.split(old)).toHaveLength(2);
    xml = xml.replace(old, () => now);
  }
  for (const [form, changes] of Object.entries(fault.fields ?? {})) {
    for (const field of fields(context.forms[form])) {
      Object.assign(field, changes[field.key]);
    }
  }

  const example = said.seeded.find((one) => one.says === fault.says) ?? expect.fail();
  expect(await rows(xml, context)).toEqual(expected(example));
  expect(expected(example)).not.toEqual([]);
});

test('a file that is no BPMN is told as such', async () => {
  for (const xml of ['', '<bpmn:definitions', 'x', '<a/>', '{}']) {
    expect((await judge(xml, CONTEXT)).map((one) => one.severity)).toEqual(['error']);
  }
});

test('three hundred elements are judged in a blink', async () => {
  const tasks = Array.from({ length: 300 }, (_, index) => index);
  const xml = `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d">
    <bpmn:process id="p"><bpmn:startEvent id="n0"/><bpmn:endEvent id="n301"/>
    ${tasks.map((one) => `<bpmn:userTask id="n${one + 1}"/>`).join('')}
    ${[...tasks, 300].map((one) => `<bpmn:sequenceFlow id="f${one}" sourceRef="n${one}" targetRef="n${one + 1}"/>`).join('')}
    </bpmn:process></bpmn:definitions>`;
  const started = performance.now();
  const findings = await judge(xml, CONTEXT);

  expect(findings).toHaveLength(3 * 300); // nobody, no due time, no escalation
  expect(performance.now() - started).toBeLessThan(2000);
});
