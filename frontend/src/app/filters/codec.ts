import type { Basis, Grain, Period, ReasonClass } from '../api/model';

/**
 * Filters as the address bears them, under the names that the API has.
 *
 * What is invalid is dropped: a link of last year must still open. What is not known is kept, it
 * may belong to a view. Explicit days win over a relative period, as on the server.
 */
export interface Filters {
  readonly period: Period | null;
  /** First production day. */
  readonly from: string | null;
  /** Last production day, inclusive. */
  readonly to: string | null;
  readonly grain: Grain | null;
  readonly basis: Basis | null;
  /** UTC instant of which figures are shown; null: now. */
  readonly as_of: string | null;
  readonly plant: readonly string[];
  readonly line: readonly string[];
  readonly work_center: readonly string[];
  readonly shift: readonly string[];
  readonly material: readonly string[];
  readonly reason_class: readonly ReasonClass[];
}

/** Query parameters as Angular's router has them. */
export type QueryParams = Readonly<Record<string, string | readonly string[] | null | undefined>>;

export const PERIODS: readonly Period[] = [
  'latest',
  'today',
  'yesterday',
  'last_7_days',
  'last_30_days',
  'last_90_days',
  'this_week',
  'last_week',
  'this_month',
  'last_month',
];
export const GRAINS: readonly Grain[] = ['shift', 'day', 'week', 'month'];
export const BASES: readonly Basis[] = ['operation', 'last_operation', 'order'];
export const REASON_CLASSES: readonly ReasonClass[] = [
  'technical',
  'organisational',
  'other',
  'unclassified',
  'setup',
  'planned',
];

export const LIST_FILTERS = [
  'plant',
  'line',
  'work_center',
  'shift',
  'material',
  'reason_class',
] as const;
export type ListFilter = (typeof LIST_FILTERS)[number];

const FILTER_NAMES = ['period', 'from', 'to', 'grain', 'basis', 'as_of', ...LIST_FILTERS] as const;

/** Parameters of one view: they do not travel to another one, nor outlive other filters. */
const VIEW_PARAMS = [
  ...['sort', 'offset', 'limit', 'columns'],
  ...['group', 'bases', 'level', 'unit', 'mart', 'only'],
  ...['operation', 'order_id', 'reason_code', 'interaction_id', 'scrap_reason_code'],
  ...['zoom', 'kind', 'measure', 'rule', 'file', 'open', 'file_name', 'sheet', 'row'],
] as const;

const MOST_VALUES = 200;
const LONGEST_VALUE = 200;

export const NO_FILTERS: Filters = {
  period: null,
  from: null,
  to: null,
  grain: null,
  basis: null,
  as_of: null,
  plant: [],
  line: [],
  work_center: [],
  shift: [],
  material: [],
  reason_class: [],
};

export function parseFilters(query: QueryParams): Filters {
  const from = isoDay(first(query['from']));
  const to = isoDay(first(query['to']));
  const hasDays = from !== null && to !== null && from <= to;
  return {
    period: hasDays ? null : oneOf(PERIODS, first(query['period'])),
    from: hasDays ? from : null,
    to: hasDays ? to : null,
    grain: oneOf(GRAINS, first(query['grain'])),
    basis: oneOf(BASES, first(query['basis'])),
    as_of: utcInstant(first(query['as_of'])),
    plant: list(query['plant']),
    line: list(query['line']),
    work_center: list(query['work_center']),
    shift: list(query['shift']),
    material: list(query['material']),
    reason_class: list(query['reason_class']).filter((value): value is ReasonClass =>
      (REASON_CLASSES as readonly string[]).includes(value),
    ),
  };
}

/** The filters as parameters; what filters nothing is left out. */
export function formatFilters(filters: Filters): Record<string, string | string[]> {
  const params: Record<string, string | string[]> = {};
  for (const name of FILTER_NAMES) {
    const value = filters[name];
    if (typeof value === 'string') params[name] = value;
    else if (value !== null && value.length > 0) params[name] = [...value];
  }
  return params;
}

export type FilterName = (typeof FILTER_NAMES)[number];

/** Filters that the address names and that are left out, because their values mean nothing. */
export function ignoredFilters(query: QueryParams): FilterName[] {
  const taken = formatFilters(parseFilters(query));
  return FILTER_NAMES.filter((name) => {
    // Explicit days win over a period, which then is no mistake.
    if (name === 'period' && taken['from'] !== undefined) return false;
    const given = new Set(all(query[name]).filter((value) => value !== ''));
    return given.size > all(taken[name]).length;
  });
}

/** The query with some filters changed: view and unknown parameters stay, the page is the first. */
export function changeFilters(query: QueryParams, change: Partial<Filters>): QueryParams {
  const rest = without(query, [...FILTER_NAMES, 'offset']);
  return { ...rest, ...formatFilters({ ...parseFilters(query), ...daysOrPeriod(change) }) };
}

/** What a link to another view takes along. */
export function travellingParams(query: QueryParams): QueryParams {
  const rest = without(query, [...FILTER_NAMES, ...VIEW_PARAMS]);
  return { ...rest, ...formatFilters(parseFilters(query)) };
}

/** Order and page of a table, as the API is asked for them. */
export interface Paging {
  sort?: string;
  offset?: number;
  limit?: number;
}

export function parsePaging(query: QueryParams): Paging {
  const sort = first(query['sort']);
  const offset = wholeNumber(first(query['offset']), 10_000_000);
  const limit = wholeNumber(first(query['limit']), 1_000);
  return {
    ...(sort && /^-?[a-z_]{1,59}$/.test(sort) ? { sort } : {}),
    ...(offset ? { offset } : {}),
    ...(limit ? { limit } : {}),
  };
}

/** A page's query: `a=1&b=2&b=3`. */
export function toSearch(query: QueryParams): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const each of all(value)) search.append(name, each);
  }
  return search.toString();
}

function daysOrPeriod(change: Partial<Filters>): Partial<Filters> {
  if (change.period) return { ...change, from: null, to: null };
  if (change.from && change.to) return { ...change, period: null };
  return change;
}

function without(query: QueryParams, names: readonly string[]): QueryParams {
  return Object.fromEntries(Object.entries(query).filter(([name]) => !names.includes(name)));
}

function all(value: QueryParams[string]): readonly string[] {
  if (value === null || value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

function first(value: QueryParams[string]): string | null {
  return all(value)[0] ?? null;
}

function list(value: QueryParams[string]): string[] {
  const fitting = all(value).filter((each) => each.length > 0 && each.length <= LONGEST_VALUE);
  return [...new Set(fitting)].slice(0, MOST_VALUES);
}

function wholeNumber(value: string | null, greatest: number): number | null {
  if (!value || !/^\d{1,9}$/.test(value)) return null;
  const number = Number(value);
  return number <= greatest ? number : null;
}

function oneOf<T extends string>(choices: readonly T[], value: string | null): T | null {
  return choices.find((choice) => choice === value) ?? null;
}

function isoDay(value: string | null): string | null {
  if (!value || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return null;
  const time = Date.parse(`${value}T00:00:00Z`);
  // 30 February is parsed as 2 March by some engines.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value) ? value : null;
}

function utcInstant(value: string | null): string | null {
  if (!value || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(value)) {
    return null;
  }
  return Number.isNaN(Date.parse(value)) ? null : value;
}
