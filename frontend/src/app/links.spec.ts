import { linkTo, machineLink, narrowed } from './links';

const BOUNDS = { first_day: '2026-03-04', last_day: '2026-03-29' };

describe('links to other views', () => {
  it('take the filters along and change some, the page of a table stays behind', () => {
    const query = { plant: ['W1'], period: 'last_7_days', sort: '-stops', offset: '50', kiosk: '1' };
    const link = linkTo('stops', query, { from: '2026-03-04', to: '2026-03-04' }, { unit: 'PC' });
    expect(link.commands).toEqual(['/', 'stops']);
    expect(link.queryParams).toEqual({
      plant: ['W1'],
      from: '2026-03-04',
      to: '2026-03-04',
      kiosk: '1',
      unit: 'PC',
    });
  });

  it('to a machine name it in the path and in no filter', () => {
    const link = machineLink({ plant: 'W1', line: 'L1', work_center: 'M 1', shift: 'early' }, 'W1', 'M/1');
    expect(link.commands).toEqual(['/', 'machine', 'W1', 'M/1']);
    expect(link.queryParams).toEqual({ shift: ['early'] });
  });
});

describe('a period of a trend', () => {
  it('is a day, with the shift it is of', () => {
    expect(narrowed({ period: '2026-03-05', shift: 'late' }, 'shift', BOUNDS)).toEqual({
      from: '2026-03-05',
      to: '2026-03-05',
      shift: ['late'],
    });
  });

  it('is a week or month, but not beyond the days shown', () => {
    expect(narrowed({ period: '2026-03-02' }, 'week', BOUNDS)).toEqual({
      from: '2026-03-04',
      to: '2026-03-08',
    });
    expect(narrowed({ period: '2026-03-01' }, 'month', BOUNDS)).toEqual({
      from: '2026-03-04',
      to: '2026-03-29',
    });
    const february = { first_day: '2026-01-01', last_day: '2026-12-31' };
    expect(narrowed({ period: '2026-02-01' }, 'month', february)).toMatchObject({ to: '2026-02-28' });
  });
});
