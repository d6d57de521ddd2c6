import { instantToLocal } from '../format/zone';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  ...[1, 5, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7, 14, 28].map((days) => days * DAY),
];

/**
 * Round times on the clock of a zone between two instants, at most `most` of them: ECharts knows
 * only the zone of the browser and UTC. Where the clock is set, distances are those of the clock.
 */
export function ticks(start: number, end: number, zone: string, most: number): number[] {
  const step = STEPS.find((each) => (end - start) / each <= most) ?? 91 * DAY;
  const found: number[] = [];
  const wall = wallClock(start, zone);
  for (let tick = Math.ceil(wall / step) * step; ; tick += step) {
    const instant = instantAt(tick, start + (tick - wall), zone);
    if (instant > end) return found;
    if (instant >= start && instant !== found.at(-1)) found.push(instant);
  }
}

/** Whether the clock of the zone shows midnight. */
export function isMidnight(instant: number, zone: string): boolean {
  return instantToLocal(new Date(instant), zone).endsWith('T00:00');
}

/** What the clock shows, as if it were UTC. */
function wallClock(instant: number, zone: string): number {
  return Date.parse(`${instantToLocal(new Date(instant), zone)}Z`) + (instant % MINUTE);
}

/** The instant at which the clock shows `wall`, near a guess. */
function instantAt(wall: number, guess: number, zone: string): number {
  const first = guess + wall - wallClock(guess, zone);
  return first + wall - wallClock(first, zone);
}
