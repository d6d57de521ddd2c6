import type { ChartContext } from '../charts/chart-context';
import type { Pareto } from '../charts/pareto-option';
import type { Answer, ReasonRow } from '../api/model';
import { reasonClassText } from '../filters/filter-text';
import * as format from '../format/format';

/** What bars are as long as: time in hours or minutes, or the number of stops. */
export const MEASURES = ['hours', 'minutes', 'stops'] as const;
export type Measure = (typeof MEASURES)[number];

export const LEVELS = ['class', 'reason', 'work_center'] as const;
export type Level = (typeof LEVELS)[number];

const SECONDS: Record<Measure, number> = { hours: 3600, minutes: 60, stops: 1 };

/** An answer as a Pareto; `reasonCode` is the reason that is looked into. */
export function downtimePareto(
  answer: Answer<'downtime-pareto'>,
  measure: Measure,
  reasonCode: string | null,
  ctx: ChartContext,
): Pareto {
  const plants = new Set(answer.rows.map((row) => row.plant));
  return {
    vital: answer.vital,
    unit: measure === 'hours' ? 'h' : measure === 'minutes' ? 'min' : '',
    text: (value) => format.decimal(value, ctx.locale, measure === 'hours' ? 1 : 0),
    bars: answer.rows.map((row) => ({
      label: rowLabel(row),
      sub: subLabel(row, plants.size > 1),
      value: measure === 'stops' ? row.stops : row.attributed_seconds / SECONDS[measure],
      share: row.share ?? null,
      cumulative: row.cumulative_share ?? null,
      ...(row.reason_class ? { colour: ctx.palette.classes[row.reason_class] } : {}),
      isChosen: reasonCode !== null && row.reason_code === reasonCode,
    })),
  };
}

export function rowLabel(row: ReasonRow): string {
  if (row.work_center) return row.name || row.work_center;
  if (row.reason_code) return row.reason_text || row.reason_code;
  return row.reason_class ? reasonClassText(row.reason_class) : '';
}

function subLabel(row: ReasonRow, hasPlants: boolean): string {
  if (row.work_center) return hasPlants ? (row.plant ?? '') : '';
  return row.reason_code && row.reason_class ? reasonClassText(row.reason_class) : '';
}
