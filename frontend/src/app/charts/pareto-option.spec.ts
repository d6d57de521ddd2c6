import type { BarSeriesOption, LineSeriesOption } from 'echarts';
import { CONTEXT } from '../../testing/rows';
import { MOST_BARS, Pareto, ParetoBar, paretoHeight, paretoOption, paretoWords } from './pareto-option';

const ctx = CONTEXT;

function bar(label: string, value: number, change: Partial<ParetoBar> = {}): ParetoBar {
  return { label, value, share: value / 10, cumulative: value / 10, ...change };
}

function pareto(bars: readonly ParetoBar[], vital = 1): Pareto {
  return { bars, vital, unit: 'h', text: (value) => value.toFixed(1) };
}

function seriesOf(given: Pareto): { bars: BarSeriesOption; line: LineSeriesOption } {
  const [bars, line] = paretoOption(given, ctx).series as [BarSeriesOption, LineSeriesOption];
  return { bars, line };
}

interface Axis {
  type: string;
  data?: string[];
  inverse?: boolean;
  max?: number;
  axisLabel: { formatter: (label: string, index: number) => string };
}

describe('paretoOption', () => {
  const long = [
    bar('Tool breakage', 6, { sub: 'technical', cumulative: 0.6, colour: '#c24e00' }),
    bar('Jam', 4, { cumulative: 1, isChosen: true }),
  ];

  it('lays bars with long names down, the greatest on top', () => {
    const { xAxis, yAxis } = paretoOption(pareto(long), ctx) as unknown as {
      xAxis: Axis[];
      yAxis: Axis;
    };
    expect(yAxis).toMatchObject({ type: 'category', inverse: true, data: ['Tool breakage', 'Jam'] });
    expect(xAxis.map((axis) => axis.type)).toEqual(['value', 'value']);
    expect(xAxis[1]?.max).toBe(1);
    expect(yAxis.axisLabel.formatter('Tool breakage', 0)).toBe(
      'Tool breakage\n{sub|6.0\u00a0h · technical}',
    );
  });

  it('has bars with short names stand', () => {
    const option = paretoOption(pareto([bar('0010', 6), bar('0020', 4)]), ctx);
    expect(option.xAxis).toMatchObject({ type: 'category', inverse: false });
  });

  it('shows the vital few in full colour, and marks what was clicked', () => {
    const data = seriesOf(pareto(long)).bars.data as {
      value: number;
      itemStyle: Record<string, unknown>;
    }[];
    expect(data.map(({ value }) => value)).toEqual([6, 4]);
    expect(data[0]?.itemStyle).toMatchObject({ color: '#c24e00', opacity: 1, borderWidth: 0 });
    expect(data[1]?.itemStyle).toMatchObject({ opacity: 0.45, borderWidth: 2 });
  });

  it('draws what they add up to, with the line at 80 %', () => {
    const { line } = seriesOf(pareto(long));
    expect(line.data).toEqual([0.6, 1]);
    expect(line.xAxisIndex).toBe(1);
    expect(line.markLine?.data).toEqual([{ xAxis: 0.8 }]);
  });

  it('tells many bars in one that stands for the rest', () => {
    const bars = Array.from({ length: MOST_BARS + 5 }, (_, index) => bar(`R${index}`, 1));
    const { bars: series, line } = seriesOf(pareto(bars));
    expect(series.data?.length).toBe(MOST_BARS);
    expect((series.data?.at(-1) as { value: number }).value).toBe(6);
    expect(line.data?.length).toBe(MOST_BARS);
  });

  it('escapes names in what is shown on a bar', () => {
    const option = paretoOption(pareto([bar('<b>Jam</b> & more', 1)]), ctx);
    const { formatter } = option.tooltip as { formatter: (given: unknown) => string };
    expect(formatter([{ dataIndex: 0 }])).toContain('&#60;b&#62;Jam');
    expect(formatter([])).toBe('');
  });
});

describe('beside a Pareto', () => {
  it('more bars take more room', () => {
    const few = paretoHeight([bar('Tool breakage', 1)]);
    expect(paretoHeight(Array.from({ length: 20 }, () => bar('Tool breakage', 1)))).toBeGreaterThan(
      few,
    );
  });

  it('words tell the greatest three', () => {
    const bars = ['A', 'B', 'C', 'D'].map((label) => bar(label, 2));
    expect(paretoWords(pareto(bars), 'en-GB')).toBe(
      'A 2.0\u00a0h (20.0%); B 2.0\u00a0h (20.0%); C 2.0\u00a0h (20.0%)',
    );
  });
});
