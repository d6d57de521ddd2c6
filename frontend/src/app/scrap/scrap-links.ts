import type { Answer } from '../api/model';
import type { Filters, QueryParams } from '../filters/codec';
import { provenanceLink } from '../filters/provenance-link';
import { linkTo } from '../links';
import type { Link, Row } from '../tables/data-table';
import type { ScrapLevel } from './scrap-bars';

type Bar = Answer<'scrap-pareto'>['rows'][number];

/** A reason and an operation lead to their confirmations, a material and a machine to their reasons. */
export function paretoLink(
  query: QueryParams,
  level: ScrapLevel,
  unit: string | null,
  row: Row,
): Link {
  const bar = row as unknown as Bar;
  switch (level) {
    case 'reason':
      return linkTo('confirmations', query, {}, { only: 'scrap', scrap_reason_code: bar.key });
    case 'operation':
      return linkTo('confirmations', query, {}, { only: 'scrap', operation: bar.key });
    case 'material':
    case 'work_center':
      return linkTo('scrap', query, filtersOf(level, bar), { unit, level: 'reason' });
  }
}

export function paretoOrigin(
  query: QueryParams,
  level: ScrapLevel,
  unit: string | null,
  row: Row,
): Link {
  const bar = row as unknown as Bar;
  return provenanceLink(query, {
    mart: 'scrap_reasons',
    unit,
    operation: level === 'operation' ? bar.key : null,
    scrap_reason_code: level === 'reason' ? bar.key : null,
    // Paretos are over all operations, whatever basis the rate is on.
    filters: { ...filtersOf(level, bar), basis: 'operation' },
  });
}

function filtersOf(level: ScrapLevel, bar: Bar): Partial<Filters> {
  if (level === 'material') return { material: [bar.key] };
  if (level !== 'work_center') return {};
  return { ...(bar.plant ? { plant: [bar.plant] } : {}), work_center: [bar.key] };
}
