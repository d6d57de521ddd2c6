import * as format from './format';

const EN = 'en-GB';
const DE = 'de-DE';
const FR = 'fr-FR';
/** Spaces that do not break look like others in a failure. */
const plain = (text: string) => text.replace(/[\u00a0\u202f\u2009]/g, ' ');

describe('percent', () => {
  it.each([
    [0.888095, '88.8%'],
    [0.8885, '88.9%'],
    [0.02195, '2.2%'],
    [0.0005, '0.1%'],
    [1.005, '100.5%'],
    [-0.0005, '-0.1%'],
    [0, '0.0%'],
    [1, '100.0%'],
  ])('rounds %d to %s: half away from zero on the decimals that are written', (ratio, text) => {
    expect(format.percent(ratio, EN)).toBe(text);
  });

  it('writes as the language does', () => {
    expect(plain(format.percent(0.888, DE))).toBe('88,8 %');
    expect(plain(format.percent(0.888, FR))).toBe('88,8 %');
  });

  it.each([null, undefined, Number.NaN])('never shows %s as zero', (value) => {
    expect(format.percent(value, EN)).toBe('–');
  });
});

describe('points and percentChange', () => {
  it('bear their sign', () => {
    expect(format.points(0.0123, EN)).toBe('+1.2');
    expect(format.points(-0.0123, DE)).toBe('-1,2');
    expect(format.percentChange(0.15, EN)).toBe('+15.0%');
  });

  it('have none where nothing is left after rounding', () => {
    expect(format.points(0.0001, EN)).toBe('0.0');
    expect(format.points(-0.0001, EN)).toBe('0.0');
  });
});

describe('quantity', () => {
  it('has no decimals that say nothing', () => {
    expect(format.quantity(19271, EN)).toBe('19,271');
    expect(plain(format.quantity(12.5, DE, 'KG'))).toBe('12,5 KG');
    expect(format.quantity(0.0005, EN)).toBe('0.001');
  });

  it('shows nothing without a unit', () => {
    expect(format.quantity(null, EN, 'PC')).toBe('–');
  });
});

describe('times', () => {
  it.each([
    [25_500, '7:05'],
    [42, '0:00:42'],
    [59.6, '0:01'],
    [3_599, '1:00'],
    [0, '0:00'],
    [-5_400, '−1:30'],
    [36_000_000, '10,000:00'],
  ])('clockDuration of %d s is %s', (seconds, text) => {
    expect(format.clockDuration(seconds, EN)).toBe(text);
  });

  it('are hours and minutes where asked for', () => {
    expect(format.hours(5_400, DE)).toBe('1,5');
    expect(format.minutes(2_820, EN, 1)).toBe('47.0');
    expect(format.inHours(null)).toBeNull();
    expect(format.inHours(1_800)).toBe(0.5);
  });
});

describe('days', () => {
  it('are the same wherever the browser is', () => {
    expect(format.day('2026-03-02', EN)).toBe('2 Mar 2026');
    expect(format.day('2026-03-02', DE)).toBe('2. März 2026');
    expect(format.day('2026-03-02', FR, 'long')).toBe('lundi 2 mars 2026');
    expect(format.day('2026-03-02', EN, 'axis')).toBe('2 Mar');
  });

  it('make ranges that say a month once', () => {
    expect(format.dayRange('2026-03-02', '2026-03-08', DE)).toBe('2.–8. März 2026');
    expect(format.dayRange('2026-03-02', '2026-03-02', EN)).toBe('2 Mar 2026');
  });

  it.each([
    ['2026-01-01', 'W1 2026'],
    ['2024-12-30', 'W1 2025'],
    ['2027-01-01', 'W53 2026'],
    ['2026-03-02', 'W10 2026'],
  ])('%s is in week %s of ISO 8601', (day, week) => {
    expect(plain(format.week(day, EN))).toBe(week);
  });

  it('have weeks and months of the language', () => {
    expect(plain(format.week('2026-03-02', DE))).toBe('KW 10 2026');
    expect(format.month('2026-03-01', DE)).toBe('März 2026');
    expect(format.weekdays(FR)[0]).toBe('lun.');
  });

  it('that are none are not shown', () => {
    expect(format.day('nonsense', EN)).toBe('–');
    expect(format.day(null, EN)).toBe('–');
  });
});

describe('instants', () => {
  it('are on the clock of the plant, in summer and in winter', () => {
    const berlin = (iso: string) => format.instant(iso, EN, 'Europe/Berlin');
    expect(berlin('2026-03-02T05:00:00Z')).toBe('2 Mar 2026, 06:00');
    expect(berlin('2026-07-02T05:00:00Z')).toBe('2 Jul 2026, 07:00');
  });

  it('show seconds where asked for', () => {
    expect(format.instant('2026-03-02T05:00:07Z', DE, 'Europe/London', 'seconds')).toBe(
      '2. März 2026, 05:00:07',
    );
  });

  it('name the zone where it is that of no plant', () => {
    expect(format.instant('2026-03-02T05:00:00Z', EN, 'UTC')).toBe('2 Mar 2026, 05:00 UTC');
  });

  it('have a time and a day of their own', () => {
    const late = Date.parse('2026-03-02T23:30:00Z');
    expect(format.timeOfDay(late, DE, 'Europe/Berlin')).toBe('00:30');
    expect(format.dayOfInstant(late, DE, 'Europe/Berlin')).toBe('3. März');
  });
});
