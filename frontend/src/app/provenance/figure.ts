import type { Answer } from '../api/model';
import type { Mart } from '../filters/provenance-link';

/** The figure that rows are behind, as its own view tells it, beside what the rows add up to. */
export interface Figure {
  readonly kind: 'seconds' | 'quantity';
  readonly name: 'stops' | 'scrap' | 'produced';
  readonly unit: string;
  /** null: no view tells it alone. */
  readonly shown: number | null;
  readonly rows: number;
  /** Seconds of scheduled breaks in the figure of all reasons; they are not in `shown`. */
  readonly breaks: number;
  /** null: there is nothing to compare with. */
  readonly isEqual: boolean | null;
}

export interface Shown {
  readonly reasons?: Answer<'downtime-pareto'> | undefined;
  readonly rate?: Answer<'scrap-rate'> | undefined;
  readonly scrap?: Answer<'scrap-pareto'> | undefined;
}

export interface Keys {
  readonly mart: Mart;
  readonly reason_code: string | null;
  readonly operation: string | null;
  readonly scrap_reason_code: string | null;
}

/** Scheduled breaks: the calendar has them, no row was delivered. */
const BREAK = '(break)';
/** Figures travel with three decimals. */
const NEGLIGIBLE = 0.0015;

export function isOfStops(mart: Mart): boolean {
  return mart === 'availability' || mart === 'downtime_reasons';
}

export function figuresOf(answer: Answer<'provenance'>, keys: Keys, shown: Shown): Figure[] {
  if (isOfStops(keys.mart)) {
    return answer.total_seconds == null
      ? []
      : [
          {
            ...figure('seconds', 'stops', '', secondsOf(shown.reasons, keys), answer.total_seconds),
            breaks: keys.reason_code === null ? breaksOf(shown.reasons) : 0,
          },
        ];
  }
  const { total_good_qty: good, total_scrap_qty: scrap, total_rework_qty: rework } = answer;
  const unit = answer.total_unit;
  if (!unit || good == null || scrap == null || rework == null) return [];
  const row = rateOf(shown.rate, keys, unit);
  const scrapShown =
    keys.mart === 'scrap_reasons' ? scrapOf(shown.scrap, keys, unit) : (row?.scrap_qty ?? null);
  const figures = [figure('quantity', 'scrap', unit, scrapShown, scrap)];
  if (keys.mart === 'scrap_reasons') return figures;
  // Whether rework is part of it is the site's choice: one of both is the figure.
  const sums = [good + scrap + rework, good + scrap];
  const produced =
    sums.find((sum) => row && Math.abs(sum - row.produced_qty) <= NEGLIGIBLE) ?? sums[0] ?? 0;
  return [...figures, figure('quantity', 'produced', unit, row?.produced_qty ?? null, produced)];
}

function figure(
  kind: Figure['kind'],
  name: Figure['name'],
  unit: string,
  shown: number | null,
  rows: number,
): Figure {
  const isEqual = shown === null ? null : Math.abs(shown - rows) <= NEGLIGIBLE;
  return { kind, name, unit, shown, rows, isEqual, breaks: 0 };
}

function secondsOf(reasons: Shown['reasons'], { reason_code }: Keys): number | null {
  if (!reasons) return null;
  return reasons.rows
    .filter((row) => row.reason_code !== BREAK)
    .filter((row) => reason_code === null || row.reason_code === reason_code)
    .reduce((sum, row) => sum + row.attributed_seconds, 0);
}

function breaksOf(reasons: Shown['reasons']): number {
  return reasons?.rows.find((row) => row.reason_code === BREAK)?.attributed_seconds ?? 0;
}

function rateOf(rate: Shown['rate'], { operation }: Keys, unit: string) {
  if (!rate) return undefined;
  const { basis } = rate.about;
  return operation === null
    ? rate.total.find((row) => row.unit === unit && row.basis === basis)
    : rate.rows.find((row) => row.unit === unit && row.operation === operation);
}

function scrapOf(scrap: Shown['scrap'], keys: Keys, unit: string): number | null {
  // Paretos are by reason or by operation, not by both.
  if (!scrap || scrap.unit !== unit) return null;
  const { level } = scrap;
  if (level === 'reason' && keys.operation !== null) return null;
  if (level === 'operation' && keys.scrap_reason_code !== null) return null;
  const key = level === 'reason' ? keys.scrap_reason_code : keys.operation;
  if (key === null) return scrap.total_qty;
  return scrap.rows.find((row) => row.key === key)?.scrap_qty ?? null;
}
