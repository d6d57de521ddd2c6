import type { Answer, Meta } from '../api/model';
import { localToInstant } from '../format/zone';

export type TimelineAnswer = Answer<'timeline'>;

const DAY = 86_400_000;

/** A production day, milliseconds since 1970. */
export interface DayLane {
  readonly day: string;
  readonly start: number;
  readonly end: number;
}

/** A part of a span that lies in one day; `from` and `to` count from the start of that day. */
export interface Piece {
  readonly lane: number;
  readonly from: number;
  readonly to: number;
  /** Index in the spans of the answer. */
  readonly span: number;
}

/** The production days shown, newest first; one of them may have 23 or 25 hours. */
export function dayLanes(
  { about, start }: Pick<TimelineAnswer, 'about' | 'start'>,
  plant: Meta['plants'][number] | undefined,
): DayLane[] {
  const lanes: DayLane[] = [];
  for (let day = about.first_day; day <= about.last_day; day = nextDay(day)) {
    lanes.push({
      day,
      start: dayStart(day, about.first_day, start, plant),
      end: dayStart(nextDay(day), about.first_day, start, plant),
    });
  }
  return lanes.reverse();
}

/** Spans cut at the boundaries of days. */
export function piecesOf(answer: Pick<TimelineAnswer, 'spans'>, lanes: readonly DayLane[]): Piece[] {
  return answer.spans.flatMap((span, index) =>
    lanes.flatMap(({ start, end }, lane) =>
      span.start < end && span.end > start
        ? [
            {
              lane,
              from: Math.max(span.start, start) - start,
              to: Math.min(span.end, end) - start,
              span: index,
            },
          ]
        : [],
    ),
  );
}

/** The day before so many days ago, but not before `first`. */
export function lastDays(first: string, last: string, most: number): string {
  const from = shifted(last, -(most - 1));
  return from < first ? first : from;
}

function dayStart(
  day: string,
  firstDay: string,
  firstStart: number,
  plant: Meta['plants'][number] | undefined,
): number {
  const instant = plant && localToInstant(`${day}T${plant.day_starts}`, plant.time_zone);
  if (instant) return Date.parse(instant);
  // Without what there is at the site, days are as long as they are as a rule.
  return firstStart + Date.parse(`${day}T00:00:00Z`) - Date.parse(`${firstDay}T00:00:00Z`);
}

function nextDay(day: string): string {
  return shifted(day, 1);
}

function shifted(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}
