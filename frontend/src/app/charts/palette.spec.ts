import { DARK, DECALS, LIGHT, Palette } from './palette';

/** WCAG 2.2, contrast ratio of two colours. */
function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

describe.each([
  ['light', LIGHT],
  ['dark', DARK],
] as [string, Palette][])('The %s palette', (_, palette) => {
  it('has texts that can be read', () => {
    for (const colour of [palette.text, palette.muted, palette.good, palette.bad]) {
      expect(contrast(colour, palette.ground)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('has lines that stand out from the ground', () => {
    for (const colour of palette.series.slice(0, 3)) {
      expect(contrast(colour, palette.ground)).toBeGreaterThanOrEqual(3);
    }
  });

  it('has a colour of its own for each state', () => {
    const colours = Object.values(palette.states);
    expect(new Set(colours).size).toBe(colours.length);
  });
});

it('Each class of reasons has a pattern of its own beside its colour', () => {
  const patterns = Object.values(DECALS).map((decal) => JSON.stringify(decal));
  expect(new Set(patterns).size).toBe(Object.keys(LIGHT.classes).length);
});
