import { META } from '../../testing/fixtures';
import { span, timeline } from '../../testing/views';
import { spanLink } from './span-link';
import { totalsOf } from './totals';

const QUERY = { period: 'last_7_days', line: 'L1', zoom: 'x', kiosk: '1' };

describe('a span leads', () => {
  it('to its stop, on its production day', () => {
    expect(spanLink(span(), timeline(), QUERY, META)).toEqual({
      commands: ['/', 'stops'],
      queryParams: {
        kiosk: '1',
        from: '2026-03-02',
        to: '2026-03-02',
        plant: ['W1'],
        work_center: ['M-101'],
        interaction_id: 'I-1',
      },
    });
  });

  it('to the stops of its class, machine and day where it is several', () => {
    const link = spanLink(span({ interaction_id: '', merged: 3 }), timeline(), QUERY, META);
    expect(link?.queryParams).toMatchObject({ reason_class: ['technical'] });
    expect(link?.queryParams).not.toHaveProperty('interaction_id');
  });

  it('to all stops of the machine and day where nothing stood still', () => {
    const link = spanLink(span({ state: 'production', interaction_id: '' }), timeline(), QUERY, META);
    expect(link?.queryParams).not.toHaveProperty('reason_class');
    expect(link?.queryParams).toMatchObject({ work_center: ['M-101'] });
  });
});

describe('totals of a timeline', () => {
  it('have a row per machine and a column per state that occurs', () => {
    const { columns, rows } = totalsOf(timeline());
    expect(columns.map(({ label }) => label)).toEqual([
      'Work center',
      'Name',
      'Plant',
      'production (h)',
      'technical (h)',
      'set-up (h)',
    ]);
    expect(rows[0]).toMatchObject({ work_center: 'M-101', production: 25_200, technical: 2_820 });
    // No time in a state is nothing to show, and not 0.
    expect(rows[1]).not.toHaveProperty('production');
  });
});
