import type { Meta } from '../api/model';
import type { ZoomRange } from '../charts/chart';
import { instantToLocal } from '../format/zone';

/** A part of the time shown, milliseconds since 1970. */
export interface Interval {
  readonly start: number;
  readonly end: number;
}

const MINUTE = 60_000;
export const SHORTEST = 10 * MINUTE;

/** The interval of an address, `2026-03-02T05:00Z/2026-03-02T13:00Z`, if it lies within what is shown. */
export function parseZoom(value: string | null, whole: Interval): Interval | null {
  const [start, end] = (value ?? '').split('/').map((each) => Date.parse(each));
  if (start === undefined || end === undefined || !(end - start >= SHORTEST)) return null;
  const isWithin = start >= whole.start - MINUTE && end <= whole.end + MINUTE;
  return isWithin ? clamped({ start, end }, whole) : null;
}

/** For an address; null where all is shown. */
export function formatZoom(zoom: Interval, whole: Interval): string | null {
  if (zoom.start <= whole.start + MINUTE && zoom.end >= whole.end - MINUTE) return null;
  return [zoom.start, zoom.end].map((each) => `${new Date(each).toISOString().slice(0, 16)}Z`).join('/');
}

export function intervalOf({ start, end }: ZoomRange, whole: Interval): Interval {
  const length = whole.end - whole.start;
  return { start: whole.start + (start / 100) * length, end: whole.start + (end / 100) * length };
}

export function percentOf({ start, end }: Interval, whole: Interval): ZoomRange {
  const length = whole.end - whole.start || 1;
  return {
    start: (100 * (start - whole.start)) / length,
    end: (100 * (end - whole.start)) / length,
  };
}

/** Larger or smaller about its middle, or moved by a part of its length, and never beyond the whole. */
export function changed(
  zoom: Interval,
  whole: Interval,
  { factor = 1, move = 0 }: { factor?: number; move?: number },
): Interval {
  const length = Math.max(SHORTEST, (zoom.end - zoom.start) * factor);
  if (length >= whole.end - whole.start) return whole;
  const middle = (zoom.start + zoom.end) / 2 + move * length;
  const start = Math.min(Math.max(middle - length / 2, whole.start), whole.end - length);
  return { start, end: start + length };
}

/** The production day of an instant in a plant: it bears the date of its start. */
export function productionDay(instant: number, plant: Meta['plants'][number]): string {
  const local = Date.parse(`${instantToLocal(new Date(instant), plant.time_zone)}Z`);
  const [hour, minute] = plant.day_starts.split(':').map(Number);
  return new Date(local - ((hour ?? 0) * 60 + (minute ?? 0)) * MINUTE).toISOString().slice(0, 10);
}

/** The production days that an interval touches in any of the plants, within those that are asked for. */
export function daysOf(
  { start, end }: Interval,
  plants: readonly Meta['plants'][number][],
  bounds: { first_day: string; last_day: string },
): { from: string; to: string } {
  const first = plants.map((plant) => productionDay(start, plant)).sort()[0];
  const last = plants.map((plant) => productionDay(end - 1, plant)).sort().at(-1);
  const within = (day: string | undefined, otherwise: string) =>
    day === undefined || day < bounds.first_day || day > bounds.last_day ? otherwise : day;
  return { from: within(first, bounds.first_day), to: within(last, bounds.last_day) };
}

function clamped({ start, end }: Interval, whole: Interval): Interval {
  return { start: Math.max(start, whole.start), end: Math.min(end, whole.end) };
}
