import type { Grain } from './api/model';
import { Filters, QueryParams, changeFilters, travellingParams } from './filters/codec';
import type { Link } from './tables/data-table';

/**
 * Where figures lead on: to another view with the filters of this one, some of them changed.
 * `more` are parameters of the other view itself (`group`, `unit`, …).
 */
export function linkTo(
  path: string,
  query: QueryParams,
  change: Partial<Filters> = {},
  more: QueryParams = {},
): Link {
  return {
    commands: ['/', ...path.split('/')],
    queryParams: { ...changeFilters(travellingParams(query), change), ...more },
  };
}

/** All of one machine. The path says which one, so filters by place stay behind. */
export function machineLink(
  query: QueryParams,
  plant: string,
  workCenter: string,
  change: Partial<Filters> = {},
): Link {
  const filters: Partial<Filters> = { plant: [], line: [], work_center: [], ...change };
  const { queryParams } = linkTo('', query, filters);
  return { commands: ['/', 'machine', plant, workCenter], queryParams };
}

interface Bounds {
  readonly first_day: string;
  readonly last_day: string;
}

/** The filters that leave one period of a trend: its days, and its shift if it has one. */
export function narrowed(
  row: { period?: string | null; shift?: string | null },
  grain: Grain,
  bounds: Bounds,
): Partial<Filters> {
  const first = row.period;
  if (!first) return {};
  const last = lastDay(first, grain);
  return {
    from: first < bounds.first_day ? bounds.first_day : first,
    to: last > bounds.last_day ? bounds.last_day : last,
    ...(row.shift ? { shift: [row.shift] } : {}),
  };
}

function lastDay(first: string, grain: Grain): string {
  const date = new Date(`${first}T00:00:00Z`);
  if (grain === 'week') date.setUTCDate(date.getUTCDate() + 6);
  if (grain === 'month') date.setUTCMonth(date.getUTCMonth() + 1, 0);
  return date.toISOString().slice(0, 10);
}
