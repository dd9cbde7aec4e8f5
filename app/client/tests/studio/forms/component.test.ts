/** The English form of the preview is the one the server gives (forms/schema.py, localised). */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Component, fieldsIn, inEnglish } from '../../../src/studio/forms/component';

const FOLDER = join(import.meta.dirname, '../../../../../forms');
const shipped = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.form'))
  .map((name): [string, Component[]] => [
    name,
    JSON.parse(readFileSync(join(FOLDER, name), 'utf-8')).components,
  ]);

test.each(shipped)('%s has no Chinese left', (_, components) => {
  const { stringify } = JSON;
  const said = fieldsIn(inEnglish(components)).map(({ label, description, values }) =>
    stringify([label, description, values?.map((option) => option.label)]),
  );
  expect(said.join()).not.toMatch(/[\u4e00-\u9fff]/);
});

test('every text that can be translated is, and what is missing stays', () => {
  const [field] = inEnglish([
    {
      id: 'a',
      type: 'number',
      label: '体温',
      description: '腋下',
      appearance: { suffixAdorner: '度', prefixAdorner: '约' },
      validate: { required: true, patternErrorMessage: '错' },
      properties: {
        label_en: 'Temperature',
        suffix_en: '°C',
        pattern_message_en: 'Wrong',
        rule: '=a > 30',
        rule_message: '太低',
        rule_message_en: 'Too low',
      },
    },
  ]);
  expect(field).toMatchObject({
    label: 'Temperature',
    description: '腋下',
    appearance: { suffixAdorner: '°C', prefixAdorner: '约' },
    validate: { required: true, patternErrorMessage: 'Wrong' },
    properties: { rule: '=a > 30', rule_message: 'Too low' },
  });
});
