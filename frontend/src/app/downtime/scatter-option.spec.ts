import type { ScatterSeriesOption } from 'echarts';
import { stopRow } from '../../testing/fixtures';
import { CONTEXT } from '../../testing/rows';
import { pointOf, scatterOption, stopPoints } from './scatter-option';

const ctx = CONTEXT;
const DAYS = { start: Date.parse('2026-03-02T00:00:00Z'), end: Date.parse('2026-03-10T00:00:00Z') };

describe('stopPoints', () => {
  it('puts the parts of a stop together, whatever their order', () => {
    const early = stopRow({
      started_at: '2026-03-02T12:00:00Z',
      ended_at: '2026-03-02T14:00:00Z',
      attributed_seconds: 1_800,
    });
    const late = stopRow({
      started_at: '2026-03-02T12:00:00Z',
      ended_at: '2026-03-02T14:00:00Z',
      shift: 'late',
      attributed_seconds: 3_600,
    });
    for (const rows of [[early, late], [late, early]]) {
      const [point, ...others] = stopPoints(rows);
      expect(others).toEqual([]);
      expect(point).toMatchObject({ minutes: 120, attributedMinutes: 90 });
      expect(point?.start).toBe(Date.parse('2026-03-02T12:00:00Z'));
    }
  });

  it('keeps stops of the same number on other machines apart', () => {
    expect(stopPoints([stopRow(), stopRow({ work_center: 'M-105' })]).length).toBe(2);
  });
});

describe('scatterOption', () => {
  it('is nothing without stops', () => {
    expect(scatterOption([], DAYS, ctx)).toBeNull();
  });

  it('draws when against how long, a series with a shape of its own per machine', () => {
    const rows = [stopRow(), stopRow({ work_center: 'M-105', name: 'Press 5', interaction_id: 'I-2' })];
    const series = scatterOption(stopPoints(rows), DAYS, ctx)?.series as ScatterSeriesOption[];
    expect(series.map(({ name }) => name)).toEqual(['W1 · Press 4', 'W1 · Press 5']);
    expect(new Set(series.map(({ symbol }) => symbol)).size).toBe(2);
    expect(series[0]?.data).toMatchObject([{ value: [Date.parse('2026-03-02T06:10:00Z'), 47] }]);
  });

  it('does not tell many machines apart', () => {
    const rows = Array.from({ length: 8 }, (_, index) => stopRow({ work_center: `M-${index}`, name: '' }));
    const series = scatterOption(stopPoints(rows), DAYS, ctx)?.series as ScatterSeriesOption[];
    expect(series.length).toBe(1);
    expect(series[0]?.data?.length).toBe(8);
  });

  it('finds the stop of a mark again', () => {
    const [point] = stopPoints([stopRow()]);
    expect(pointOf({ data: { value: [0, 1], point } })).toBe(point);
    expect(pointOf({ data: null })).toBeNull();
  });

  it('tells the times of the plant on a mark', () => {
    const [point] = stopPoints([stopRow()]);
    const option = scatterOption(stopPoints([stopRow()]), DAYS, ctx);
    const { formatter } = option?.tooltip as { formatter: (given: unknown) => string };
    expect(formatter({ data: { point } })).toContain('2 Mar 2026, 07:10');
  });
});
