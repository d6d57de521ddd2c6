import { column } from '../../testing/fixtures';
import { CellContext, cellText, isNumeric, shownColumns } from './cell';

const CONTEXT: CellContext = {
  locale: 'de-DE',
  zoneOf: (plant) => (plant === 'W2' ? 'Europe/London' : 'Europe/Berlin'),
  yes: 'ja',
  no: 'nein',
};
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('cellText', () => {
  it.each([
    [column('a', 'A'), 'M-101', 'M-101'],
    [column('a', 'A', { kind: 'day' }), '2026-03-02', '2. März 2026'],
    [column('a', 'A', { kind: 'instant' }), '2026-03-02T05:00:00Z', '2. März 2026, 06:00:00'],
    [column('a', 'A', { kind: 'seconds', decimals: 3 }), 1.5, '1,500'],
    [column('a', 'A', { kind: 'hours', decimals: 2 }), 5400, '1,50'],
    [column('a', 'A', { kind: 'minutes', decimals: 1 }), 90, '1,5'],
    [column('a', 'A', { kind: 'percent', decimals: 1 }), 0.8885, '88,9 %'],
    [column('a', 'A', { kind: 'rate', decimals: 2 }), 0.02136, '2,14 %'],
    [column('a', 'A', { kind: 'quantity', unit_from: 'unit' }), 1234.5, '1.234,5 PC'],
    [column('a', 'A', { kind: 'integer' }), 12345, '12.345'],
    [column('a', 'A', { kind: 'boolean' }), false, 'nein'],
    [column('a', 'A', { kind: 'choice', choices: { full: 'voll' } }), 'full', 'voll'],
    [column('a', 'A', { kind: 'choice', choices: {} }), 'new', 'new'],
  ])('of %o', (col, value, text) => {
    expect(plain(cellText({ a: value, unit: 'PC' }, col, CONTEXT))).toBe(text);
  });

  it.each(['percent', 'integer', 'day', 'boolean', 'choice', 'instant'] as const)(
    'of kind %s shows nothing as a dash, never as zero or no',
    (kind) => {
      expect(cellText({ a: null }, column('a', 'A', { kind }), CONTEXT)).toBe('–');
    },
  );

  it('shows instants on the clock of the plant of the row', () => {
    const started = column('at', 'Start', { kind: 'instant' });
    const text = cellText({ plant: 'W2', at: '2026-03-02T05:00:00Z' }, started, CONTEXT);
    expect(text).toBe('2. März 2026, 05:00:00');
  });
});

describe('shownColumns', () => {
  const columns = [column('a', 'A'), column('b', 'B', { is_hidden: true }), column('c', 'C')];

  it('are those that nobody has to choose, unless somebody has chosen', () => {
    expect(shownColumns(columns, []).map((c) => c.name)).toEqual(['a', 'c']);
    expect(shownColumns(columns, ['c', 'b']).map((c) => c.name)).toEqual(['b', 'c']);
  });

  it('ignore names that do not exist any more', () => {
    expect(shownColumns(columns, ['x']).map((c) => c.name)).toEqual(['a', 'c']);
  });
});

describe('isNumeric', () => {
  it('holds for what is compared by its digits', () => {
    expect(isNumeric(column('a', 'A', { kind: 'percent' }))).toBe(true);
    expect(isNumeric(column('a', 'A', { kind: 'day' }))).toBe(false);
  });
});
