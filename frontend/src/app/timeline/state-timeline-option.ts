import type {
  CustomSeriesOption,
  CustomSeriesRenderItem,
  CustomSeriesRenderItemAPI,
  CustomSeriesRenderItemParams,
  EChartsOption,
} from 'echarts';
import type { ZoomRange } from '../charts/chart';
import type { ChartContext } from '../charts/chart-context';
import { frame } from '../charts/options';
import type { MachineState } from '../charts/palette';
import { dayOfInstant, timeOfDay } from '../format/format';
import { Lane, Span, TimelineAnswer, laneOfMachine } from './lanes';
import { spanTooltip } from './span-tooltip';
import type { Fill, Fills } from './state-fill';
import { STATES, stateText } from './state-text';
import { isMidnight } from './ticks';

export interface StateTimelineData {
  readonly answer: TimelineAnswer;
  readonly spans: readonly Span[];
  readonly lanes: readonly Lane[];
  readonly fills: Fills;
  /** IANA zone of the axis. */
  readonly zone: string;
  readonly ticks: readonly number[];
  readonly zoom: ZoomRange;
  /** Of the chart, CSS pixels. */
  readonly width: number;
}

export const LANE_HEIGHT = 40;
/** Of the name of a shift, above the states. */
const NAME_HEIGHT = 9;
const TOP = 40;
const BOTTOM = 84;

/** Pixels that the chart needs to be readable. */
export function chartHeight(lanes: number): number {
  return TOP + BOTTOM + Math.max(lanes, 2) * LANE_HEIGHT;
}

/**
 * How much of its lane a state fills. Losses are the tallest and what is no time of work is but a
 * line: so they are told apart in grey, too.
 */
const HEIGHTS: Partial<Record<MachineState, number>> = {
  production: 0.58,
  unexplained: 0.58,
  planned: 0.58,
  outside_calendar: 0.1,
  no_data: 0.24,
};
const LOSS_HEIGHT = 0.84;

/** States of machines over time: a lane per machine, a bar per state, shifts behind them. */
export function stateTimelineOption(data: StateTimelineData, ctx: ChartContext): EChartsOption {
  const { answer, lanes, zone } = data;
  const size = ctx.isKiosk ? 16 : 11;
  const base = frame({ legend: true, zoom: true }, ctx);
  return {
    ...base,
    animation: false,
    grid: {
      ...base.grid,
      top: TOP,
      bottom: 52,
      left: 4,
    },
    dataZoom: [
      {
        ...{ type: 'slider', bottom: 8, height: 24, showDataShadow: false, brushSelect: false },
        ...{ filterMode: 'weakFilter', minValueSpan: 600_000, ...data.zoom },
        labelFormatter: (value: number) => label(value, zone, ctx, ' '),
      },
      {
        ...{ type: 'inside', zoomOnMouseWheel: 'ctrl', moveOnMouseWheel: false },
        ...{ filterMode: 'weakFilter', minValueSpan: 600_000, ...data.zoom },
      },
    ],
    xAxis: {
      type: 'time',
      min: answer.start,
      max: answer.end,
      splitLine: { show: true },
      axisTick: { show: true, customValues: [...data.ticks] },
      axisLabel: {
        fontSize: size,
        hideOverlap: true,
        customValues: [...data.ticks],
        formatter: (value: number) => label(value, zone, ctx, '\n'),
      },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      triggerEvent: true,
      data: lanes.map((_, lane) => String(lane)),
      axisTick: { show: false },
      axisLabel: {
        fontSize: ctx.isKiosk ? 16 : 12,
        interval: 0,
        hideOverlap: false,
        width: data.width > 0 && data.width < 560 ? 76 : 140,
        overflow: 'truncate',
        formatter: (lane: string) => {
          const shown = lanes[Number(lane)];
          return shown?.machine === null ? '' : (shown?.label ?? '');
        },
      },
    },
    tooltip: { trigger: 'item', confine: true, formatter: (item) => tooltip(item, data, ctx) },
    series: [bands(data, ctx), headings(data, ctx), ...states(data, ctx)],
  };
}

/** The span that a click of the chart was on. */
export function spanAt(value: unknown, spans: readonly Span[]): Span | null {
  return Array.isArray(value) ? (spans[Number(value[3])] ?? null) : null;
}

function states(data: StateTimelineData, ctx: ChartContext): CustomSeriesOption[] {
  const laneOf = laneOfMachine(data.lanes);
  const byState = new Map<MachineState, number[][]>();
  data.spans.forEach((span, index) => {
    const lane = laneOf[span.machine];
    if (lane === undefined) return;
    const value = [lane, span.start, span.end, index];
    const found = byState.get(span.state);
    if (found) found.push(value);
    else byState.set(span.state, [value]);
  });
  return STATES.filter((state) => byState.has(state)).map((state) => ({
    type: 'custom' as const,
    id: state,
    name: stateText(state),
    itemStyle: { color: data.fills[state] },
    encode: { x: [1, 2], y: 0 },
    data: byState.get(state) ?? [],
    progressive: 0,
    renderItem: bar(state, ctx.palette.states[state], data.fills[state]),
    z: 3,
  }));
}

