import { META } from '../../testing/fixtures';
import { machine, span, timeline } from '../../testing/views';
import { lanesOf, laneOfMachine, refined } from './lanes';

const at = (iso: string) => Date.parse(iso);

describe('lanes of a timeline', () => {
  it('are machines as they come, below the names of their lines', () => {
    const lanes = lanesOf(timeline(), META);
    expect(lanes.map(({ label }) => label)).toEqual(['Press line', 'Press 1', 'Packing', 'Packer 1']);
    expect(laneOfMachine(lanes)).toEqual([1, 3]);
  });

  it('name the plant where there are several, and say where there is no line', () => {
    const machines = [machine(), machine({ plant: 'W2', line: '', name: '' })];
    const labels = lanesOf(timeline({ machines }), META).map(({ label }) => label);
    expect(labels).toEqual(['Hamburg · Press line', 'Press 1', 'Lyon · without a line', 'M-101']);
  });

  it('need no heading where there is one line', () => {
    expect(lanesOf(timeline({ machines: [machine()] }), undefined)).toEqual([
      { machine: 0, label: 'Press 1' },
    ]);
  });
});

describe('finer states', () => {
  const day = { start: at('2026-03-02T12:00Z'), end: at('2026-03-03T12:00Z') };
  const coarse = timeline({
    pixel: 600_000,
    spans: [
      span({ start: at('2026-03-02T10:00Z'), end: at('2026-03-02T13:00Z'), merged: 9 }),
      span({ start: at('2026-03-02T20:00Z'), end: at('2026-03-02T21:00Z'), merged: 7 }),
      span({ start: at('2026-03-03T11:00Z'), end: at('2026-03-03T15:00Z'), merged: 5 }),
    ],
  });

  it('replace those of their days, and cut what reaches into them', () => {
    const finer = timeline({
      ...day,
      pixel: 60_000,
      machines: [machine({ work_center: 'P-201' }), machine()],
      spans: [span({ machine: 1, start: at('2026-03-02T20:10Z'), end: at('2026-03-02T20:40Z') })],
    });
    const found = refined(coarse, finer);
    expect(found.map(({ start, end, merged }) => [start, end, merged])).toEqual([
      [at('2026-03-02T10:00Z'), day.start, 9],
      [day.end, at('2026-03-03T15:00Z'), 5],
      [at('2026-03-02T20:10Z'), at('2026-03-02T20:40Z'), 1],
    ]);
    // The second answer counts its machines on its own.
    expect(found.at(-1)?.machine).toBe(0);
  });

  it('are taken only if they are finer', () => {
    expect(refined(coarse, timeline({ ...day, pixel: 600_000 }))).toBe(coarse.spans);
    expect(refined(coarse, undefined)).toBe(coarse.spans);
  });
});
