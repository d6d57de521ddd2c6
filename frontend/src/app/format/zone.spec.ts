import { instantToLocal, localToInstant } from './zone';

const BERLIN = 'Europe/Berlin';

describe('between the clock of a plant and instants', () => {
  it.each([
    ['2026-03-02T14:30', '2026-03-02T13:30:00Z'],
    ['2026-07-02T14:30', '2026-07-02T12:30:00Z'],
  ])('%s in Berlin is %s', (local, instant) => {
    expect(localToInstant(local, BERLIN)).toBe(instant);
    expect(instantToLocal(instant, BERLIN)).toBe(local);
  });

  it('takes the first of an hour that comes twice', () => {
    expect(localToInstant('2026-10-25T02:30', BERLIN)).toBe('2026-10-25T00:30:00Z');
  });

  it('goes on with the clock in an hour that is left out', () => {
    expect(localToInstant('2026-03-29T02:30', BERLIN)).toBe('2026-03-29T01:30:00Z');
  });

  it('knows zones on both sides of the world', () => {
    expect(localToInstant('2026-03-02T00:10', 'Pacific/Auckland')).toBe('2026-03-01T11:10:00Z');
    expect(localToInstant('2026-03-02T00:10', 'America/Los_Angeles')).toBe('2026-03-02T08:10:00Z');
  });

  it('takes nothing for nothing', () => {
    expect(localToInstant('', BERLIN)).toBeNull();
  });
});
