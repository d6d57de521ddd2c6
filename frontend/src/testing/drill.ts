import type { components } from '../app/api/answers';
import { about, column } from './fixtures';

type Schemas = components['schemas'];

/** Made-up answers of the views that lead from figures to rows. */

export function reasonRow(change: Partial<Schemas['ReasonRow']> = {}): Schemas['ReasonRow'] {
  return {
    reason_class: 'technical',
    reason_code: 'T10',
    reason_text: 'Jam',
    plant: null,
    work_center: null,
    name: null,
    attributed_seconds: 5_400,
    logged_seconds: 6_000,
    stops: 3,
    share: 0.75,
    cumulative_share: 0.75,
    ...change,
  };
}

export function downtimePareto(
  change: Partial<Schemas['DowntimePareto']> = {},
): Schemas['DowntimePareto'] {
  return {
    about: about(),
    columns: [
      column('reason_code', 'Reason'),
      column('reason_text', 'Text'),
      column('attributed_seconds', 'Time (h)', { kind: 'hours', decimals: 2 }),
    ],
    level: 'reason',
    measure: 'seconds',
    total_seconds: 7_200,
    total_stops: 4,
    vital: 1,
    rows: [
      reasonRow(),
      reasonRow({
        reason_class: 'planned',
        reason_code: '(break)',
        reason_text: 'Scheduled break',
        attributed_seconds: 1_800,
        share: 0.25,
        cumulative_share: 1,
      }),
    ],
    ...change,
  };
}

export function scrapRow(change: Partial<Schemas['ScrapRow']> = {}): Schemas['ScrapRow'] {
  return {
    period: null,
    shift: null,
    plant: null,
    line: null,
    work_center: null,
    name: null,
    material: null,
    operation: null,
    unit: 'PC',
    basis: 'operation',
    good_qty: null,
    scrap_qty: 4,
    rework_qty: 1,
    produced_qty: 200,
    outside_calendar_qty: 0,
    confirmations: 3,
    scrap_rate: 0.02,
    target: 0.025,
    ...change,
  };
}

export function scrapRate(change: Partial<Schemas['ScrapRate']> = {}): Schemas['ScrapRate'] {
  return {
    about: about(),
    columns: [
      column('work_center', 'Work center'),
      column('scrap_rate', 'Scrap rate', { kind: 'percent', decimals: 1 }),
      column('scrap_qty', 'Scrap', { kind: 'quantity', unit_from: 'unit' }),
    ],
    total: [
      scrapRow(),
      scrapRow({ basis: 'last_operation', scrap_qty: 1, produced_qty: 100, scrap_rate: 0.01 }),
      scrapRow({ unit: 'KG', scrap_qty: 1.5, produced_qty: 50, scrap_rate: 0.03 }),
    ],
    trend: [scrapRow({ period: '2026-03-02' }), scrapRow({ period: '2026-03-03', unit: 'KG' })],
    rows: [
      scrapRow({ plant: 'W1', work_center: 'M-104', name: 'Press 4' }),
      scrapRow({ plant: 'W1', work_center: 'P-201', name: 'Packer 1', unit: 'KG' }),
    ],
    units: ['PC', 'KG'],
    ...change,
  };
}

export function scrapPareto(change: Partial<Schemas['ScrapPareto']> = {}): Schemas['ScrapPareto'] {
  return {
    about: about(),
    columns: [column('key', 'Reason'), column('scrap_qty', 'Scrap', { kind: 'quantity' })],
    level: 'reason',
    unit: 'PC',
    units: ['PC', 'KG'],
    total_qty: 4,
    vital: 1,
    rows: [
      {
        key: 'S1',
        text: 'Surface',
        plant: null,
        unit: 'PC',
        scrap_qty: 4,
        confirmations: 2,
        share: 1,
        cumulative_share: 1,
      },
    ],
    ...change,
  };
}

export function confirmationRow(
  change: Partial<Schemas['ConfirmationRow']> = {},
): Schemas['ConfirmationRow'] {
  return {
    file_name: 'COOIS_2026-03-02.xlsx',
    file_sha256: 'cd34',
    sheet: 'COOIS',
    row: 12,
    plant: 'W1',
    work_center: 'M-104',
    name: 'Press 4',
    production_day: '2026-03-02',
    shift: 'early',
    order_id: '4711',
    operation: '0010',
    confirmation: '100',
    counter: '1',
    is_reversed: false,
    cancelled_counter: '',
    counts: true,
    material: 'A-100',
    unit: 'PC',
    good_qty: 95,
    scrap_qty: 4,
    rework_qty: 1,
    scrap_reason_code: 'S1',
    scrap_reason_text: 'Surface',
    started_at: '2026-03-02T06:10:00Z',
    finished_at: '2026-03-02T08:57:00Z',
    posted_at: '2026-03-02',
    delay_days: 0,
    ...change,
  };
}

export function confirmations(
  change: Partial<Schemas['Confirmations']> = {},
): Schemas['Confirmations'] {
  return {
    about: about(),
    columns: [column('order_id', 'Order'), column('scrap_qty', 'Scrap', { kind: 'quantity' })],
    total: 1,
    offset: 0,
    limit: 50,
    sort: '-production_day',
    rows: [confirmationRow()],
    ...change,
  };
}

export function sourceRow(change: Partial<Schemas['SourceRow']> = {}): Schemas['SourceRow'] {
  return {
    file_name: 'interactions_2026-03-02.xlsx',
    file_sha256: 'ab12',
    sheet: 'Log',
    row: 31,
    plant: 'W1',
    work_center: 'M-104',
    production_day: '2026-03-02',
    shift: 'early',
    what: 'T10 · I-1',
    started_at: '2026-03-02T06:10:00Z',
    ended_at: '2026-03-02T06:57:00Z',
    attributed_seconds: 2_820,
    good_qty: null,
    scrap_qty: null,
    rework_qty: null,
    unit: null,
    cells: 'Log!A31, Log!B31',
    contract: 'operator_log@2',
    business_key: 'operator_log|W1|M-104|I-1',
    raw: 'x/0/1/30',
    ...change,
  };
}

export function provenance(change: Partial<Schemas['Provenance']> = {}): Schemas['Provenance'] {
  return {
    about: about(),
    columns: [
      column('production_day', 'Day', { kind: 'day', is_sortable: false }),
      column('started_at', 'Start', { kind: 'instant', is_sortable: false }),
      column('cells', 'Cells', { is_sortable: false }),
    ],
    total: 1,
    offset: 0,
    limit: 50,
    sort: 'production_day',
    total_seconds: 5_400,
    total_good_qty: null,
    total_scrap_qty: null,
    total_rework_qty: null,
    total_unit: null,
    rows: [sourceRow()],
    ...change,
  };
}
