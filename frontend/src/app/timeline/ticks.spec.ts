import { isMidnight, ticks } from './ticks';

const at = (iso: string) => Date.parse(iso);
const iso = (values: readonly number[]) => values.map((value) => new Date(value).toISOString().slice(0, 16));

describe('ticks', () => {
  it('are round on the clock of the plant, not on that of UTC', () => {
    const found = ticks(at('2026-03-02T05:00Z'), at('2026-03-03T05:00Z'), 'Europe/Berlin', 5);
    expect(iso(found)).toEqual([
      '2026-03-02T05:00',
      '2026-03-02T11:00',
      '2026-03-02T17:00',
      '2026-03-02T23:00',
      '2026-03-03T05:00',
    ]);
  });

  it('stay round where the clock is set forward and back', () => {
    for (const [start, end] of [
      ['2026-03-28T00:00Z', '2026-03-31T00:00Z'],
      ['2026-10-24T00:00Z', '2026-10-27T00:00Z'],
    ] as const) {
      const found = ticks(at(start), at(end), 'Europe/Berlin', 3);
      expect(found.length).toBe(3);
      for (const each of found) expect(isMidnight(each, 'Europe/Berlin')).toBe(true);
    }
  });

  it('come in order and once, though the hour comes twice', () => {
    const found = ticks(at('2026-10-24T22:00Z'), at('2026-10-25T04:00Z'), 'Europe/Berlin', 8);
    expect(found).toEqual([...new Set(found)].sort((a, b) => a - b));
  });

  it('are never more than there is room for', () => {
    for (const hours of [0.2, 1, 7, 24, 100, 24 * 28, 24 * 366]) {
      const start = at('2026-01-05T05:17Z');
      const found = ticks(start, start + hours * 3_600_000, 'America/Chicago', 6);
      expect(found.length).toBeLessThanOrEqual(7);
      expect(found.length).toBeGreaterThan(0);
    }
  });
});
