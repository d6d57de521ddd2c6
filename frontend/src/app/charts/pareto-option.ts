import type { EChartsOption } from 'echarts';
import * as format from '../format/format';
import type { ChartContext } from './chart-context';
import { escapeHtml, frame, numberAxis, percentAxis } from './options';

/** What has a bar; the greatest first. */
export interface ParetoBar {
  readonly label: string;
  /** A second line below the label: the class of a reason, the plant of a machine. */
  readonly sub?: string;
  readonly value: number;
  readonly share: number | null;
  readonly cumulative: number | null;
  readonly colour?: string;
  /** What has been clicked. */
  readonly isChosen?: boolean;
}

export interface Pareto {
  readonly bars: readonly ParetoBar[];
  /** Bars that make up 80 %. */
  readonly vital: number;
  /** What is counted, `h`, `PC`. */
  readonly unit: string;
  /** A value as it is written; without its unit. */
  readonly text: (value: number) => string;
}

/** More bars than these are told in one that stands for the rest. */
export const MOST_BARS = 25;
const VITAL_SHARE = 0.8;
const LONG_LABEL = 8;
const MOST_UPRIGHT = 12;

/** Bars with the share they add up to, the line at 80 %, and those that make it up in full colour. */
export function paretoOption(pareto: Pareto, ctx: ChartContext): EChartsOption {
  const bars = drawn(pareto.bars);
  const isLying = liesDown(pareto.bars);
  const small = ctx.isKiosk ? 14 : 11;
  const categories = {
    type: 'category' as const,
    data: bars.map((bar) => bar.label),
    inverse: isLying,
    axisTick: { show: false },
    axisLabel: {
      interval: 0,
      hideOverlap: false,
      fontSize: ctx.isKiosk ? 16 : 12,
      width: isLying ? (ctx.isKiosk ? 240 : 150) : undefined,
      overflow: 'truncate' as const,
      color: ctx.palette.text,
      formatter: (label: string, index: number) => {
        const bar = bars[index];
        if (!bar) return label;
        const value = withUnit(pareto, bar.value);
        return `${bar.label}\n{sub|${[value, bar.sub].filter(Boolean).join(' · ')}}`;
      },
      rich: { sub: { fontSize: small, lineHeight: small + 5, color: ctx.palette.muted } },
    },
  };
  const amounts = { ...numberAxis(ctx), min: 0, name: pareto.unit, nameLocation: 'end' as const };
  const shares = {
    ...percentAxis(ctx, { min: 0, max: 1 }),
    interval: 0.2,
    splitLine: { show: false },
    position: isLying ? ('top' as const) : ('right' as const),
  };
  const shared = frame({}, ctx);
  return {
    ...shared,
    grid: { ...shared.grid, top: 28, right: 28, bottom: 8 },
    xAxis: isLying ? [{ ...amounts, name: '', position: 'bottom' as const }, shares] : categories,
    yAxis: isLying ? categories : [amounts, shares],
    tooltip: {
      trigger: 'axis',
      confine: true,
      axisPointer: { type: 'shadow' },
      formatter: (given: unknown) => tooltip(pareto, bars[indexOf(given)], ctx),
    },
    series: [
      {
        type: 'bar',
        name: $localize`:@@pareto.amount:Amount`,
        barMaxWidth: isLying ? 26 : 64,
        barCategoryGap: '30%',
        cursor: 'pointer',
        emphasis: { focus: 'none' },
        data: bars.map((bar, index) => ({
          value: bar.value,
          itemStyle: {
            color: bar.colour ?? ctx.palette.series[0],
            opacity: index < pareto.vital ? 1 : 0.45,
            borderColor: ctx.palette.text,
            borderWidth: bar.isChosen ? 2 : 0,
          },
        })),
      },
      {
        type: 'line',
        name: $localize`:@@pareto.cumulative:Cumulative share`,
        ...(isLying ? { xAxisIndex: 1 } : { yAxisIndex: 1 }),
        silent: true,
        symbol: 'circle',
        symbolSize: 6,
        z: 4,
        color: ctx.palette.text,
        // With a rim, so that it is seen on bars, too.
        lineStyle: {
          width: 1.75,
          color: ctx.palette.text,
          shadowColor: ctx.palette.ground,
          shadowBlur: 3,
        },
        itemStyle: { borderColor: ctx.palette.ground, borderWidth: 1 },
        data: bars.map((bar) => bar.cumulative),
        markLine: {
          silent: true,
          symbol: 'none',
          lineStyle: { type: 'dashed', color: ctx.palette.target, width: 1.5 },
          label: { show: false },
          data: [isLying ? { xAxis: VITAL_SHARE } : { yAxis: VITAL_SHARE }],
        },
      },
    ],
  };
}

/** Rem: bars that lie need room below each other. */
export function paretoHeight(bars: readonly ParetoBar[]): number {
  return liesDown(bars) ? Math.max(12, 4 + drawn(bars).length * 2.75) : 22;
}

/** The greatest three in words, for those who do not see the bars. */
export function paretoWords(pareto: Pareto, locale: string): string {
  const first = pareto.bars
    .slice(0, 3)
    .map((bar) => `${bar.label} ${withUnit(pareto, bar.value)} (${format.percent(bar.share, locale)})`);
  return first.join('; ');
}

function liesDown(bars: readonly ParetoBar[]): boolean {
  return bars.length > MOST_UPRIGHT || bars.some((bar) => bar.label.length > LONG_LABEL);
}

function drawn(bars: readonly ParetoBar[]): readonly ParetoBar[] {
  if (bars.length <= MOST_BARS) return bars;
  const rest = bars.slice(MOST_BARS - 1);
  const count = rest.length;
  return [
    ...bars.slice(0, MOST_BARS - 1),
    {
      label: $localize`:@@pareto.rest:${count}:COUNT: more`,
      value: rest.reduce((sum, bar) => sum + bar.value, 0),
      share: rest.reduce((sum, bar) => sum + (bar.share ?? 0), 0),
      cumulative: rest.at(-1)?.cumulative ?? null,
    },
  ];
}

function withUnit(pareto: Pareto, value: number): string {
  return [pareto.text(value), pareto.unit].filter(Boolean).join('\u00a0');
}

function tooltip(pareto: Pareto, bar: ParetoBar | undefined, ctx: ChartContext): string {
  if (!bar) return '';
  const share = format.percent(bar.share, ctx.locale);
  const cumulative = format.percent(bar.cumulative, ctx.locale);
  return [
    `<strong>${escapeHtml(bar.label)}</strong>`,
    ...(bar.sub ? [escapeHtml(bar.sub)] : []),
    `${escapeHtml(withUnit(pareto, bar.value))} · ${escapeHtml(share)}`,
    escapeHtml($localize`:@@pareto.adds:adds up to ${cumulative}:SHARE:`),
  ].join('<br>');
}

function indexOf(given: unknown): number {
  const first: unknown = Array.isArray(given) ? given[0] : given;
  return typeof first === 'object' && first !== null && 'dataIndex' in first
    ? Number(first.dataIndex)
    : -1;
}
