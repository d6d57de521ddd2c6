import type { EChartsOption } from 'echarts';
import type { About, AvailabilityRow } from '../api/model';
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
import { Gap, coverageText, hatch } from './coverage';
import { Measure, measureParts, measureText } from './measures';

const SYMBOLS: Record<Measure, string> = {
  availability: 'circle',
  technical_availability: 'triangle',
  total_availability: 'rect',
};
const LINES: Record<Measure, 'solid' | 'dashed' | 'dotted'> = {
  availability: 'solid',
  technical_availability: 'dashed',
  total_availability: 'dotted',
};
const COLORS: Record<Measure, number> = {
  availability: 0,
  technical_availability: 1,
  total_availability: 2,
};
/** From here on points lie too close to each other to be zoomed by eye. */
const MANY = 45;

/**
 * Availability over time. Where nothing was delivered the line has a gap and the ground is hatched;
 * where a part was, the point is hollow. The first of `measures` is what the target is for.
 */
export function trendOption(
  rows: readonly AvailabilityRow[],
  about: Pick<About, 'grain'>,
  measures: readonly Measure[],
  ctx: ChartContext,
): EChartsOption {
  const gaps = (['none', 'partial'] as const).filter((gap) =>
    rows.some((row) => row.coverage === gap),
  );
  const isTargetConstant = new Set(rows.map((row) => row.target ?? null)).size === 1;
  const values = [
    ...measures.flatMap((measure) => rows.map((row) => row[measure])),
    ...rows.map((row) => row.target ?? null),
  ];
  // Big type has room for fewer labels.
  const limits = ratioLimits(values, ctx.isKiosk ? 5 : 10);
  return {
    ...frame({ legend: measures.length > 1 || gaps.length > 0, zoom: rows.length > MANY }, ctx),
    tooltip: {
      trigger: 'axis',
      confine: true,
      formatter: (params) => {
        const [first] = Array.isArray(params) ? params : [params];
        const row = rows[first?.dataIndex ?? -1];
        return row ? tooltip(row, about, measures, ctx) : '';
      },
    },
    xAxis: categoryAxis(
      rows.map((row) => periodLabel(row, about.grain, ctx)),
      ctx,
    ),
    yAxis: percentAxis(ctx, limits),
    series: [
      ...measures.map((measure, index) => ({
        type: 'line' as const,
        name: measureText(measure),
        color: ctx.palette.series[COLORS[measure]],
        lineStyle: { type: LINES[measure], width: index === 0 ? (ctx.isKiosk ? 4 : 2.5) : 1.5 },
        symbol: SYMBOLS[measure],
        symbolSize: ctx.isKiosk ? 11 : 7,
        showSymbol: rows.length <= MANY,
        showAllSymbol: true,
        z: 5 - index,
        data: rows.map((row) => ({
          value: row[measure],
          ...(row.coverage === 'partial' ? hollow(ctx, COLORS[measure]) : {}),
        })),
        ...(index === 0 && isTargetConstant ? { markLine: targetLine(rows[0]?.target, ctx) } : {}),
      })),
      ...(isTargetConstant ? [] : [targetSteps(rows, ctx)]),
      ...gaps.map((gap) => gapSeries(rows, gap, limits, ctx)),
    ],
  };
}

/** Room for all values, in whole steps; nearness to 100 % stays to be seen. */
export function ratioLimits(
  values: readonly (number | null)[],
  stepsPerWhole = 10,
): { min: number; max: number } {
  const known = values.filter((value): value is number => value !== null);
  if (known.length === 0) return { min: 0, max: 1 };
  const lowest = (Math.min(...known) - 0.05) * stepsPerWhole;
  const highest = Math.max(...known) * stepsPerWhole;
  return {
    min: Math.max(0, Math.floor(lowest + 1e-9) / stepsPerWhole),
    max: Math.max(1, Math.ceil(highest - 1e-9) / stepsPerWhole),
  };
}

function hollow(ctx: ChartContext, color: number) {
  return {
    itemStyle: {
      color: ctx.palette.ground,
      borderColor: ctx.palette.series[color],
      borderWidth: 2,
    },
    symbolSize: ctx.isKiosk ? 14 : 9,
  };
}

/** A target that changes within the days shown. */
function targetSteps(rows: readonly AvailabilityRow[], ctx: ChartContext) {
  return {
    type: 'line' as const,
    name: $localize`:@@availability.target:Target`,
    step: 'middle' as const,
    symbol: 'none',
    silent: true,
    color: ctx.palette.target,
    lineStyle: { type: 'dashed' as const, width: 1.5 },
    data: rows.map((row) => row.target ?? null),
  };
}

function gapSeries(
  rows: readonly AvailabilityRow[],
  gap: Gap,
  limits: { max: number },
  ctx: ChartContext,
) {
  return {
    type: 'bar' as const,
    name: coverageText(gap),
    itemStyle: hatch(gap, ctx),
    color: ctx.palette.muted,
    barWidth: '100%',
    barMaxWidth: 1_000,
    barGap: '-100%',
    z: 0,
    data: rows.map((row) => (row.coverage === gap ? limits.max : null)),
  };
}

function tooltip(
  row: AvailabilityRow,
  about: Pick<About, 'grain'>,
  measures: readonly Measure[],
  ctx: ChartContext,
): string {
  const title = escapeHtml(periodLabel(row, about.grain, ctx).replace('\n', ' · '));
  const lines = measures.map((measure) => {
    const [numerator, denominator] = measureParts(row, measure).map((seconds) =>
      format.hours(seconds, ctx.locale),
    );
    const ratio = row[measure];
    const parts = ratio === null ? '' : ` (${numerator} / ${denominator}\u00a0h)`;
    return `${measureText(measure)}: <b>${format.percent(ratio, ctx.locale)}</b>${parts}`;
  });
  if (row.target != null) {
    lines.push($localize`:@@chart.target:Target ${format.percent(row.target, ctx.locale)}:VALUE:`);
  }
  if (row.coverage !== 'full') {
    const hours = format.hours(row.uncovered_seconds, ctx.locale);
    lines.push(
      row.uncovered_seconds > 0
        ? $localize`:@@coverage.hours:${coverageText(row.coverage)}:COVERAGE:, ${hours}:HOURS: h are missing`
        : coverageText(row.coverage),
    );
  }
  return [`<b>${title}</b>`, ...lines].join('<br>');
}
