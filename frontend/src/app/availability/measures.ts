import type { AvailabilityRow } from '../api/model';
import { cardTitle } from '../kpi/card-text';

/** The three availabilities that the API has; which one stands first is the site's choice. */
export type Measure = 'availability' | 'technical_availability' | 'total_availability';

export const MEASURES: readonly Measure[] = [
  'availability',
  'technical_availability',
  'total_availability',
];

export function measureText(measure: Measure): string {
  return cardTitle(measure);
}

export function headlineMeasure(policy: 'availability' | 'technical' | 'total' | undefined): Measure {
  return policy === 'technical'
    ? 'technical_availability'
    : policy === 'total'
      ? 'total_availability'
      : 'availability';
}

/** What a ratio is made of, in seconds. */
export function measureParts(row: AvailabilityRow, measure: Measure): [number, number] {
  switch (measure) {
    case 'availability':
      return [row.production_seconds, row.planned_busy_seconds];
    case 'technical_availability':
      return [row.planned_busy_seconds - row.technical_down_seconds, row.planned_busy_seconds];
    case 'total_availability':
      return [row.production_seconds, row.planned_operation_seconds];
  }
}
