import type { ChartContext } from './chart-context';
import * as options from './options';
import { LIGHT } from './palette';

const CONTEXT: ChartContext = {
  language: 'de',
  locale: 'de-DE',
  zone: 'Europe/Berlin',
  isDark: false,
  palette: LIGHT,
  isKiosk: false,
};
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

interface Box {
  top: number;
  bottom: number;
}

describe('frame', () => {
  it('leaves legend and zoom slider a place of their own', () => {
    const frame = options.frame({ legend: true, zoom: true }, CONTEXT);
    const grid = frame.grid as Box;
    const [slider] = frame.dataZoom as { bottom: number; height: number }[];
    expect(frame.legend).toMatchObject({ top: 0 });
    expect(grid.top).toBeGreaterThanOrEqual(40);
    expect(grid.bottom).toBeGreaterThan(slider!.bottom + slider!.height);
  });

  it('takes no room for what is not there', () => {
    const grid = options.frame({}, CONTEXT).grid as Box;
    expect(grid).toMatchObject({ top: 24, bottom: 8 });
  });

  it('has big type on a wallboard', () => {
    const frame = options.frame({}, { ...CONTEXT, isKiosk: true });
    expect(frame.textStyle).toEqual({ fontSize: 18 });
  });
});

describe('periodLabel', () => {
  it.each([
    ['shift', '2. März\nFrüh'],
    ['day', '2. März'],
    ['week', 'KW 10 2026'],
    ['month', 'März 2026'],
  ] as const)('of grain %s is in the language of the page', (grain, text) => {
    const row = { period: '2026-03-02', shift: 'Früh' };
    expect(plain(options.periodLabel(row, grain, CONTEXT))).toBe(text);
  });
});

describe('axes', () => {
  it('label ratios as percent with as many decimals as they need', () => {
    const { formatter } = options.percentAxis(CONTEXT).axisLabel;
    expect(plain(formatter(0.9))).toBe('90 %');
    expect(plain(formatter(0.925))).toBe('92,5 %');
  });

  it('label instants on the clock of the plant, with the day where there are several', () => {
    const start = Date.parse('2026-03-02T05:00:00Z');
    const oneDay = options.timeAxis(start, start + 86_400_000, CONTEXT);
    expect(oneDay.axisLabel.formatter(start)).toBe('06:00');
    const week = options.timeAxis(start, start + 7 * 86_400_000, CONTEXT);
    expect(week.axisLabel.formatter(start)).toBe('2. März\n06:00');
  });
});

describe('targetLine', () => {
  it('names its value, and is not there without one', () => {
    const line = options.targetLine(0.9, CONTEXT);
    expect(plain(line!.label.formatter)).toBe('Target 90,0 %');
    expect(line!.data).toEqual([{ yAxis: 0.9 }]);
    expect(options.targetLine(null, CONTEXT)).toBeUndefined();
  });

  it('stands where it is, however small', () => {
    expect(options.targetLine(0.025, CONTEXT)?.precision).toBeGreaterThanOrEqual(4);
  });
});

describe('escapeHtml', () => {
  it('makes texts from data harmless in tooltips', () => {
    expect(options.escapeHtml(`<img src=x onerror="a('b')">&`)).not.toMatch(/[<>"']/);
  });
});
