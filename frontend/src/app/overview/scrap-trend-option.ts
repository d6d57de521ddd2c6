import type { EChartsOption } from 'echarts';
import type { About, Answer, ScrapRow } from '../api/model';
import type { ChartContext } from '../charts/chart-context';
import {
  categoryAxis,
  escapeHtml,
  frame,
  percentAxis,
  periodLabel,
  targetLine,
} from '../charts/options';
import * as format from '../format/format';

const SYMBOLS = ['circle', 'diamond', 'triangle', 'rect'];
const LINES = ['solid', 'dashed', 'dotted'] as const;
const MANY = 45;

/** Periods of a trend that may have several lines each, one per unit: in order, each once. */
export function periodsOf(rows: readonly ScrapRow[]): ScrapRow[] {
  const seen = new Map<string, ScrapRow>();
  for (const row of rows) {
    const key = periodKey(row);
    if (!seen.has(key)) seen.set(key, row);
  }
  return [...seen.values()];
}

/** Units of the trend, the one with most confirmations first, as the cards have them. */
export function unitsOf({ cards, scrap_trend }: Pick<Answer<'overview'>, 'cards' | 'scrap_trend'>): string[] {
  const named = cards.flatMap(({ name, unit }) => (name === 'scrap_rate' && unit ? [unit] : []));
  const drawn = new Set(scrap_trend.map((row) => row.unit));
  return [...new Set([...named, ...drawn])].filter((unit) => drawn.has(unit));
}

/** Scrap rate over time, a line per unit: pieces of two units are never added up. */
export function scrapTrendOption(
  rows: readonly ScrapRow[],
  units: readonly string[],
  about: Pick<About, 'grain'>,
  ctx: ChartContext,
): EChartsOption {
  const periods = periodsOf(rows);
  const byUnit = units.map(
    (unit) =>
      new Map(rows.filter((row) => row.unit === unit).map((row) => [periodKey(row), row])),
  );
  const targets = new Set(rows.map((row) => row.target ?? null));
  const [target = null] = targets.size === 1 ? targets : [];
  return {
    ...frame({ legend: units.length > 1, zoom: periods.length > MANY }, ctx),
    tooltip: {
      trigger: 'axis',
      confine: true,
      formatter: (params) => {
        const [first] = Array.isArray(params) ? params : [params];
        const period = periods[first?.dataIndex ?? -1];
        if (!period) return '';
        const lines = byUnit.map((of, index) =>
          tooltipLine(of.get(periodKey(period)), units[index] ?? '', ctx),
        );
        const title = escapeHtml(periodLabel(period, about.grain, ctx).replace('\n', ' · '));
        return [`<b>${title}</b>`, ...lines].join('<br>');
      },
    },
    xAxis: categoryAxis(
      periods.map((row) => periodLabel(row, about.grain, ctx)),
      ctx,
    ),
    yAxis: {
      ...percentAxis(ctx, { min: 0 }),
      // The target is to be seen even where all is far below it.
      ...evenScale(
        Math.max(target ?? 0, ...rows.map((row) => row.scrap_rate ?? 0)),
        ctx.isKiosk ? 4 : 6,
      ),
    },
    series: byUnit.map((of, index) => ({
      type: 'line' as const,
      name: units[index] ?? '',
      // The first colour is that of availability.
      color: ctx.palette.series[(index + 1) % ctx.palette.series.length],
      lineStyle: { type: LINES[index % LINES.length] ?? 'solid', width: ctx.isKiosk ? 4 : 2.5 },
      symbol: SYMBOLS[index % SYMBOLS.length] ?? 'circle',
      symbolSize: ctx.isKiosk ? 11 : 7,
      showSymbol: periods.length <= MANY,
      showAllSymbol: true,
      data: periods.map((period) => of.get(periodKey(period))?.scrap_rate ?? null),
      ...(index === 0 ? { markLine: targetLine(target, ctx) } : {}),
    })),
  };
}

/**
 * End and steps of an axis of ratios that begins at zero, with room above the highest point; the
 * last step is as long as the others. There are `most` steps.
 */
export function evenScale(highest: number, most: number): { max: number; interval: number } {
  const wanted = Math.min(1, Math.max(highest * 1.15, 0.01));
  const interval = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2].find((step) => wanted / step <= most) ?? 0.25;
  return { max: Math.ceil(wanted / interval - 1e-9) * interval, interval };
}

function periodKey({ period, shift }: ScrapRow): string {
  return `${period ?? ''}/${shift ?? ''}`;
}

function tooltipLine(row: ScrapRow | undefined, unit: string, ctx: ChartContext): string {
  const name = escapeHtml(unit);
  if (!row) return `${name}: ${format.NO_VALUE}`;
  const scrap = format.quantity(row.scrap_qty, ctx.locale);
  const produced = format.quantity(row.produced_qty, ctx.locale, unit);
  const rate = format.percent(row.scrap_rate, ctx.locale, 2);
  return `${name}: <b>${rate}</b> (${scrap} / ${escapeHtml(produced)})`;
}
