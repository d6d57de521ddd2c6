import { availabilityRow } from '../../testing/fixtures';
import { CONTEXT } from '../../testing/rows';
import { MEASURES } from './measures';
import { ratioLimits, trendOption } from './trend-option';

interface Point {
  value: number | null;
  itemStyle?: object;
}

interface Drawn {
  type: string;
  name: string;
  data: Point[];
  step?: string;
  markLine?: { data: { yAxis: number }[] };
}

const ROWS = [
  availabilityRow({ period: '2026-03-02', availability: 0.8 }),
  availabilityRow({ period: '2026-03-03', availability: 0.7, coverage: 'partial', uncovered_seconds: 3600 }),
  availabilityRow({ period: '2026-03-04', availability: null, coverage: 'none', uncovered_seconds: 7200 }),
];
const draw = (rows = ROWS, measures = MEASURES, ctx = CONTEXT) => {
  const option = trendOption(rows, { grain: 'day' }, measures, ctx);
  return { option, series: option.series as Drawn[] };
};

describe('trendOption', () => {
  it('has a line per measure, with a gap where nothing was delivered', () => {
    const { option, series } = draw();
    expect((option.xAxis as { data: string[] }).data).toEqual(['2 Mar', '3 Mar', '4 Mar']);
    expect(series.slice(0, 3).map((each) => each.name)).toEqual([
      'Availability',
      'Technical availability',
      'Total availability',
    ]);
    expect(series[0]?.data.map((point) => point.value)).toEqual([0.8, 0.7, null]);
  });

  it('shows what was not wholly delivered: hollow points, hatched ground, words', () => {
    const { option, series } = draw();
    expect(series[0]?.data.map((point) => 'itemStyle' in point)).toEqual([false, true, false]);
    const gaps = series.filter((each) => each.type === 'bar');
    expect(gaps.map((each) => each.name)).toEqual(['nothing delivered', 'partly delivered']);
    expect(gaps[0]?.data).toEqual([null, null, 1]);
    expect(gaps[1]?.data).toEqual([null, 1, null]);
    const { formatter } = option.tooltip as { formatter: (params: object) => string };
    expect(formatter([{ dataIndex: 1 }])).toContain('partly delivered, 1.0 h are missing');
  });

  it('hatches nothing where all was delivered', () => {
    const { option, series } = draw(ROWS.slice(0, 1), ['availability']);
    expect(series.length).toBe(1);
    expect(option.legend).toEqual({ show: false });
  });

  it('has the target once, as steps if it changes', () => {
    expect(draw().series[0]?.markLine?.data).toEqual([{ yAxis: 0.9 }]);
    expect(draw().series[1]?.markLine).toBeUndefined();
    const changed = [...ROWS, availabilityRow({ period: '2026-03-05', target: 0.85 })];
    const { series } = draw(changed);
    expect(series[0]?.markLine).toBeUndefined();
    expect(series.find((each) => each.step)?.data).toEqual([0.9, 0.9, 0.9, 0.85]);
  });

  it('tells what a ratio is made of', () => {
    const { formatter } = draw().option.tooltip as { formatter: (params: object) => string };
    expect(formatter([{ dataIndex: 0 }])).toContain('Availability: <b>80.0%</b> (6.2 / 7.0');
  });

  it('can be zoomed where there are many periods', () => {
    const many = Array.from({ length: 60 }, () => availabilityRow());
    expect(draw(many).option.dataZoom).not.toEqual([]);
    expect(draw().option.dataZoom).toEqual([]);
  });
});

describe('ratioLimits', () => {
  it.each([
    [[0.72, 0.9], 0.6, 1],
    [[0.02], 0, 1],
    [[null], 0, 1],
    [[0.95, null, 1], 0.9, 1],
    [[1.12], 1, 1.2],
  ])('of %j are %f and %f', (values, min, max) => {
    const limits = ratioLimits(values);
    expect(limits.min).toBeCloseTo(min);
    expect(limits.max).toBeCloseTo(max);
  });
});
