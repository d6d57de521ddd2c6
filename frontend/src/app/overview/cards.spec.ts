import { card } from '../../testing/fixtures';
import type { Card } from '../api/model';
import {
  arrangeCards,
  cardKey,
  cardLink,
  evenColumns,
  hasOtherBases,
  wallboardCards,
} from './cards';

const rate = (unit: string, basis: Card['basis'], is_headline = false) =>
  card({ name: 'scrap_rate', unit, basis, is_headline, better: 'lower' });
const hours = (name: Card['name']) => card({ name, kind: 'hours' });

const CARDS = [
  card({ name: 'availability' }),
  card({ name: 'technical_availability', is_headline: true }),
  hours('unplanned_down'),
  hours('setup'),
  card({ name: 'stops', kind: 'integer' }),
  card({ name: 'unexplained' }),
  rate('PC', 'operation', true),
  rate('PC', 'order'),
  card({ name: 'produced', kind: 'quantity', unit: 'PC', basis: 'operation' }),
  rate('KG', 'operation'),
  rate('KG', 'order'),
];
const keys = (cards: readonly Card[]) => cards.map(cardKey);

describe('cards of the overview', () => {
  it('have the headline first, scrap of each unit on one basis, then what costs time', () => {
    const { main, others } = arrangeCards(CARDS, 'operation', false);
    expect(keys(main)).toEqual([
      'technical_availability//',
      'scrap_rate/PC/operation',
      'scrap_rate/KG/operation',
      'unplanned_down//',
      'setup//',
      'stops//',
    ]);
    expect(keys(others)).toEqual(['availability//', 'unexplained//', 'produced/PC/operation']);
  });

  it('show scrap on the other bases when asked', () => {
    expect(hasOtherBases(CARDS, 'operation')).toBe(true);
    const { main } = arrangeCards(CARDS, 'operation', true);
    expect(keys(main)).toContain('scrap_rate/KG/order');
    expect(hasOtherBases([rate('PC', 'order')], 'order')).toBe(false);
  });

  it('fill one row of a wallboard', () => {
    const many = [...CARDS, rate('M', 'operation'), rate('L', 'operation')];
    expect(keys(wallboardCards(many, 'operation'))).toEqual([
      'technical_availability//',
      'scrap_rate/PC/operation',
      'scrap_rate/KG/operation',
      'unplanned_down//',
      'setup//',
      'stops//',
    ]);
    const few = CARDS.filter((each) => each.name !== 'scrap_rate');
    expect(wallboardCards(few, 'operation').length).toBe(6);
  });
});

describe('a card', () => {
  const query = { plant: ['W1'], group: 'line' };

  it.each([
    ['availability', 'availability', {}],
    ['total_availability', 'availability', {}],
    ['unplanned_down', 'downtime', {}],
    ['setup', 'downtime', { reason_class: ['setup'] }],
    ['unclassified', 'downtime', { reason_class: ['unclassified'] }],
    ['stops', 'stops', {}],
    ['unexplained', 'quality', {}],
  ] as const)('of %s leads to %s with the filters', (name, path, more) => {
    const link = cardLink(card({ name }), query);
    expect(link.commands).toEqual(['/', path]);
    expect(link.queryParams).toEqual({ plant: ['W1'], ...more });
  });

  it('of scrap leads on with its unit and basis', () => {
    const link = cardLink(rate('KG', 'order'), query);
    expect(link.commands).toEqual(['/', 'scrap']);
    expect(link.queryParams).toEqual({ plant: ['W1'], basis: 'order', unit: 'KG' });
  });
});

describe('columns of cards', () => {
  it('leave no card alone in a last row', () => {
    expect([1040, 1000, 700].map((width) => evenColumns(6, width, 168))).toEqual([6, 3, 3]);
    expect(evenColumns(8, 1000, 168)).toBe(4);
    expect(evenColumns(2, 1000, 168)).toBe(2);
    expect(evenColumns(3, 100, 168)).toBe(1);
  });

  it('are for the style sheet to say while the width is unknown', () => {
    expect(evenColumns(6, 0, 168)).toBeNull();
  });
});
