import type { Answer } from '../api/model';
import type { ChartContext } from '../charts/chart-context';
import type { Pareto } from '../charts/pareto-option';
import * as format from '../format/format';

export const SCRAP_LEVELS = ['reason', 'material', 'work_center', 'operation'] as const;
export type ScrapLevel = (typeof SCRAP_LEVELS)[number];

/** An answer as a Pareto. Quantities are of one unit always: others are another answer. */
export function scrapPareto(answer: Answer<'scrap-pareto'>, ctx: ChartContext): Pareto {
  const plants = new Set(answer.rows.map((row) => row.plant));
  return {
    vital: answer.vital,
    unit: answer.unit ?? '',
    text: (value) => format.quantity(value, ctx.locale),
    bars: answer.rows.map((row) => ({
      label: row.text || row.key,
      sub: plants.size > 1 && row.plant ? row.plant : '',
      value: row.scrap_qty,
      share: row.share ?? null,
      cumulative: row.cumulative_share ?? null,
    })),
  };
}