/** Of narrow bars nobody sees the pattern, and there may be thousands. */
const NARROW = 5;

function bar(state: MachineState, color: string, fill: Fill): CustomSeriesRenderItem {
  const share = HEIGHTS[state] ?? LOSS_HEIGHT;
  return (params, api) => {
    const box = placed(params, api);
    if (!box) return null;
    const room = box.laneHeight - NAME_HEIGHT;
    const height = Math.max(2, room * share);
    const y = box.middle + NAME_HEIGHT / 2 - height / 2;
    return {
      type: 'rect',
      shape: { x: box.x, width: box.width, y, height },
      style: { fill: box.width > NARROW ? fill : color },
    } as ReturnType<CustomSeriesRenderItem>;
  };
}

/** Shifts: every second one is shaded, each begins with a line and its name where there is room. */
function bands({ answer, lanes }: StateTimelineData, ctx: ChartContext): CustomSeriesOption {
  const laneOf = laneOfMachine(lanes);
  const seen = new Map<number, number>();
  const data = answer.bands.flatMap(({ machine, start, end }, index) => {
    const lane = laneOf[machine];
    if (lane === undefined) return [];
    const count = seen.get(machine) ?? 0;
    seen.set(machine, count + 1);
    return [[lane, start, end, index, count % 2]];
  });
  return {
    type: 'custom',
    id: 'bands',
    silent: true,
    tooltip: { show: false },
    encode: { x: [1, 2], y: 0 },
    data,
    progressive: 0,
    z: 1,
    renderItem: (params, api) => {
      const box = placed(params, api);
      if (!box) return null;
      const top = box.middle - box.laneHeight / 2 + 1;
      const name = answer.bands[Number(api.value(3))]?.shift ?? '';
      const shape = { x: box.x, y: top, width: box.width, height: box.laneHeight - 2 };
      const { muted } = ctx.palette;
      return {
        type: 'group',
        children: [
          { type: 'rect', shape, style: { fill: muted, opacity: api.value(4) ? 0.13 : 0.05 } },
          // Many narrow ones would be all lines.
          ...(box.width >= 12
            ? [
                {
                  type: 'rect' as const,
                  shape: { ...shape, width: 1 },
                  style: { fill: muted, opacity: 0.5 },
                },
              ]
            : []),
          ...(box.width > 8 * name.length && box.laneHeight >= 30
            ? [
                {
                  type: 'text' as const,
                  style: { text: name, x: box.x + 3, y: top, fill: muted, fontSize: NAME_HEIGHT },
                },
              ]
            : []),
        ],
      } as ReturnType<CustomSeriesRenderItem>;
    },
  };
}

/** Names of lines above their machines. */
function headings({ answer, lanes }: StateTimelineData, ctx: ChartContext): CustomSeriesOption {
  return {
    type: 'custom',
    id: 'headings',
    silent: true,
    tooltip: { show: false },
    encode: { x: [1, 2], y: 0 },
    data: lanes.flatMap(({ machine }, lane) =>
      machine === null ? [[lane, answer.start, answer.end]] : [],
    ),
    z: 2,
    renderItem: (params, api) => {
      const box = placed(params, api);
      if (!box) return null;
      return {
        type: 'text',
        style: {
          text: lanes[Number(api.value(0))]?.label ?? '',
          x: box.x + 4,
          y: box.middle + box.laneHeight / 2 - 6,
          fill: ctx.palette.text,
          font: `600 ${ctx.isKiosk ? 18 : 13}px system-ui, sans-serif`,
          textVerticalAlign: 'bottom',
        },
      };
    },
  };
}

interface Box {
  readonly x: number;
  readonly width: number;
  readonly middle: number;
  readonly laneHeight: number;
}

/** Where an item lies, cut at the edges of the chart; null: outside. */
function placed(params: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI): Box | null {
  const lane = api.value(0);
  const [from = 0, middle = 0] = api.coord([api.value(1), lane]);
  const [to = 0] = api.coord([api.value(2), lane]);
  const area = params.coordSys as unknown as { x: number; width: number };
  const size = api.size?.([0, 1]);
  const left = Math.max(from, area.x);
  const right = Math.min(Math.max(to, from + 0.8), area.x + area.width);
  if (right <= left) return null;
  const laneHeight = Array.isArray(size) ? (size[1] ?? 0) : 0;
  return { x: left, width: right - left, middle, laneHeight };
}

function label(value: number, zone: string, ctx: ChartContext, between: string): string {
  const isDay = isMidnight(value, zone);
  const time = timeOfDay(value, ctx.locale, zone);
  if (between === '\n') return isDay ? dayOfInstant(value, ctx.locale, zone) : time;
  return `${dayOfInstant(value, ctx.locale, zone)}${between}${time}`;
}

function tooltip(item: unknown, data: StateTimelineData, ctx: ChartContext): string {
  const { value } = item as { value?: unknown };
  const span = spanAt(value, data.spans);
  return span ? spanTooltip(span, data.answer, ctx.locale) : '';
}
