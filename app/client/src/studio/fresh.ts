/** A form or a decision to begin with, made where the diagram names a new one. */
import type { Content, FormSchema } from './content';

export interface Made {
  id: string;
  part: Partial<Content>;
}

export function newForm({ forms }: Content, title: string): Made {
  const id = freeName('form', forms);
  const heading = title ? [{ id: `${id}_title`, type: 'text', text: `### ${title}` }] : [];
  const form: FormSchema = { schemaVersion: 18, id, type: 'default', components: heading };
  return { id, part: { forms: { ...forms, [id]: form } } };
}

/** One table with one input and one output, both to be named. */
export function newDecision({ decisions }: Content, title: string): Made {
  const id = freeName('decision', decisions);
  const xml = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" id="definitions_${id}" name="${escaped(title || id)}" namespace="urn:huizhen:${id}">
  <decision id="${id}" name="${escaped(title || id)}">
    <variable id="variable_${id}" name="result" />
    <decisionTable id="table_${id}" hitPolicy="UNIQUE">
      <input id="input_1">
        <inputExpression id="expression_1" typeRef="string">
          <text></text>
        </inputExpression>
      </input>
      <output id="output_1" name="result" typeRef="string" />
    </decisionTable>
  </decision>
  <dmndi:DMNDI>
    <dmndi:DMNDiagram id="diagram_${id}">
      <dmndi:DMNShape id="shape_${id}" dmnElementRef="${id}">
        <dc:Bounds height="80" width="180" x="160" y="80" />
      </dmndi:DMNShape>
    </dmndi:DMNDiagram>
  </dmndi:DMNDI>
</definitions>
`;
  return { id, part: { decisions: { ...decisions, [id]: xml } } };
}

function freeName(stem: string, taken: Readonly<Record<string, unknown>>): string {
  let number = 1;
  while (`${stem}_${number}` in taken) number += 1;
  return `${stem}_${number}`;
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
}
