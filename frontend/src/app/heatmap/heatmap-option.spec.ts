import type { CustomSeriesOption, HeatmapSeriesOption } from 'echarts';
import { CONTEXT } from '../../testing/context';
import { heatmap } from '../../testing/views';
import { cellAt, heatmapOption } from './heatmap-option';

interface Item {
  value: number[];
  label: { color: string };
}

function build(change: Parameters<typeof heatmap>[0] = {}, width = 1_000) {
  const answer = heatmap(change);
  const option = heatmapOption(answer, width, CONTEXT);
  const [cells, missing] = option.series as [HeatmapSeriesOption, CustomSeriesOption];
  const axis = (which: 'xAxis' | 'yAxis') => (option[which] as { data: string[] }).data;
  return { answer, option, cells, missing, axis };
}

describe('a heatmap', () => {
  it('colours cells that have a figure, 0 too, and crosses out those that have none', () => {
    const { cells, missing } = build();
    expect((cells.data as Item[]).map(({ value }) => value)).toEqual([
      [0, 0, 0.8885],
      [1, 0, 0],
    ]);
    expect(missing.data).toEqual([
      [0, 1],
      [1, 1],
    ]);
  });

  it('calls days and machines by their names', () => {
    const { axis } = build();
    expect(axis('xAxis')).toEqual(['2 Mar', '3 Mar']);
    expect(axis('yAxis')).toEqual(['Press 1', 'Press 2']);
  });

  it('calls weeks and months what they are, where a column is one', () => {
    expect(build({ grain: 'week' }).axis('xAxis')[0]).toContain('W10');
    expect(build({ grain: 'month' }).axis('xAxis')[0]).toContain('Mar 2026');
  });

  it('takes weekdays and hours as they come', () => {
    const { axis } = build({
      kind: 'weekday_hour',
      grain: null,
      x: [{ key: '6', label: '06:00' }],
      y: [{ key: '1', label: 'Monday' }],
      rows: [{ x: '6', y: '1', value: 0.5, numerator: 1, denominator: 2 }],
    });
    expect([axis('xAxis'), axis('yAxis')]).toEqual([['06:00'], ['Monday']]);
  });

  it('calls machines by their codes where there is no room for names', () => {
    expect(build({}, 350).axis('yAxis')).toEqual(['M-101', 'M-102']);
    const y = [
      { key: 'W1/M-1', label: 'Hamburg · Press', plant: 'W1', work_center: 'M-1' },
      { key: 'W2/M-1', label: 'Lyon · Press', plant: 'W2', work_center: 'M-1' },
    ];
    expect(build({ y }, 350).axis('yAxis')).toEqual(['W1 M-1', 'W2 M-1']);
  });

  it('writes figures into cells where they fit, and not where they do not', () => {
    const { cells } = build();
    const formatter = cells.label?.formatter as (item: { value: number[] }) => string;
    expect(cells.label?.show).toBe(true);
    expect(formatter({ value: [0, 0, 0.8885] })).toBe('89');
    const x = Array.from({ length: 120 }, (_, day) => ({ key: `${day}`, label: `${day}` }));
    expect(build({ x }, 1_000).cells.label?.show).toBe(false);
  });

  it('has its scale above the cells, from value to value with their unit', () => {
    const { option } = build({ measure: 'unplanned_down', rows: [{ x: '2026-03-02', y: 'W1/M-101', value: 9_000, numerator: null, denominator: null }] });
    const scale = option.visualMap as { top: number; text: string[] };
    expect(scale.text).toEqual(['3\u00a0h', '0\u00a0h']);
    expect((option.grid as { top: number }).top).toBeGreaterThan(scale.top + 40);
  });

  it('tells a cell in words, and says where there is no data', () => {
    const { option } = build();
    const { formatter } = option.tooltip as { formatter: (item: object) => string };
    const text = formatter({ value: [0, 0, 0.8885] });
    for (const part of ['Press 1', '2 Mar', '88.9%', '6.22 h / 7.00 h']) expect(text).toContain(part);
    expect(formatter({ value: [0, 1] })).toContain('no data');
  });

  it('finds the cell of a click', () => {
    const { answer } = build();
    expect(cellAt([1, 0, 0], answer)).toBe(answer.rows[1]);
    expect(cellAt([5, 5], answer)).toBeNull();
    expect(cellAt(undefined, answer)).toBeNull();
  });
});
