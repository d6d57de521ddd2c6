import type { EChartsOption } from 'echarts';
import type { ChartContext } from '../charts/chart-context';
import { frame, percentAxis } from '../charts/options';
import { STATE_DECALS } from '../charts/palette';
import { percent } from '../format/format';
import type { QualityAnswer } from './verdict';

type ShareRow = QualityAnswer['shares']['rows'][number];

/** In rem; two bars per machine. */
export function sharesHeight(rows: number): number {
  return 4.5 + Math.max(rows, 2) * 2.25;
}

/** Shares of planned busy time without a reason or a class, per machine, the greatest first. */
export function sharesOption(rows: readonly ShareRow[], ctx: ChartContext): EChartsOption {
  const sorted = worstFirst(rows);
  const base = frame({ legend: true }, ctx);
  return {
    ...base,
    grid: { ...base.grid, left: 4, right: 56 },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'shadow' },
      confine: true,
      valueFormatter: (value) => percent(value as number | null, ctx.locale),
    },
    xAxis: percentAxis(ctx, { min: 0 }),
    yAxis: {
      type: 'category',
      inverse: true,
      data: sorted.map(rowLabel),
      axisTick: { show: false },
      axisLabel: { fontSize: ctx.isKiosk ? 16 : 12, interval: 0, width: 120, overflow: 'truncate' },
    },
    series: [
      bar('unexplained', $localize`:@@quality.unexplained:unexplained`, sorted, ctx),
      bar('unclassified', $localize`:@@quality.unclassified:unclassified`, sorted, ctx),
    ],
  };
}

/** In the order of the bars. */
export function worstFirst(rows: readonly ShareRow[]): ShareRow[] {
  const share = (row: ShareRow) =>
    Math.max(row.unexplained_share ?? 0, row.unclassified_share ?? 0);
  return [...rows].sort((a, b) => share(b) - share(a));
}

function bar(
  what: 'unexplained' | 'unclassified',
  name: string,
  rows: readonly ShareRow[],
  ctx: ChartContext,
) {
  return {
    type: 'bar' as const,
    name,
    data: rows.map((row) => row[`${what}_share`]),
    itemStyle: { color: ctx.palette.states[what], decal: STATE_DECALS[what] },
    barMaxWidth: 14,
    label: {
      show: true,
      position: 'right' as const,
      fontSize: ctx.isKiosk ? 14 : 10,
      color: ctx.palette.muted,
      formatter: ({ value }: { value: unknown }) => percent(value as number | null, ctx.locale),
    },
  };
}

function rowLabel({ plant, work_center, name }: ShareRow, _: number, all: ShareRow[]): string {
  const label = name || work_center;
  const isAlone = all.filter((row) => (row.name || row.work_center) === label).length === 1;
  return isAlone ? label : `${label} · ${plant}`;
}
