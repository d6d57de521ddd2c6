import { about, META } from '../../testing/fixtures';
import { CONTEXT } from '../../testing/rows';
import { dayLanes, lastDays, piecesOf, TimelineAnswer } from './day-lanes';
import { dayLanesOption, pieceSpan } from './day-lanes-option';

const HOUR = 3_600_000;
const at = (instant: string) => Date.parse(instant);
const span = (start: string, end: string, state: TimelineAnswer['spans'][number]['state']) => ({
  machine: 0,
  start: at(start),
  end: at(end),
  state,
  reason_code: '',
  interaction_id: '',
  merged: 1,
});

function timeline(first_day: string, last_day: string, spans: TimelineAnswer['spans']): TimelineAnswer {
  return {
    about: about({ first_day, last_day }),
    columns: [],
    start: at(`${first_day}T05:00:00Z`),
    end: at(`${last_day}T05:00:00Z`) + 24 * HOUR,
    pixel: 1000,
    machines: [
      {
        plant: 'W1',
        work_center: 'M-1',
        name: 'Press',
        line: 'L1',
        time_zone: 'Europe/Berlin',
        seconds: {},
      },
    ],
    spans,
    bands: [],
    reasons: {},
    rows: [],
  };
}

const [plant] = META.plants;

describe('dayLanes', () => {
  it('begin when the production day does, newest first', () => {
    const lanes = dayLanes(timeline('2026-03-02', '2026-03-03', []), plant);
    expect(lanes.map((lane) => lane.day)).toEqual(['2026-03-03', '2026-03-02']);
    expect(lanes[1]).toMatchObject({
      start: at('2026-03-02T05:00:00Z'),
      end: at('2026-03-03T05:00:00Z'),
    });
  });

  it('know the day that lacks an hour', () => {
    // The night of 29 March: the clock goes from 2 to 3.
    const [lane] = dayLanes(timeline('2026-03-28', '2026-03-28', []), plant);
    expect((lane!.end - lane!.start) / HOUR).toBe(23);
  });

  it('stand even before it is known when days begin', () => {
    const lanes = dayLanes(timeline('2026-03-02', '2026-03-03', []), undefined);
    expect(lanes[0]?.start).toBe(at('2026-03-03T05:00:00Z'));
  });
});

describe('piecesOf', () => {
  it('cuts a state at the boundary of the day', () => {
    const answer = timeline('2026-03-02', '2026-03-03', [
      span('2026-03-03T03:00:00Z', '2026-03-03T07:00:00Z', 'technical'),
    ]);
    const pieces = piecesOf(answer, dayLanes(answer, plant));
    expect(pieces).toEqual([
      { lane: 0, from: 0, to: 2 * HOUR, span: 0 },
      { lane: 1, from: 22 * HOUR, to: 24 * HOUR, span: 0 },
    ]);
  });
});

describe('lastDays', () => {
  it('are not before the first day shown', () => {
    expect(lastDays('2026-01-01', '2026-03-08', 14)).toBe('2026-02-23');
    expect(lastDays('2026-03-02', '2026-03-08', 14)).toBe('2026-03-02');
  });
});

describe('dayLanesOption', () => {
  const answer = timeline('2026-03-02', '2026-03-03', [
    span('2026-03-02T05:00:00Z', '2026-03-02T06:00:00Z', 'production'),
    span('2026-03-02T06:00:00Z', '2026-03-02T07:00:00Z', 'setup'),
  ]);
  const lanes = dayLanes(answer, plant);
  const option = dayLanesOption(answer, lanes, piecesOf(answer, lanes), CONTEXT);

  it('has a series for each state that occurs, so that the legend names it', () => {
    const series = option.series as { name: string; data: number[][]; itemStyle: object }[];
    expect(series.map((each) => each.name)).toEqual(['production', 'set-up']);
    expect(series[1]?.data).toEqual([[1, HOUR, 2 * HOUR, 1]]);
    expect(pieceSpan(series[1]?.data[0], answer)?.state).toBe('setup');
    expect(pieceSpan(undefined, answer)).toBeUndefined();
  });

  it('tells the time of the plant along the bottom, and the days at the side', () => {
    const { xAxis, yAxis } = option as unknown as Record<
      'xAxis' | 'yAxis',
      { data: string[]; axisLabel: { formatter: (value: number | string) => string } }
    >;
    expect(xAxis.axisLabel.formatter(2 * HOUR)).toBe('08:00');
    expect(yAxis.data.map((value) => yAxis.axisLabel.formatter(value))).toEqual(['3 Mar', '2 Mar']);
  });
});
