import { META } from '../../testing/fixtures';
import { changed, daysOf, formatZoom, intervalOf, parseZoom, percentOf, productionDay } from './zoom';

const at = (iso: string) => Date.parse(iso);
const WHOLE = { start: at('2026-03-02T05:00Z'), end: at('2026-03-09T05:00Z') };
const HOUR = 3_600_000;

describe('what is zoomed to', () => {
  it('stands in the address and comes back from it', () => {
    const zoom = { start: at('2026-03-03T05:00Z'), end: at('2026-03-03T13:30Z') };
    const text = formatZoom(zoom, WHOLE);
    expect(text).toBe('2026-03-03T05:00Z/2026-03-03T13:30Z');
    expect(parseZoom(text, WHOLE)).toEqual(zoom);
  });

  it('is nothing where all is shown', () => {
    expect(formatZoom(WHOLE, WHOLE)).toBeNull();
  });

  it.each([
    null,
    '',
    'yesterday',
    '2026-03-03T05:00Z',
    '2026-03-03T13:00Z/2026-03-03T05:00Z',
    '2026-03-03T05:00Z/2026-03-03T05:01Z',
    '2026-02-03T05:00Z/2026-02-04T05:00Z',
  ])('is dropped if it is invalid or of another period: %s', (text) => {
    expect(parseZoom(text, WHOLE)).toBeNull();
  });

  it('is a part of the axis in percent', () => {
    const zoom = intervalOf({ start: 25, end: 50 }, WHOLE);
    expect(percentOf(zoom, WHOLE)).toEqual({ start: 25, end: 50 });
  });

  it('gets closer, wider and moves, but never beyond the period', () => {
    const half = changed(WHOLE, WHOLE, { factor: 0.5 });
    expect(half.end - half.start).toBe(84 * HOUR);
    expect(changed(half, WHOLE, { factor: 4 })).toEqual(WHOLE);
    expect(changed(half, WHOLE, { move: 3 }).end).toBe(WHOLE.end);
    expect(changed(half, WHOLE, { move: -3 }).start).toBe(WHOLE.start);
  });
});

describe('production days', () => {
  const [hamburg, lyon] = META.plants;
  if (!hamburg || !lyon) throw new Error('no plants');

  it('bear the date of their start', () => {
    expect(productionDay(at('2026-03-03T04:59Z'), hamburg)).toBe('2026-03-02');
    expect(productionDay(at('2026-03-03T05:00Z'), hamburg)).toBe('2026-03-03');
    expect(productionDay(at('2026-07-03T03:59Z'), hamburg)).toBe('2026-07-02');
  });

  it('of an interval are those of all plants, and no others than were asked for', () => {
    const bounds = { first_day: '2026-03-02', last_day: '2026-03-08' };
    const zoom = { start: at('2026-03-04T04:30Z'), end: at('2026-03-05T05:00Z') };
    expect(daysOf(zoom, [hamburg, lyon], bounds)).toEqual({ from: '2026-03-03', to: '2026-03-05' });
    expect(daysOf(zoom, [hamburg], bounds)).toEqual({ from: '2026-03-03', to: '2026-03-04' });
    expect(daysOf(WHOLE, [lyon], bounds)).toEqual({ from: '2026-03-02', to: '2026-03-08' });
    expect(daysOf(zoom, [], bounds)).toEqual({ from: '2026-03-02', to: '2026-03-08' });
  });
});
