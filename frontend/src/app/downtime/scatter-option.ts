import type { EChartsOption } from 'echarts';
import type { Answer } from '../api/model';
import type { ChartContext } from '../charts/chart-context';
import { escapeHtml, frame, numberAxis, timeAxis } from '../charts/options';
import * as format from '../format/format';

type StopRow = Answer<'stops'>['rows'][number];

/** A stop as a whole; rows of the API are its parts by day and shift. */
export interface StopPoint {
  readonly row: StopRow;
  readonly start: number;
  readonly minutes: number;
  readonly attributedMinutes: number;
}

/** Beyond these, machines are not told apart by colour and shape. */
const MOST_MACHINES = 6;
const SYMBOLS = [
  ...['circle', 'rect', 'triangle', 'diamond'],
  // A cross, and a triangle that stands on its tip.
  'path://M0,3H3V0H6V3H9V6H6V9H3V6H0Z',
  'path://M0,0H10L5,9Z',
];

export function stopPoints(rows: readonly StopRow[]): StopPoint[] {
  const points = new Map<string, StopPoint>();
  for (const row of rows) {
    const key = [row.plant, row.work_center, row.interaction_id].join('|');
    const known = points.get(key);
    const start = Math.min(Date.parse(row.started_at), known?.start ?? Infinity);
    const end = Math.max(
      Date.parse(row.ended_at),
      known ? known.start + known.minutes * 60_000 : -Infinity,
    );
    points.set(key, {
      row: known && Date.parse(known.row.started_at) <= Date.parse(row.started_at) ? known.row : row,
      start,
      minutes: (end - start) / 60_000,
      attributedMinutes: row.attributed_seconds / 60 + (known?.attributedMinutes ?? 0),
    });
  }
  return [...points.values()];
}

/** When stops began against how long they took; a series per machine while these are few. */
export function scatterOption(
  points: readonly StopPoint[],
  days: { start: number; end: number },
  ctx: ChartContext,
): EChartsOption | null {
  if (points.length === 0) return null;
  const machines = [...new Set(points.map(machineOf))].sort();
  const isApart = machines.length > 1 && machines.length <= MOST_MACHINES;
  const groups = isApart ? machines : [''];
  const shared = frame({ legend: isApart }, ctx);
  return {
    ...shared,
    grid: { ...shared.grid, right: 28, top: isApart ? 60 : 32 },
    xAxis: {
      ...timeAxis(Math.min(days.start, ...points.map((point) => point.start)), days.end, ctx),
      splitLine: { show: false },
    },
    yAxis: { ...numberAxis(ctx), min: 0, name: 'min', nameGap: 10 },
    tooltip: {
      trigger: 'item',
      confine: true,
      formatter: (given: unknown) => tooltip(pointOf(given), ctx),
    },
    series: groups.map((machine, index) => ({
      type: 'scatter' as const,
      name: machine,
      symbol: SYMBOLS[index] ?? 'circle',
      symbolSize: 11,
      cursor: 'pointer',
      itemStyle: {
        color: ctx.palette.series[index] ?? ctx.palette.text,
        opacity: 0.75,
        borderColor: ctx.palette.ground,
        borderWidth: 1,
      },
      data: points
        .filter((point) => !isApart || machineOf(point) === machine)
        .map((point) => ({ value: [point.start, point.minutes], point })),
    })),
  };
}

/** The stop that a mark of the chart stands for. */
export function pointOf(event: unknown): StopPoint | null {
  const data: unknown =
    typeof event === 'object' && event !== null && 'data' in event ? event.data : null;
  return typeof data === 'object' && data !== null && 'point' in data
    ? (data.point as StopPoint)
    : null;
}

function machineOf({ row }: StopPoint): string {
  return `${row.plant} · ${row.name || row.work_center}`;
}

function tooltip(point: StopPoint | null, ctx: ChartContext): string {
  if (!point) return '';
  const { row, minutes, attributedMinutes } = point;
  const length = format.decimal(minutes, ctx.locale, 1);
  const counted = format.decimal(attributedMinutes, ctx.locale, 1);
  return [
    `<strong>${escapeHtml(machineOf(point))}</strong>`,
    escapeHtml(format.instant(row.started_at, ctx.locale, ctx.zone)),
    escapeHtml($localize`:@@scatter.length:Length ${length}:MINUTES: min`),
    escapeHtml($localize`:@@scatter.counted:Counted ${counted}:MINUTES: min`),
  ].join('<br>');
}
