import type { BarSeriesOption, LineSeriesOption } from 'echarts';
import { scrapRow } from '../../testing/drill';
import { CONTEXT } from '../../testing/rows';
import { trendOption, trendPoints } from './trend-option';

const ctx = { ...CONTEXT, language: 'de' as const, locale: 'de-DE' };

const TREND = [
  scrapRow({ period: '2026-03-02' }),
  scrapRow({ period: '2026-03-02', unit: 'KG', scrap_qty: 1.5 }),
  scrapRow({ period: '2026-03-03', unit: 'KG' }),
  scrapRow({ period: '2026-03-04', scrap_rate: null, scrap_qty: 0, produced_qty: 0 }),
];

describe('trendPoints', () => {
  it('has a gap where a unit was not made', () => {
    const points = trendPoints(TREND, 'PC');
    expect(points.map(({ period, row }) => [period, row?.scrap_qty ?? null])).toEqual([
      ['2026-03-02', 4],
      ['2026-03-03', null],
      ['2026-03-04', 0],
    ]);
  });

  it('keeps shifts of a day apart', () => {
    const trend = ['early', 'late'].map((shift) => scrapRow({ period: '2026-03-02', shift }));
    expect(trendPoints(trend, 'PC').length).toBe(2);
  });
});

describe('trendOption of scrap', () => {
  const option = trendOption(trendPoints(TREND, 'PC'), 'PC', 0.025, 'day', ctx);
  const [bars, line] = option?.series as [BarSeriesOption, LineSeriesOption];

  it('shows nothing as a gap, never as zero', () => {
    expect(line.data).toEqual([0.02, null, null]);
    expect(line.connectNulls).toBe(false);
    expect(bars.data).toEqual([4, null, 0]);
  });

  it('has the target as a line, and room for it', () => {
    expect(line.markLine?.data).toEqual([{ yAxis: 0.025 }]);
    const [rates] = option?.yAxis as { min: number; max: number }[];
    expect(rates?.min).toBe(0);
    expect(rates?.max).toBeCloseTo(0.03);
  });

  it('writes days as the language does', () => {
    expect((option?.xAxis as { data: string[] }).data[0]).toBe('2. März');
  });

  it('is nothing when the unit was not made at all', () => {
    expect(trendOption(trendPoints(TREND, 'M'), 'M', null, 'day', ctx)).toBeNull();
  });
});
