import type { Column, Grain } from '../api/model';

const KEYS = ['period', 'shift', 'plant', 'line', 'work_center', 'name'];

/** Columns of a group, made those of the trend: period and shift in place of what the group is by. */
export function trendColumns(columns: readonly Column[], grain: Grain): Column[] {
  const [first] = columns;
  if (!first) return [];
  const key = (name: string, label: string, kind: Column['kind']): Column => ({
    ...first,
    name,
    label,
    kind,
    decimals: 0,
    is_hidden: false,
    choices: null,
  });
  return [
    key('period', $localize`:@@availability.byPeriod:Period`, 'day'),
    ...(grain === 'shift' ? [key('shift', $localize`:@@availability.byShift:Shift`, 'text')] : []),
    ...columns.filter((column) => !KEYS.includes(column.name)),
  ];
}
