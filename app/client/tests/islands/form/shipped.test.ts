/** The forms that ship open in the browser with every field and without a warning. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { fieldsOf, keyedFields, openForm, type Schema } from '../../../src/islands/form/viewer';

const FOLDER = join(import.meta.dirname, '../../../../../forms');

afterEach(() => vi.restoreAllMocks());

test('each shipped form opens', async () => {
  const warned = [vi.spyOn(console, 'error'), vi.spyOn(console, 'warn')];
  for (const name of readdirSync(FOLDER).filter((each) => each.endsWith('.form'))) {
    const schema = JSON.parse(readFileSync(join(FOLDER, name), 'utf-8')) as Schema;
    const host = document.createElement('div');
    document.body.replaceChildren(host);

    const form = await openForm(host, { schema, data: {} });
    await new Promise((resolve) => setTimeout(resolve, 50));

    const keys = (fields: { key?: string }[]) => fields.map(({ key }) => key);
    expect(keys(fieldsOf(form)), name).toEqual(keys(keyedFields(schema.components)));
    expect(host.querySelector('.fjs-form'), name).not.toBeNull();
    form.destroy();
  }
  for (const spy of warned) expect(spy).not.toHaveBeenCalled();
});
