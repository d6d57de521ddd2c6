import { card } from '../../testing/fixtures';
import { CONTEXT, scrapRow } from '../../testing/rows';
import { evenScale, scrapTrendOption, unitsOf } from './scrap-trend-option';

interface Drawn {
  name: string;
  data: (number | null)[];
  lineStyle: { type: string };
  symbol: string;
  markLine?: { data: { yAxis: number }[] };
}

const ROWS = [
  scrapRow({ period: '2026-03-02', unit: 'KG', scrap_rate: 0.01 }),
  scrapRow({ period: '2026-03-02' }),
  scrapRow({ period: '2026-03-03', scrap_rate: 0.03 }),
  scrapRow({ period: '2026-03-04', unit: 'KG', scrap_rate: null }),
];

describe('scrapTrendOption', () => {
  const option = scrapTrendOption(ROWS, ['PC', 'KG'], { grain: 'day' }, CONTEXT);
  const [pieces, kilograms] = option.series as Drawn[];

  it('has a line per unit over all periods, with gaps where there is nothing', () => {
    expect((option.xAxis as { data: string[] }).data).toEqual(['2 Mar', '3 Mar', '4 Mar']);
    expect(pieces).toMatchObject({ name: 'PC', data: [0.02, 0.03, null] });
    expect(kilograms).toMatchObject({ name: 'KG', data: [0.01, null, null] });
  });

  it('tells units apart without colour', () => {
    expect(pieces?.lineStyle.type).not.toBe(kilograms?.lineStyle.type);
    expect(pieces?.symbol).not.toBe(kilograms?.symbol);
  });

  it('shows the target once, if there is one for all', () => {
    expect(pieces?.markLine?.data).toEqual([{ yAxis: 0.025 }]);
    expect(kilograms?.markLine).toBeUndefined();
    const mixed = [...ROWS, scrapRow({ period: '2026-03-05', target: 0.03 })];
    const [line] = scrapTrendOption(mixed, ['PC'], { grain: 'day' }, CONTEXT).series as Drawn[];
    expect(line?.markLine).toBeUndefined();
  });

  it('begins at zero and leaves room for the target', () => {
    const axis = option.yAxis as { min: number; max: number };
    expect(axis.min).toBe(0);
    expect(axis.max).toBeGreaterThan(0.025);
  });

  it('puts day and shift on the axis where the trend is by shift', () => {
    const row = scrapRow({ shift: 'early' });
    const { xAxis } = scrapTrendOption([row], ['PC'], { grain: 'shift' }, CONTEXT);
    expect((xAxis as { data: string[] }).data).toEqual(['2 Mar\nearly']);
  });

  it('makes units harmless in tooltips, which are HTML', () => {
    const rows = [scrapRow({ unit: '<b>' })];
    const { tooltip } = scrapTrendOption(rows, ['<b>'], { grain: 'day' }, CONTEXT);
    const { formatter } = tooltip as { formatter: (params: object) => string };
    expect(formatter([{ dataIndex: 0 }])).toContain('&#60;b&#62;');
  });
});

describe('evenScale', () => {
  it.each([
    [0, 6, 0.01, 0.005],
    [0.0225, 6, 0.03, 0.005],
    [0.064, 4, 0.08, 0.02],
    [0.11, 6, 0.15, 0.05],
    [0.99, 6, 1, 0.2],
    [0.99, 4, 1, 0.25],
  ])('of %f in %i steps ends at %f, a step is %f', (highest, most, max, interval) => {
    const scale = evenScale(highest, most);
    expect(scale.max).toBeCloseTo(max, 6);
    expect(scale.interval).toBe(interval);
  });
});

describe('unitsOf', () => {
  it('follows the cards, and leaves out what is not drawn', () => {
    const rate = (unit: string) => card({ name: 'scrap_rate', unit });
    const cards = [rate('KG'), rate('PC'), rate('M')];
    expect(unitsOf({ cards, scrap_trend: ROWS })).toEqual(['KG', 'PC']);
  });
});
