import type { components } from '../app/api/answers';
import { about, column } from './fixtures';

type Schemas = components['schemas'];

/** Answers of heatmap, timeline and data quality, as the API gives them. */

const AT = (time: string) => Date.parse(`2026-03-${time}:00Z`);

export function machine(change: Partial<Schemas['Machine']> = {}): Schemas['Machine'] {
  return {
    plant: 'W1',
    work_center: 'M-101',
    name: 'Press 1',
    line: 'L1',
    time_zone: 'Europe/Berlin',
    seconds: { production: 25_200, technical: 2_820 },
    ...change,
  };
}

export function span(change: Partial<Schemas['Span']> = {}): Schemas['Span'] {
  return {
    machine: 0,
    start: AT('02T06:10'),
    end: AT('02T06:57'),
    state: 'technical',
    reason_code: 'T10',
    interaction_id: 'I-1',
    merged: 1,
    ...change,
  };
}

/** Two production days of two machines: from 06:00 in Berlin, which is 05:00 UTC. */
export function timeline(change: Partial<Schemas['Timeline']> = {}): Schemas['Timeline'] {
  return {
    about: about({ first_day: '2026-03-02', last_day: '2026-03-03' }),
    columns: [
      column('plant', 'Plant'),
      column('work_center', 'Work center'),
      column('name', 'Name'),
      column('state', 'State', { kind: 'choice', choices: { technical: 'technical' } }),
      column('seconds', 'Time (h)', { kind: 'hours', decimals: 2 }),
      column('share', 'Share', { kind: 'percent', decimals: 1 }),
    ],
    start: AT('02T05:00'),
    end: AT('04T05:00'),
    pixel: 180_000,
    machines: [
      machine(),
      machine({ work_center: 'P-201', name: 'Packer 1', line: 'L2', seconds: { setup: 3_600 } }),
    ],
    spans: [
      span({ start: AT('02T05:00'), end: AT('02T06:10'), state: 'production', interaction_id: '', reason_code: '' }),
      span(),
      span({ machine: 1, state: 'setup', interaction_id: '', merged: 4 }),
    ],
    bands: [
      { machine: 0, shift: 'early', start: AT('02T05:00'), end: AT('02T13:00') },
      { machine: 0, shift: 'late', start: AT('02T13:00'), end: AT('02T21:00') },
    ],
    reasons: { T10: 'Jam' },
    rows: [
      { plant: 'W1', work_center: 'M-101', name: 'Press 1', state: 'technical', seconds: 2_820, share: 0.1 },
    ],
    ...change,
  };
}

export function heatmap(change: Partial<Schemas['Heatmap']> = {}): Schemas['Heatmap'] {
  return {
    about: about(),
    columns: [
      column('y', 'Work center', { kind: 'choice', choices: { 'W1/M-101': 'Press 1' } }),
      column('x', 'Day', { kind: 'day' }),
      column('value', 'Availability', { kind: 'percent', decimals: 1 }),
    ],
    kind: 'work_center_day',
    measure: 'availability',
    grain: 'day',
    unit: null,
    units: [],
    x: ['2026-03-02', '2026-03-03'].map((key) => ({ key, label: key })),
    y: [
      { key: 'W1/M-101', label: 'Press 1', plant: 'W1', work_center: 'M-101' },
      { key: 'W1/M-102', label: 'Press 2', plant: 'W1', work_center: 'M-102' },
    ],
    rows: [
      { x: '2026-03-02', y: 'W1/M-101', value: 0.8885, numerator: 22_380, denominator: 25_200 },
      { x: '2026-03-03', y: 'W1/M-101', value: 0, numerator: 0, denominator: 25_200 },
      { x: '2026-03-02', y: 'W1/M-102', value: null, numerator: 0, denominator: 0 },
    ],
    ...change,
  };
}

export function quality(change: Partial<Schemas['Quality']> = {}): Schemas['Quality'] {
  return {
    about: about(),
    files: {
      columns: [column('file_name', 'File'), column('difference', 'Difference', { kind: 'integer' })],
      rows: [fileRow(), fileRow({ file_name: 'b.xlsx', file_sha256: 'b'.repeat(64), rejected: 10 })],
      total: 2,
      differing: 0,
    },
    freshness: {
      columns: [column('plant', 'Plant'), column('is_fresh', 'Fresh', { kind: 'boolean' })],
      rows: [freshnessRow()],
    },
    rules: { columns: [column('rule', 'Rule')], rows: [], total: 0 },
    drift: { columns: [column('new_columns', 'New columns')], rows: [] },
    shares: { columns: [column('name', 'Name')], rows: [shareRow()] },
    late: { columns: [column('work_center', 'Work center')], rows: [] },
    stale: { columns: [column('first_day', 'First day', { kind: 'day' })], rows: [] },
    ...change,
  };
}

export function fileRow(change: Partial<Schemas['FileRow']> = {}): Schemas['FileRow'] {
  return {
    file_sha256: 'a'.repeat(64),
    file_name: 'a.xlsx',
    model: 'interactions',
    contract: 'operator_log@2',
    state: 'PUBLISHED',
    at: '2026-03-09T05:00:00.000Z',
    reason: '',
    rows_read: 100,
    accepted: 100,
    rejected: 0,
    skipped: 0,
    duplicates: 0,
    difference: 0,
    ...change,
  };
}

export function freshnessRow(change: Partial<Schemas['FreshnessRow']> = {}): Schemas['FreshnessRow'] {
  return {
    model: 'interactions',
    plant: 'W1',
    name: 'Hamburg',
    data_until: '2026-03-09T05:00:00.000Z',
    age_hours: 3,
    is_fresh: true,
    ...change,
  };
}

export function shareRow(change: Partial<Schemas['ShareRow']> = {}): Schemas['ShareRow'] {
  return {
    plant: 'W1',
    work_center: 'M-101',
    name: 'Press 1',
    unexplained_seconds: 600,
    unclassified_seconds: 300,
    planned_busy_seconds: 60_000,
    unexplained_share: 0.01,
    unclassified_share: 0.005,
    ...change,
  };
}

export function rejectedRows(change: Partial<Schemas['RejectedRows']> = {}): Schemas['RejectedRows'] {
  return {
    about: about(),
    columns: [column('file_name', 'File'), column('cell', 'Cell'), column('rule', 'Rule')],
    total: 120,
    offset: 0,
    limit: 50,
    sort: '-rejected_at',
    rows: [
      {
        file_name: 'a.xlsx',
        file_sha256: 'a'.repeat(64),
        sheet: 'Log',
        row: 24,
        model: 'interactions',
        contract: 'operator_log@2',
        cell: 'Log!C24',
        column: 'work_center',
        rule: 'required',
        message: 'work_center is empty',
        value: '',
        rejected_at: '2026-03-09T05:00:00.000Z',
        resolved_by_file: '',
      },
    ],
    ...change,
  };
}
