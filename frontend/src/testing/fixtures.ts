import type { components } from '../app/api/answers';

type Schemas = components['schemas'];

/** Answers as the API gives them, for specs and for `npm run preview`; each field can be told. */

export function about(change: Partial<Schemas['About']> = {}): Schemas['About'] {
  return {
    first_day: '2026-03-02',
    last_day: '2026-03-08',
    period: 'last_7_days',
    grain: 'day',
    basis: 'operation',
    as_of: null,
    time_zone: 'Europe/Berlin',
    data_until: '2026-03-09T05:00:00Z',
    refreshed_at: '2026-03-09T05:10:00Z',
    version: 'v1',
    notes: [],
    ...change,
  };
}

export function column(
  name: string,
  label: string,
  change: Partial<Schemas['Column']> = {},
): Schemas['Column'] {
  return {
    name,
    label,
    kind: 'text',
    decimals: 0,
    is_sortable: true,
    is_hidden: false,
    unit_from: null,
    ...change,
  };
}

export function card(change: Partial<Schemas['Card']> = {}): Schemas['Card'] {
  return {
    name: 'availability',
    kind: 'percent',
    value: 0.8885,
    numerator: 373 * 3600,
    denominator: 420 * 3600,
    previous: 0.8712,
    target: 0.9,
    better: 'higher',
    is_headline: false,
    ...change,
  };
}

export function availabilityRow(
  change: Partial<Schemas['AvailabilityRow']> = {},
): Schemas['AvailabilityRow'] {
  return {
    period: '2026-03-02',
    shift: null,
    plant: 'W1',
    line: null,
    work_center: null,
    name: null,
    planned_operation_seconds: 28_800,
    planned_down_seconds: 3_600,
    planned_busy_seconds: 25_200,
    unplanned_down_seconds: 2_820,
    setup_seconds: 0,
    short_stop_seconds: 0,
    production_seconds: 22_380,
    technical_down_seconds: 2_820,
    unexplained_seconds: 600,
    uncovered_seconds: 0,
    stops: 3,
    short_stops: 1,
    open_stops: 0,
    failures: 2,
    coverage: 'full',
    data_until: '2026-03-09T05:00:00Z',
    availability: 22_380 / 25_200,
    technical_availability: 22_380 / 25_200,
    total_availability: 22_380 / 28_800,
    target: 0.9,
    ...change,
  };
}

export const AVAILABILITY_COLUMNS: Schemas['Column'][] = [
  column('period', 'Period', { kind: 'day' }),
  column('availability', 'Availability', { kind: 'percent', decimals: 1 }),
  column('planned_busy_seconds', 'Planned busy time PBT (h)', { kind: 'hours', decimals: 2 }),
  column('unplanned_down_seconds', 'Unplanned downtime (h)', { kind: 'hours', decimals: 2 }),
  column('stops', 'Stops', { kind: 'integer' }),
  column('setup_seconds', 'Set-up (h)', { kind: 'hours', decimals: 2, is_hidden: true }),
];

const RATIOS = [0.91, 0.884, 0.862, 0.937, 0.901, null, 0.872];

export function availability(
  change: Partial<Schemas['Availability']> = {},
): Schemas['Availability'] {
  const trend = RATIOS.map((ratio, index) =>
    availabilityRow({ period: `2026-03-0${index + 2}`, availability: ratio }),
  );
  return {
    about: about(),
    columns: AVAILABILITY_COLUMNS,
    total: availabilityRow(),
    trend,
    rows: trend,
    ...change,
  };
}

export function overview(change: Partial<Schemas['Overview']> = {}): Schemas['Overview'] {
  return {
    about: about(),
    columns: AVAILABILITY_COLUMNS,
    previous_first_day: '2026-02-23',
    previous_last_day: '2026-03-01',
    cards: [
      card({ is_headline: true }),
      card({
        name: 'scrap_rate',
        value: 0.02195,
        previous: 0.0187,
        numerator: 423,
        denominator: 19_271,
        unit: 'PC',
        basis: 'last_operation',
        target: 0.02,
        better: 'lower',
        is_headline: true,
      }),
      card({
        name: 'unplanned_down',
        kind: 'hours',
        value: 61_200,
        previous: 72_000,
        target: null,
        better: 'lower',
        numerator: null,
        denominator: null,
      }),
      card({
        name: 'unclassified',
        kind: 'hours',
        value: null,
        previous: null,
        target: null,
        better: 'lower',
        numerator: null,
        denominator: null,
      }),
    ],
    availability_trend: availability().trend,
    scrap_trend: [],
    worst_work_centers: [],
    worst_reasons: [],
    worst_scrap: [],
    ...change,
  };
}

