import type {
  CustomSeriesOption,
  CustomSeriesRenderItem,
  CustomSeriesRenderItemAPI,
  CustomSeriesRenderItemParams,
  EChartsOption,
} from 'echarts';
import type { ChartContext } from '../charts/chart-context';
import { frame } from '../charts/options';
import { MachineState, STATE_DECALS } from '../charts/palette';
import { day, timeOfDay } from '../format/format';
import { spanTooltip } from '../timeline/span-tooltip';
import { STATES, stateText } from '../timeline/state-text';
import { DayLane, Piece, TimelineAnswer } from './day-lanes';

export const LANE_HEIGHT = 30;
const TOP = 40;
const BOTTOM = 32;
const HOUR = 3_600_000;

/** Losses are the tallest and what is no time of work is but a line: told apart in grey, too. */
const HEIGHTS: Partial<Record<MachineState, number>> = {
  production: 0.5,
  unexplained: 0.5,
  planned: 0.5,
  outside_calendar: 0.1,
  no_data: 0.25,
};
const LOSS_HEIGHT = 0.76;

/** Pixels that the chart needs to be readable. */
export function lanesHeight(lanes: number): number {
  return TOP + BOTTOM + Math.max(lanes, 2) * LANE_HEIGHT;
}

/** What a machine did, day below day: what comes at the same time each day stands in a column. */
export function dayLanesOption(
  answer: TimelineAnswer,
  lanes: readonly DayLane[],
  pieces: readonly Piece[],
  ctx: ChartContext,
): EChartsOption {
  const base = frame({ legend: true }, ctx);
  const zone = answer.machines[0]?.time_zone ?? ctx.zone;
  const size = ctx.isKiosk ? 16 : 11;
  const longest = Math.max(24 * HOUR, ...lanes.map(({ start, end }) => end - start));
  const usual = lanes.find(({ start, end }) => end - start === 24 * HOUR) ?? lanes[0];
  return {
    ...base,
    animation: false,
    grid: { ...base.grid, top: TOP, bottom: 4, left: 4 },
    xAxis: {
      type: 'value',
      min: 0,
      max: longest,
      interval: 2 * HOUR,
      splitLine: { show: true },
      axisLabel: {
        fontSize: size,
        hideOverlap: true,
        formatter: (value: number) => timeOfDay((usual?.start ?? 0) + value, ctx.locale, zone),
      },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: lanes.map((lane) => lane.day),
      axisTick: { show: false },
      axisLabel: {
        fontSize: size,
        interval: 0,
        formatter: (value: string) => day(value, ctx.locale, 'axis'),
      },
    },
    tooltip: {
      trigger: 'item',
      confine: true,
      formatter: (params) => {
        const { value } = Array.isArray(params) ? { value: null } : params;
        const span = pieceSpan(value, answer);
        return span ? spanTooltip(span, answer, ctx.locale) : '';
      },
    },
    series: series(answer, pieces, ctx),
  };
}

/** The span that a bar is of. */
export function pieceSpan(value: unknown, answer: TimelineAnswer) {
  return Array.isArray(value) ? answer.spans[Number(value[3])] : undefined;
}

function series(
  answer: TimelineAnswer,
  pieces: readonly Piece[],
  ctx: ChartContext,
): CustomSeriesOption[] {
  const byState = new Map<MachineState, number[][]>();
  for (const { lane, from, to, span } of pieces) {
    const state = answer.spans[span]?.state;
    if (!state) continue;
    const found = byState.get(state) ?? [];
    found.push([lane, from, to, span]);
    byState.set(state, found);
  }
  return STATES.filter((state) => byState.has(state)).map((state) => ({
    type: 'custom' as const,
    id: state,
    name: stateText(state),
    itemStyle: { color: ctx.palette.states[state], decal: STATE_DECALS[state] },
    encode: { x: [1, 2], y: 0 },
    data: byState.get(state) ?? [],
    progressive: 0,
    renderItem: bar(state, ctx),
  }));
}

function bar(state: MachineState, ctx: ChartContext): CustomSeriesRenderItem {
  const share = HEIGHTS[state] ?? LOSS_HEIGHT;
  return (_: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI) => {
    const lane = api.value(0);
    const [left = 0, middle = 0] = api.coord([api.value(1), lane]);
    const [right = 0] = api.coord([api.value(2), lane]);
    const size = api.size?.([0, 1]);
    const laneHeight = Array.isArray(size) ? (size[1] ?? 0) : 0;
    const height = Math.max(2, laneHeight * share);
    const width = Math.max(0.8, right - left);
    return {
      type: 'rect',
      shape: { x: left, y: middle - height / 2, width, height },
      style: {
        fill: ctx.palette.states[state],
        decal: width > 3 ? STATE_DECALS[state] : undefined,
      },
    } as ReturnType<CustomSeriesRenderItem>;
  };
}
