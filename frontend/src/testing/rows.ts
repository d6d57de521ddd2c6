import type { ReasonRow, ScrapRow } from '../app/api/model';
import type { ChartContext } from '../app/charts/chart-context';
import { LIGHT } from '../app/charts/palette';
import type { components } from '../app/api/answers';

/** More made-up rows, and a context for options of charts. */

export const CONTEXT: ChartContext = {
  language: 'en',
  locale: 'en-GB',
  zone: 'Europe/Berlin',
  isDark: false,
  palette: LIGHT,
  isKiosk: false,
};

/** Without the spaces that Intl and units bring. */
export function plain(text: string): string {
  return text.replace(/[\u00a0\u202f]/g, ' ');
}

export function reasonRow(change: Partial<ReasonRow> = {}): ReasonRow {
  return {
    reason_class: 'technical',
    reason_code: 'T10',
    reason_text: 'Jam',
    attributed_seconds: 7200,
    logged_seconds: 7200,
    stops: 7,
    share: 0.5,
    cumulative_share: 0.5,
    ...change,
  };
}

export function scrapRow(change: Partial<ScrapRow> = {}): ScrapRow {
  return {
    period: '2026-03-02',
    plant: 'W1',
    unit: 'PC',
    basis: 'operation',
    good_qty: null,
    scrap_qty: 20,
    rework_qty: 0,
    produced_qty: 1000,
    outside_calendar_qty: 0,
    confirmations: 4,
    scrap_rate: 0.02,
    target: 0.025,
    ...change,
  };
}

export function scrapReasonRow(
  change: Partial<components['schemas']['ScrapReasonRow']> = {},
): components['schemas']['ScrapReasonRow'] {
  return {
    key: 'S1',
    text: 'Surface',
    plant: 'W1',
    unit: 'PC',
    scrap_qty: 12,
    confirmations: 3,
    share: 0.6,
    cumulative_share: 0.6,
    ...change,
  };
}