export function stopRow(change: Partial<Schemas['StopRow']> = {}): Schemas['StopRow'] {
  return {
    file_name: 'interactions_2026-03-02.xlsx',
    file_sha256: 'ab12',
    sheet: 'Log',
    row: 31,
    plant: 'W1',
    work_center: 'M-104',
    name: 'Press 4',
    production_day: '2026-03-02',
    shift: 'early',
    interaction_id: 'I-1',
    reason_class: 'technical',
    reason_code: 'T10',
    reason_text: 'Jam',
    started_at: '2026-03-02T06:10:00Z',
    ended_at: '2026-03-02T06:57:00Z',
    attributed_seconds: 2_820,
    is_open: false,
    is_short: false,
    starts_here: true,
    ...change,
  };
}

export function stops(change: Partial<Schemas['Stops']> = {}): Schemas['Stops'] {
  return {
    about: about(),
    columns: [
      column('work_center', 'Work center'),
      column('started_at', 'Start', { kind: 'instant' }),
      column('attributed_seconds', 'Counted (min)', { kind: 'minutes', decimals: 1 }),
      column('reason_class', 'Class', { kind: 'choice', choices: { technical: 'technical' } }),
      column('reason_text', 'Reason', { is_sortable: false }),
      column('is_open', 'Open', { kind: 'boolean', is_hidden: true }),
    ],
    total: 1_234,
    offset: 0,
    limit: 50,
    sort: '-started_at',
    total_seconds: 61_200,
    total_stops: 1_230,
    rows: [stopRow(), stopRow({ interaction_id: 'I-2', reason_text: '' })],
    ...change,
  };
}

export const META: Schemas['Meta'] = {
  site: 'Musterwerk',
  plants: [
    {
      plant: 'W1',
      name: 'Hamburg',
      time_zone: 'Europe/Berlin',
      day_starts: '06:00',
      today: '2026-03-09',
      lines: [
        { line: 'L1', name: 'Press line', topology: 'series' },
        { line: 'L2', name: 'Packing', topology: 'parallel' },
      ],
      work_centers: [
        ...[1, 2, 3, 4].map((n) => ({ work_center: `M-10${n}`, name: `Press ${n}`, line: 'L1' })),
        ...[1, 2, 3, 4, 5].map((n) => ({ work_center: `P-20${n}`, name: `Packer ${n}`, line: 'L2' })),
      ],
      shifts: ['early', 'late', 'night'],
    },
    {
      plant: 'W2',
      name: 'Lyon',
      time_zone: 'Europe/Paris',
      day_starts: '05:00',
      today: '2026-03-09',
      lines: [{ line: 'L1', name: 'Moulding', topology: 'series' }],
      work_centers: [{ work_center: 'I-01', name: 'Injection 1', line: 'L1' }],
      shifts: ['early', 'late'],
    },
  ],
  shifts: ['early', 'late', 'night'],
  materials: ['4711', '4712', 'A-100'],
  reasons: [{ reason_code: 'T10', reason_text: 'Jam', reason_class: 'technical' }],
  units: ['PC', 'KG'],
  first_day: '2026-01-05',
  last_day: '2026-03-08',
  headline_availability: 'availability',
  headline_basis: 'operation',
  first_as_of: '2026-01-06T04:00:00Z',
  version: 'v1',
  product_version: '0.0.0',
  dagster_url: null,
};

export const DEFINITIONS: Schemas['Definitions'] = {
  terms: [
    {
      key: 'availability',
      term: 'Availability',
      formula: 'APT / PBT',
      unit: '0…1',
      standard: 'availability',
      column: 'availability.availability',
      note: '',
    },
    {
      key: 'scrap_rate',
      term: 'Scrap rate',
      formula: 'SQ / PQ',
      unit: '0…1',
      standard: 'scrap ratio',
      column: 'scrap_rate.scrap_rate',
      note: 'Never added up over units.',
    },
  ],
  policies: [
    {
      name: 'short_stop_minutes',
      label: 'Short stops',
      value: '5 min',
      meaning: 'A stop shorter than this is short.',
    },
  ],
  columns: [
    column('term', 'Term'),
    column('formula', 'Formula'),
    column('unit', 'Unit'),
    column('standard', 'ISO 22400-2'),
    column('column', 'Column'),
    column('note', 'Note'),
  ],
};
