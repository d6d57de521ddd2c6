import type { CustomSeriesOption } from 'echarts';
import { CONTEXT } from '../../testing/context';
import { META } from '../../testing/fixtures';
import { span, timeline } from '../../testing/views';
import { LIGHT } from '../charts/palette';
import { lanesOf } from './lanes';
import { spanTooltip } from './span-tooltip';
import { spanAt, stateTimelineOption } from './state-timeline-option';

interface Shape {
  type: string;
  shape?: { x: number; y: number; width: number; height: number };
  style: { fill: string; text?: string; decal?: object };
  children?: Shape[];
}

const PATTERN = 'pattern of technical';

function build(change: Parameters<typeof timeline>[0] = {}, width = 1_000) {
  const answer = timeline(change);
  const option = stateTimelineOption(
    {
      answer,
      spans: answer.spans,
      lanes: lanesOf(answer, META),
      fills: { ...LIGHT.states, technical: PATTERN },
      zone: 'Europe/Berlin',
      ticks: [answer.start],
      zoom: { start: 0, end: 100 },
      width,
    },
    CONTEXT,
  );
  const series = option.series as CustomSeriesOption[];
  const of = (id: string) => series.find((each) => each.id === id);
  return { answer, option, series, of };
}

/** Draws an item on a chart that is 1,000 wide, 40 per lane. */
function draw(series: CustomSeriesOption | undefined, index: number, from: number, to: number) {
  const item = (series?.data as number[][])[index];
  if (!item || !series?.renderItem) throw new Error('nothing to draw');
  const api = {
    value: (dimension: number) => item[dimension],
    coord: ([time, lane]: [number, number]) => [
      100 + (1_000 * (time - from)) / (to - from),
      lane * 40 + 20,
    ],
    size: () => [0, 40],
  };
  const params = { coordSys: { x: 100, width: 1_000 } };
  return (series.renderItem as (...all: unknown[]) => unknown)(params, api) as Shape | null;
}

describe('the chart of states', () => {
  it('has a series per state that occurs, named in words for the legend', () => {
    const { series } = build();
    expect(series.flatMap(({ name }) => name ?? [])).toEqual(['production', 'technical', 'set-up']);
  });

  it('puts spans on the lane of their machine', () => {
    const { of, answer } = build();
    const [, technical, setup] = answer.spans;
    expect(of('technical')?.data).toEqual([[1, technical?.start, technical?.end, 1]]);
    expect(of('setup')?.data).toEqual([[3, setup?.start, setup?.end, 2]]);
  });

  it('tells states apart by height and pattern, not by colour alone', () => {
    const { of, answer } = build();
    const production = draw(of('production'), 0, answer.start, answer.end);
    const technical = draw(of('technical'), 0, answer.start, answer.end);
    expect(production?.style.fill).toBe(LIGHT.states.production);
    expect(technical?.shape?.height).toBeGreaterThan(production?.shape?.height ?? 0);
    expect(technical?.style.fill).toBe(PATTERN);
    const narrow = draw(of('technical'), 0, answer.start, answer.start + 50 * 86_400_000);
    expect(narrow?.style.fill).toBe(LIGHT.states.technical);
  });

  it('draws what is shorter than a pixel, and nothing beyond its edges', () => {
    const { of, answer } = build();
    const day = answer.end - answer.start;
    const tiny = draw(of('technical'), 0, answer.start, answer.start + 5_000 * day);
    expect(tiny?.shape?.width).toBeCloseTo(0.8);
    expect(draw(of('technical'), 0, answer.end, answer.end + day)).toBeNull();
    const cut = draw(of('production'), 0, answer.start + 1_800_000, answer.end);
    expect(cut?.shape?.x).toBe(100);
  });

  it('has shifts behind, with their names where there is room', () => {
    const { of, answer } = build();
    const wide = draw(of('bands'), 0, answer.start, answer.end);
    const texts = wide?.children?.flatMap(({ style }) => style.text ?? []);
    expect(texts).toEqual(['early']);
    const narrow = draw(of('bands'), 0, answer.start, answer.start + 400 * 86_400_000);
    expect(narrow?.children?.length).toBe(1);
  });

  it('names machines at the side and lines above them', () => {
    const { option, of, answer } = build();
    const { axisLabel } = option.yAxis as { axisLabel: { formatter: (lane: string) => string } };
    expect(['0', '1'].map((lane) => axisLabel.formatter(lane))).toEqual(['', 'Press 1']);
    expect(draw(of('headings'), 0, answer.start, answer.end)?.style.text).toBe('Press line');
  });

  it('shows times on the clock of the plant, and days at midnight', () => {
    const { option } = build();
    const { axisLabel } = option.xAxis as unknown as {
      axisLabel: { formatter: (value: number) => string };
    };
    expect(axisLabel.formatter(Date.parse('2026-03-02T05:00Z'))).toBe('06:00');
    expect(axisLabel.formatter(Date.parse('2026-03-02T23:00Z'))).toBe('3 Mar');
  });

  it('finds the span of a click, and none on a shift', () => {
    const { answer, of } = build();
    expect(spanAt((of('technical')?.data as number[][])[0], answer.spans)).toBe(answer.spans[1]);
    expect(spanAt(undefined, answer.spans)).toBeNull();
  });
});

describe('a span in words', () => {
  it('has machine, reason, local times, zone, length and shift', () => {
    const text = spanTooltip(span(), timeline(), 'en-GB');
    const parts = ['Press 1', 'technical: T10 · Jam', '07:10:00', '07:57:00', 'Europe/Berlin', '0:47'];
    for (const part of parts) expect(text).toContain(part);
    expect(text).toContain('Shift early');
    expect(text).not.toContain('short states');
  });

  it('says how many states it stands for', () => {
    expect(spanTooltip(span({ merged: 12 }), timeline(), 'en-GB')).toContain('12 short states');
  });

  it('lets no text of the data become HTML', () => {
    const answer = timeline({ reasons: { T10: '<img src=x>' } });
    expect(spanTooltip(span(), answer, 'en-GB')).not.toContain('<img');
  });
});
