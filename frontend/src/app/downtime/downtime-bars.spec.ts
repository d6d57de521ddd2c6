import { downtimePareto as answerOf, reasonRow } from '../../testing/drill';
import { CONTEXT } from '../../testing/rows';
import type { ReasonRow } from '../api/model';
import { LIGHT } from '../charts/palette';
import { downtimePareto } from './downtime-bars';

const ctx = CONTEXT;

describe('downtimePareto', () => {
  const jam = reasonRow();
  const answer = (rows: ReasonRow[]) => answerOf({ rows });

  it('measures in hours, minutes or stops', () => {
    const of = (measure: 'hours' | 'minutes' | 'stops') => {
      const { bars, unit, text } = downtimePareto(answer([jam]), measure, null, ctx);
      const value = bars[0]?.value ?? NaN;
      return [value, unit, text(value)];
    };
    expect(of('hours')).toEqual([1.5, 'h', '1.5']);
    expect(of('minutes')).toEqual([90, 'min', '90']);
    expect(of('stops')).toEqual([3, '', '3']);
  });

  it('colours and names the class of a reason, and marks the chosen one', () => {
    const [bar] = downtimePareto(answer([jam]), 'hours', 'T10', ctx).bars;
    expect(bar).toMatchObject({
      label: 'Jam',
      sub: 'technical',
      colour: LIGHT.classes.technical,
      isChosen: true,
    });
  });

  it('names a reason without a text by its code, a class by its word', () => {
    const rows = [
      reasonRow({ reason_class: 'unclassified', reason_code: '999', reason_text: null }),
      reasonRow({ reason_class: 'setup', reason_code: null, reason_text: null }),
    ];
    const { bars } = downtimePareto(answer(rows), 'hours', null, ctx);
    expect(bars.map(({ label, sub }) => [label, sub])).toEqual([
      ['999', 'unclassified'],
      ['set-up', ''],
    ]);
  });

  it('tells machines of several plants apart', () => {
    const rows = ['1000', '2000'].map((plant) =>
      reasonRow({ reason_class: null, reason_code: null, plant, work_center: 'MIL01', name: 'Mill 1' }),
    );
    const { bars } = downtimePareto(answer(rows), 'hours', null, ctx);
    expect(bars.map(({ label, sub }) => `${label} ${sub}`)).toEqual(['Mill 1 1000', 'Mill 1 2000']);
  });

  it('leaves shares that are not there empty', () => {
    const { bars } = downtimePareto(answer([reasonRow({ share: null, cumulative_share: null })]), 'hours', null, ctx);
    expect(bars[0]).toMatchObject({ share: null, cumulative: null });
  });
});
