import type { Meta } from '../api/model';
import { Filters, ListFilter, REASON_CLASSES } from './codec';
import type { Option } from '../ui/option';
import { reasonClassText } from './filter-text';


/** What a filter can be set to, as far as plants and lines that are chosen leave it. */
export function optionsOf(filter: ListFilter, meta: Meta, filters: Filters): Option[] {
  const plants = meta.plants.filter(
    ({ plant }) => filters.plant.length === 0 || filters.plant.includes(plant),
  );
  const hint = (name: string) => (meta.plants.length > 1 ? name : undefined);
  switch (filter) {
    case 'plant':
      return meta.plants.map(({ plant, name }) => option(plant, name));
    case 'line':
      return merged(
        plants.flatMap((plant) =>
          plant.lines.map(({ line, name }) => option(line, name, hint(plant.name))),
        ),
      );
    case 'work_center':
      return merged(
        plants.flatMap((plant) =>
          plant.work_centers
            .filter(({ line }) => filters.line.length === 0 || filters.line.includes(line))
            .map(({ work_center, name }) => option(work_center, name, hint(plant.name))),
        ),
      );
    case 'shift':
      return merged(plants.flatMap((plant) => plant.shifts.map((shift) => option(shift, shift))));
    case 'material':
      return meta.materials.map((material) => option(material, material));
    case 'reason_class':
      return REASON_CLASSES.map((value) => ({ value, label: reasonClassText(value) }));
  }
}

function option(value: string, name: string, hint?: string): Option {
  const label = name && name !== value ? `${value} · ${name}` : value;
  return hint ? { value, label, hint } : { value, label };
}

/** Codes that several plants have are one option: the filter means all of them. */
function merged(options: Option[]): Option[] {
  const byValue = new Map<string, Option>();
  for (const each of options) {
    const known = byValue.get(each.value);
    if (!known) byValue.set(each.value, each);
    else if (each.hint && known.hint && !known.hint.split(', ').includes(each.hint)) {
      byValue.set(each.value, { ...known, hint: `${known.hint}, ${each.hint}` });
    }
  }
  return [...byValue.values()];
}
