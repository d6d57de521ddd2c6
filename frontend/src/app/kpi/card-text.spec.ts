import { card } from '../../testing/fixtures';
import { cardChange, cardFraction, cardValue, meetsTarget } from './card-text';

const EN = 'en-GB';

describe('cardChange', () => {
  it('is in points for ratios, and good or bad by what is better', () => {
    expect(cardChange(card({ value: 0.89, previous: 0.87 }), EN)).toEqual({
      text: '+2.0 pp',
      direction: 'up',
      isBetter: true,
    });
    expect(
      cardChange(card({ value: 0.03, previous: 0.02, better: 'lower' }), EN),
    ).toMatchObject({ direction: 'up', isBetter: false });
  });

  it('is a share of what was for all else', () => {
    const down = card({ kind: 'hours', value: 90, previous: 100, better: 'lower' });
    expect(cardChange(down, EN)).toEqual({ text: '-10.0%', direction: 'down', isBetter: true });
  });

  it('is none that could be good or bad where it rounds to nothing', () => {
    expect(cardChange(card({ value: 0.88004, previous: 0.88 }), EN)).toMatchObject({
      direction: 'same',
      isBetter: null,
    });
  });

  it('is neither where nothing is better', () => {
    const more = card({ kind: 'quantity', value: 2, previous: 1, better: null });
    expect(cardChange(more, EN)?.isBetter).toBeNull();
  });

  it.each([
    [card({ value: null })],
    [card({ previous: null })],
    [card({ kind: 'hours', previous: 0 })],
  ])('is not there without two figures to compare', (each) => {
    expect(cardChange(each, EN)).toBeNull();
  });
});

describe('cardFraction', () => {
  it('is in hours for availability and in pieces for scrap', () => {
    expect(cardFraction(card({ numerator: 373 * 3600, denominator: 420 * 3600 }), EN)).toBe(
      '373.0 / 420.0\u00a0h',
    );
    expect(
      cardFraction(card({ name: 'scrap_rate', numerator: 423, denominator: 19271, unit: 'PC' }), EN),
    ).toBe('423 / 19,271\u00a0PC');
  });
});

describe('cardValue', () => {
  it('is by kind, and nothing where there is nothing', () => {
    expect(cardValue(0.8885, 'percent', EN)).toBe('88.9%');
    expect(cardValue(0.02136, 'rate', EN)).toBe('2.14%');
    expect(cardValue(5400, 'hours', EN)).toBe('1.5');
    expect(cardValue(null, 'integer', EN)).toBe('–');
  });
});

describe('meetsTarget', () => {
  it('counts reaching it exactly', () => {
    expect(meetsTarget(card({ value: 0.9, target: 0.9 }))).toBe(true);
    expect(meetsTarget(card({ value: 0.02, target: 0.02, better: 'lower' }))).toBe(true);
    expect(meetsTarget(card({ value: 0.03, target: 0.02, better: 'lower' }))).toBe(false);
    expect(meetsTarget(card({ target: null }))).toBeNull();
  });
});
