import type { About, AvailabilityRow, Query } from '../api/model';
import type { QueryParams } from '../filters/codec';
import { linkTo, machineLink, narrowed } from '../links';
import type { Link } from '../tables/data-table';

/** What the table of availability has a line for. */
export type Group = NonNullable<Query<'availability'>['group']>;

export const GROUPS: readonly Group[] = ['work_center', 'line', 'plant', 'shift', 'period'];

export function groupText(group: Group): string {
  switch (group) {
    case 'work_center':
      return $localize`:@@availability.byWorkCenter:Work center`;
    case 'line':
      return $localize`:@@availability.byLine:Line`;
    case 'plant':
      return $localize`:@@availability.byPlant:Plant`;
    case 'shift':
      return $localize`:@@availability.byShift:Shift`;
    case 'period':
      return $localize`:@@availability.byPeriod:Period`;
  }
}

/** A line of the table leads a step deeper: plant → lines → machines → machine. */
export function rowLink(
  row: AvailabilityRow,
  group: Group,
  about: Pick<About, 'grain' | 'first_day' | 'last_day'>,
  query: QueryParams,
): Link | null {
  const { plant, line, work_center, shift } = row;
  const deeper = (change: Parameters<typeof linkTo>[2], next: Group): Link =>
    linkTo('availability', query, change, { group: next });
  switch (group) {
    case 'work_center':
      return plant && work_center ? machineLink(query, plant, work_center) : null;
    case 'line':
      return plant && line
        ? deeper({ plant: [plant], line: [line], work_center: [] }, 'work_center')
        : null;
    case 'plant':
      return plant ? deeper({ plant: [plant], line: [], work_center: [] }, 'line') : null;
    case 'shift':
      return shift ? deeper({ shift: [shift] }, 'work_center') : null;
    case 'period':
      return row.period ? deeper(narrowed(row, about.grain, about), 'work_center') : null;
  }
}

