import { expect, test } from 'vitest';
import { mount } from '../../src/islands/workplace';

function page(): { el: HTMLElement; hospital: HTMLSelectElement; department: HTMLSelectElement } {
  document.body.innerHTML = `<div>
    <select name="hospital_id"><option value=""></option><option value="1"></option><option value="2"></option></select>
    <select name="department_id"><option value="">any</option>
      <optgroup label="A" data-hospital="1"><option value="10">ward</option></optgroup>
      <optgroup label="B" data-hospital="2"><option value="20">ward</option></optgroup>
    </select></div>`;
  const el = document.body.firstElementChild as HTMLElement;
  const [hospital, department] = el.querySelectorAll('select');
  if (!hospital || !department) throw new Error('no selects');
  hospital.value = '2';
  department.value = '20';
  return { el, hospital, department };
}

const offered = (select: HTMLSelectElement) => [...select.options].map((option) => option.value);

test('only the departments of the chosen hospital are offered, and a choice made stays', () => {
  const { el, hospital, department } = page();

  mount(el);
  expect(offered(department)).toEqual(['', '20']);
  expect(department.value).toBe('20');

  hospital.value = '1';
  hospital.dispatchEvent(new Event('change'));
  expect(offered(department)).toEqual(['', '10']);
  expect(department.value).toBe('');
});

test('a page let go of offers everything again', () => {
  const { el, department } = page();
  mount(el)();
  expect(offered(department)).toEqual(['', '10', '20']);
});
