import { availabilityRow } from '../../testing/fixtures';
import { CONTEXT, plain } from '../../testing/rows';
import { steps, waterfallOption, waterfallRows } from './waterfall-option';

const ROW = availabilityRow({
  planned_operation_seconds: 28_800,
  planned_down_seconds: 3_600,
  planned_busy_seconds: 25_200,
  unplanned_down_seconds: 2_880,
  setup_seconds: 720,
  production_seconds: 21_600,
});

describe('the waterfall', () => {
  it('adds up: each bar begins where the one before ends', () => {
    const [pot, plan, pbt, down, setup, apt] = steps(ROW).map(({ start, seconds }) => ({
      start,
      end: start + seconds,
    }));
    expect(pot).toEqual({ start: 0, end: 28_800 });
    expect(plan).toEqual({ start: 25_200, end: pot?.end });
    expect(pbt).toEqual({ start: 0, end: plan?.start });
    expect(down?.end).toBe(pbt?.end);
    expect(setup?.end).toBe(down?.start);
    expect(apt).toEqual({ start: 0, end: setup?.start });
  });

  it('is in hours, with losses hung below what they are taken from', () => {
    const [base, bars] = waterfallOption(ROW, CONTEXT).series as {
      data: (number | { value: number; itemStyle: { decal?: object } })[];
    }[];
    expect(base?.data).toEqual([0, 7, 0, 6.2, 6, 0]);
    const drawn = bars?.data.map((bar) => (typeof bar === 'number' ? bar : bar.value));
    expect(drawn).toEqual([8, 1, 7, 0.8, 0.2, 6]);
  });

  it('names each bar with its hours and its share of planned operation time', () => {
    const { axisLabel } = waterfallOption(ROW, CONTEXT).yAxis as {
      axisLabel: { formatter: (name: string, index: number) => string };
    };
    const text = plain(axisLabel.formatter('', 3));
    expect(text).toContain('Unplanned downtime');
    expect(text).toContain('−0.8 h · 10.0%');
  });

  it('tells in the tooltip what of the downtime is technical', () => {
    const { formatter } = waterfallOption(availabilityRow(), CONTEXT).tooltip as {
      formatter: (params: object) => string;
    };
    expect(plain(formatter({ dataIndex: 3 }))).toContain('of which technical 0.8 h');
  });

  it('has the same figures in its table, and no share of nothing', () => {
    expect(waterfallRows(ROW).map((row) => row['seconds'])).toEqual([
      28_800, 3_600, 25_200, 2_880, 720, 21_600,
    ]);
    const nothing = availabilityRow({ planned_operation_seconds: 0 });
    expect(waterfallRows(nothing)[0]?.['share']).toBeNull();
  });
});
