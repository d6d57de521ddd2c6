import type { Answer } from '../api/model';

export type HeatmapAnswer = Answer<'heatmap'>;
export type Cell = HeatmapAnswer['rows'][number];

export interface Scale {
  readonly min: number;
  readonly max: number;
  /** From `min` to `max`. */
  readonly colors: readonly string[];
}

/** Ratios are shown from a round one to a round one, so that colours mean the same for a while. */
const ROUND = { availability: 0.1, scrap_rate: 0.01, unplanned_down: 3600 } as const;

/**
 * Values that the colours span. The stronger the colour, the more is lost, whatever is shown: few
 * percent of availability are as strong as many of scrap.
 */
export function scaleOf(answer: HeatmapAnswer, ramp: readonly string[]): Scale {
  const { measure, rows } = answer;
  const values = rows.flatMap(({ value }) => (value === null ? [] : [value]));
  const step = ROUND[measure];
  // Ratios that are whole steps are so but for the last bit.
  const low = whole(Math.floor(Math.min(...values, Infinity) / step + 1e-9) * step);
  const high = whole(Math.ceil(Math.max(...values, -Infinity) / step - 1e-9) * step);
  const isRatio = measure !== 'unplanned_down';
  if (values.length === 0) return { min: 0, max: isRatio ? 1 : step, colors: ramp };
  if (measure === 'availability') {
    const max = Math.min(1, Math.max(high, whole(low + step)));
    return { min: Math.max(0, Math.min(low, whole(max - step))), max, colors: [...ramp].reverse() };
  }
  const max = Math.max(high, step);
  return { min: 0, max: isRatio ? Math.min(1, max) : max, colors: ramp };
}

function whole(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

/** The colour of a value, mixed as ECharts does. */
export function colorAt(value: number, { min, max, colors }: Scale): [number, number, number] {
  const position = Math.min(1, Math.max(0, (value - min) / (max - min || 1))) * (colors.length - 1);
  const index = Math.min(Math.floor(position), colors.length - 2);
  const [from, to] = [rgb(colors[index] ?? '#000000'), rgb(colors[index + 1] ?? '#000000')];
  const mix = (channel: 0 | 1 | 2) =>
    from[channel] + (to[channel] - from[channel]) * (position - index);
  return [mix(0), mix(1), mix(2)];
}

/** Black or white, whichever stands out from a colour. */
export function textOn(color: readonly [number, number, number]): string {
  const [red, green, blue] = color.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return luminance > 0.179 ? '#000000' : '#ffffff';
}

function rgb(hex: string): [number, number, number] {
  const value = parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
