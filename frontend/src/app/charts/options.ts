import type { EChartsOption } from 'echarts';
import type { Grain } from '../api/model';
import * as format from '../format/format';
import type { ChartContext } from './chart-context';

/** Pieces of chart options that charts share. All are pure. */

interface Legs {
  /** There is a legend above. */
  legend?: boolean;
  /** There is a slider below to zoom with. */
  zoom?: boolean;
}

/**
 * Room for the chart itself: ECharts 6 lays a legend over the zoom slider unless both have a place
 * of their own, so the legend stands above and the slider below.
 */
export function frame({ legend = false, zoom = false }: Legs, ctx: ChartContext): EChartsOption {
  const size = ctx.isKiosk ? 18 : 12;
  return {
    textStyle: { fontSize: size },
    grid: {
      left: 8,
      right: 16,
      top: legend ? size * 2 + 20 : 24,
      bottom: zoom ? 52 : 8,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    legend: legend
      ? {
          show: true,
          type: 'scroll',
          top: 0,
          left: 0,
          right: 0,
          itemWidth: 18,
          itemHeight: 10,
          itemGap: 12,
          textStyle: { fontSize: size },
        }
      : { show: false },
    dataZoom: zoom
      ? [
          { type: 'slider', bottom: 8, height: 24, showDataShadow: false, brushSelect: false },
          { type: 'inside', zoomOnMouseWheel: 'ctrl', moveOnMouseWheel: false },
        ]
      : [],
    animationDuration: 300,
  };
}

/** How a period of the trend is called on an axis: a day, a week, a month, or day and shift. */
export function periodLabel(
  row: { period?: string | null; shift?: string | null },
  grain: Grain,
  ctx: ChartContext,
): string {
  switch (grain) {
    case 'month':
      return format.month(row.period, ctx.locale);
    case 'week':
      return format.week(row.period, ctx.locale);
    case 'day':
      return format.day(row.period, ctx.locale, 'axis');
    case 'shift':
      return `${format.day(row.period, ctx.locale, 'axis')}\n${row.shift ?? ''}`;
  }
}

/** Categories along the bottom. */
export function categoryAxis(labels: readonly string[], ctx: ChartContext) {
  return {
    type: 'category' as const,
    data: [...labels],
    // Labels of shifts have two lines, which would lie over each other.
    axisLabel: { fontSize: ctx.isKiosk ? 16 : 11, lineHeight: ctx.isKiosk ? 20 : 14 },
  };
}

/** Instants (milliseconds) along the bottom, labelled on the clock of the plant. */
export function timeAxis(start: number, end: number, ctx: ChartContext) {
  return {
    type: 'time' as const,
    min: start,
    max: end,
    axisLabel: {
      fontSize: ctx.isKiosk ? 16 : 11,
      // Of two lines, which would lie over each other otherwise.
      lineHeight: ctx.isKiosk ? 20 : 14,
      formatter: (value: number) => {
        const time = format.timeOfDay(value, ctx.locale, ctx.zone);
        const isOneDay = end - start <= 86_400_000 * 1.1;
        return isOneDay ? time : `${format.dayOfInstant(value, ctx.locale, ctx.zone)}\n${time}`;
      },
    },
  };
}

/** Ratios (0…1) at the side. */
export function percentAxis(ctx: ChartContext, limits: { min?: number; max?: number } = {}) {
  return {
    type: 'value' as const,
    ...limits,
    // Big type needs room.
    ...(ctx.isKiosk ? { splitNumber: 3 } : {}),
    axisLabel: {
      fontSize: ctx.isKiosk ? 16 : 11,
      formatter: (value: number) => format.percent(value, ctx.locale, shortPercent(value)),
    },
  };
}

/** Plain numbers at the side; times are given in hours (`inHours`), for which ticks are even. */
export function numberAxis(ctx: ChartContext) {
  return {
    type: 'value' as const,
    axisLabel: {
      fontSize: ctx.isKiosk ? 16 : 11,
      formatter: (value: number) => format.quantity(value, ctx.locale),
    },
  };
}

/** A dashed line at the target, with its value beside it. */
export function targetLine(target: number | null | undefined, ctx: ChartContext) {
  if (target === null || target === undefined) return undefined;
  return {
    silent: true,
    symbol: 'none',
    // ECharts rounds to two decimals: 2.5 % would stand at 3 %.
    precision: 6,
    lineStyle: { type: 'dashed' as const, color: ctx.palette.target, width: 1.5 },
    label: {
      position: 'insideEndTop' as const,
      color: ctx.palette.text,
      // A line of the chart may run behind it.
      backgroundColor: ctx.palette.ground,
      padding: [1, 4],
      fontSize: ctx.isKiosk ? 16 : 11,
      formatter: $localize`:@@chart.target:Target ${format.percent(target, ctx.locale)}:VALUE:`,
    },
    data: [{ yAxis: target }],
  };
}

/** Text from data that goes into a tooltip, which is HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function shortPercent(value: number): number {
  return Math.abs(value * 100 - Math.round(value * 100)) < 1e-9 ? 0 : 1;
}
