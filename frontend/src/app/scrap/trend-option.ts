import type { EChartsOption } from 'echarts';
import type { Grain, ScrapRow } from '../api/model';
import type { ChartContext } from '../charts/chart-context';
import {
  categoryAxis,
  escapeHtml,
  frame,
  numberAxis,
  percentAxis,
  periodLabel,
  targetLine,
} from '../charts/options';
import * as format from '../format/format';

/** A period of the trend, with the row of one unit; null: nothing was produced in that unit. */
export interface TrendPoint {
  readonly period: string;
  readonly shift: string | null;
  readonly row: ScrapRow | null;
}

/** All periods of a trend: those in which only other units were made are gaps of this one. */
export function trendPoints(trend: readonly ScrapRow[], unit: string): TrendPoint[] {
  const points = new Map<string, TrendPoint>();
  for (const row of trend) {
    const key = `${row.period} ${row.shift ?? ''}`;
    const known = points.get(key);
    points.set(key, {
      period: row.period ?? '',
      shift: row.shift ?? null,
      row: row.unit === unit ? row : (known?.row ?? null),
    });
  }
  return [...points.values()];
}

/** Scrap rate as a line with its target; the scrap itself as pale bars behind it. */
export function trendOption(
  points: readonly TrendPoint[],
  unit: string,
  target: number | null,
  grain: Grain,
  ctx: ChartContext,
): EChartsOption | null {
  if (points.every((point) => point.row === null)) return null;
  const shared = frame({ legend: true, zoom: points.length > 45 }, ctx);
  const mark = targetLine(target, ctx);
  const rates = points.map((point) => point.row?.scrap_rate ?? null);
  const highest = Math.max(target ?? 0, ...rates.map((rate) => rate ?? 0));
  return {
    ...shared,
    xAxis: categoryAxis(
      points.map((point) => periodLabel(point, grain, ctx)),
      ctx,
    ),
    yAxis: [
      percentAxis(ctx, { min: 0, max: Math.min(1, ceiling(highest * 1.15)) }),
      { ...numberAxis(ctx), min: 0, position: 'right' as const, splitLine: { show: false } },
    ],
    tooltip: {
      trigger: 'axis',
      confine: true,
      formatter: (given: unknown) => tooltip(points[indexOf(given)], unit, grain, ctx),
    },
    series: [
      {
        type: 'bar',
        name: $localize`:@@scrap.scrapIn:Scrap (${unit}:UNIT:)`,
        yAxisIndex: 1,
        barMaxWidth: 36,
        itemStyle: { color: ctx.palette.series[1], opacity: 0.28 },
        data: points.map((point) => point.row?.scrap_qty ?? null),
      },
      {
        type: 'line',
        name: $localize`:@@scrap.rate:Scrap rate (%)`,
        connectNulls: false,
        z: 4,
        color: ctx.palette.series[0],
        data: rates,
        ...(mark ? { markLine: mark } : {}),
      },
    ],
  };
}

function ceiling(ratio: number): number {
  const step = ratio > 0.2 ? 0.1 : ratio > 0.05 ? 0.02 : 0.01;
  return Math.max(step, Math.ceil(ratio / step - 1e-9) * step);
}

function tooltip(
  point: TrendPoint | undefined,
  unit: string,
  grain: Grain,
  ctx: ChartContext,
): string {
  if (!point) return '';
  const rate = format.percent(point.row?.scrap_rate, ctx.locale, 2);
  const scrap = format.quantity(point.row?.scrap_qty, ctx.locale);
  const produced = format.quantity(point.row?.produced_qty, ctx.locale, unit);
  return [
    `<strong>${escapeHtml(periodLabel(point, grain, ctx).replace('\n', ' '))}</strong>`,
    escapeHtml(rate),
    ...(point.row ? [escapeHtml(`${scrap} / ${produced}`)] : []),
  ].join('<br>');
}

function indexOf(given: unknown): number {
  const first: unknown = Array.isArray(given) ? given[0] : given;
  return typeof first === 'object' && first !== null && 'dataIndex' in first
    ? Number(first.dataIndex)
    : -1;
}
