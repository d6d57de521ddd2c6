import {
  downtimePareto,
  provenance,
  reasonRow,
  scrapPareto,
  scrapRate,
  scrapRow,
} from '../../testing/drill';
import { Keys, figuresOf } from './figure';

const NO_KEYS: Keys = {
  mart: 'downtime_reasons',
  reason_code: null,
  operation: null,
  scrap_reason_code: null,
};

function reasons(rows: [string, number][]) {
  return downtimePareto({
    rows: rows.map(([reason_code, attributed_seconds]) =>
      reasonRow({ reason_code, attributed_seconds }),
    ),
  });
}

describe('figuresOf stops', () => {
  const shown = { reasons: reasons([['T10', 60.5], ['T20', 30], ['(break)', 3600]]) };

  it('compares with all reasons but breaks, of which there are no rows', () => {
    const [figure] = figuresOf(provenance({ total_seconds: 90.5 }), NO_KEYS, shown);
    expect(figure).toMatchObject({ shown: 90.5, rows: 90.5, isEqual: true, breaks: 3600 });
  });

  it('compares with the one reason that is asked for', () => {
    const keys = { ...NO_KEYS, reason_code: 'T10' };
    const [figure] = figuresOf(provenance({ total_seconds: 60 }), keys, shown);
    expect(figure).toMatchObject({ shown: 60.5, isEqual: false });
  });

  it('claims nothing while there is nothing to compare with', () => {
    const [figure] = figuresOf(provenance({ total_seconds: 60 }), NO_KEYS, {});
    expect(figure).toMatchObject({ shown: null, isEqual: null });
  });
});

describe('figuresOf pieces', () => {
  const rate = scrapRate({
    total: [
      scrapRow({ scrap_qty: 4, produced_qty: 99 }),
      scrapRow({ basis: 'order', scrap_qty: 8, produced_qty: 50 }),
    ],
  });
  const answer = provenance({
    total_good_qty: 95,
    total_scrap_qty: 4,
    total_rework_qty: 1,
    total_unit: 'PC',
  });

  it('are those of the basis shown; whether rework is produced is the choice of the site', () => {
    const keys: Keys = { ...NO_KEYS, mart: 'scrap_rate' };
    expect(figuresOf(answer, keys, { rate })).toMatchObject([
      { name: 'scrap', shown: 4, rows: 4, isEqual: true },
      { name: 'produced', shown: 99, rows: 99, isEqual: true },
    ]);
  });

  it('of two units are no sum', () => {
    const keys: Keys = { ...NO_KEYS, mart: 'scrap_rate' };
    expect(figuresOf(provenance({ total_unit: null }), keys, { rate })).toEqual([]);
  });

  it('of scrap without a reason are found under the empty one', () => {
    const rows = scrapPareto().rows.map((row) => ({ ...row, key: '', text: null }));
    const scrap = scrapPareto({ rows, total_qty: 9 });
    const keys: Keys = { ...NO_KEYS, mart: 'scrap_reasons', scrap_reason_code: '' };
    expect(figuresOf(answer, keys, { scrap })).toMatchObject([{ shown: 4, isEqual: true }]);
    expect(figuresOf(answer, { ...keys, scrap_reason_code: null }, { scrap })).toMatchObject([
      { shown: 9, isEqual: false },
    ]);
  });
});
