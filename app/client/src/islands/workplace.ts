/** A hospital and its department: only the departments of the chosen hospital stay on offer. */

export function mount(element: HTMLElement): () => void {
  const hospital = element.querySelector<HTMLSelectElement>('select[name="hospital_id"]');
  const department = element.querySelector<HTMLSelectElement>('select[name="department_id"]');
  if (!hospital || !department) return () => {};
  const groups = [...department.querySelectorAll('optgroup')];

  const narrow = () => {
    const chosen = department.selectedOptions[0]?.closest('optgroup');
    if (chosen && chosen.dataset.hospital !== hospital.value) department.value = '';
    // Safari shows hidden groups: they have to leave the list.
    const kept = department.value;
    for (const group of groups) group.remove();
    department.append(...groups.filter((group) => group.dataset.hospital === hospital.value));
    department.value = kept;
  };

  narrow();
  hospital.addEventListener('change', narrow);
  return () => {
    hospital.removeEventListener('change', narrow);
    department.append(...groups);
  };
}
