import type { Answer } from '../api/model';
import type { QueryParams } from '../filters/codec';
import { provenanceLink } from '../filters/provenance-link';
import { linkTo } from '../links';
import type { Link } from '../tables/data-table';

type StopRow = Answer<'stops'>['rows'][number];

/** To one stop, with all its parts by day and shift that are among the days shown. */
export function stopLink(query: QueryParams, row: StopRow): Link {
  const place = { plant: [row.plant], work_center: [row.work_center], shift: [] };
  return linkTo('stops', query, place, { interaction_id: row.interaction_id });
}

/** To the cells that one row of the table of stops was read from. */
export function stopOrigin(query: QueryParams, row: StopRow): Link {
  return provenanceLink(query, {
    mart: 'downtime_reasons',
    interaction_id: row.interaction_id,
    filters: {
      plant: [row.plant],
      work_center: [row.work_center],
      line: [],
      reason_class: [row.reason_class],
      shift: row.shift ? [row.shift] : [],
      from: row.production_day,
      to: row.production_day,
    },
    row,
  });
}
