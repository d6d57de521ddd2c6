import { heatmap } from '../../testing/views';
import { DARK, LIGHT } from '../charts/palette';
import { colorAt, scaleOf, textOn } from './scale';

const cell = (value: number | null) => ({ x: 'x', y: 'y', value, numerator: null, denominator: null });
const scale = (values: (number | null)[], measure: 'availability' | 'unplanned_down' | 'scrap_rate') =>
  scaleOf(heatmap({ measure, rows: values.map(cell) }), LIGHT.ramp);

describe('the scale of a heatmap', () => {
  it('goes from a round value to a round value', () => {
    expect(scale([0.62, 0.88, null], 'availability')).toMatchObject({ min: 0.6, max: 0.9 });
    expect(scale([0.6, 0.9], 'availability')).toMatchObject({ min: 0.6, max: 0.9 });
    expect(scale([0.012, 0.0301], 'scrap_rate')).toMatchObject({ min: 0, max: 0.04 });
    expect(scale([7_300], 'unplanned_down')).toMatchObject({ min: 0, max: 10_800 });
  });

  it('never leaves 0…100 %, and is never without a length', () => {
    expect(scale([1, 1], 'availability')).toMatchObject({ min: 0.9, max: 1 });
    expect(scale([0], 'availability')).toMatchObject({ min: 0, max: 0.1 });
    expect(scale([0], 'scrap_rate')).toMatchObject({ min: 0, max: 0.01 });
    expect(scale([], 'scrap_rate')).toMatchObject({ min: 0, max: 1 });
  });

  it('is the stronger the more is lost, for all figures', () => {
    const strongest = LIGHT.ramp.at(-1);
    expect(scale([0.5, 0.9], 'availability').colors[0]).toBe(strongest);
    expect(scale([0.01, 0.09], 'scrap_rate').colors.at(-1)).toBe(strongest);
  });
});

describe('a text on a colour', () => {
  it('can be read on every step of both ramps', () => {
    for (const colors of [LIGHT.ramp, DARK.ramp]) {
      for (let value = 0; value <= 1; value += 0.05) {
        const color = colorAt(value, { min: 0, max: 1, colors });
        expect(contrast(textOn(color), color)).toBeGreaterThan(4.5);
      }
    }
  });
});

function contrast(text: string, color: readonly number[]): number {
  const light = (rgb: readonly number[]) =>
    rgb
      .map((channel) => channel / 255)
      .map((share) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4))
      .reduce((sum, share, index) => sum + share * ([0.2126, 0.7152, 0.0722][index] ?? 0), 0);
  const [a, b] = [light(text === '#000000' ? [0, 0, 0] : [255, 255, 255]), light(color)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
