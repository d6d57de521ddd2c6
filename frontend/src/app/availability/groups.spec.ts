import { availabilityRow, AVAILABILITY_COLUMNS, column } from '../../testing/fixtures';
import { trendColumns } from './columns';
import { rowLink } from './groups';

const ABOUT = { grain: 'week' as const, first_day: '2026-03-02', last_day: '2026-03-12' };
const QUERY = { group: 'plant', sort: '-stops', plant: ['W1', 'W2'] };

describe('a line of the table', () => {
  it.each([
    ['plant', { plant: 'W1' }, { group: 'line', plant: ['W1'] }],
    [
      'line',
      { plant: 'W1', line: 'L1' },
      { group: 'work_center', plant: ['W1'], line: ['L1'] },
    ],
    ['shift', { shift: 'late' }, { group: 'work_center', plant: ['W1', 'W2'], shift: ['late'] }],
    [
      'period',
      { period: '2026-03-09' },
      { group: 'work_center', plant: ['W1', 'W2'], from: '2026-03-09', to: '2026-03-12' },
    ],
  ] as const)('by %s leads a step deeper', (group, row, queryParams) => {
    const link = rowLink(availabilityRow({ plant: null, period: null, ...row }), group, ABOUT, QUERY);
    expect(link).toEqual({ commands: ['/', 'availability'], queryParams });
  });

  it('of a machine leads to its page', () => {
    const row = availabilityRow({ work_center: 'M-1' });
    expect(rowLink(row, 'work_center', ABOUT, QUERY)?.commands).toEqual(['/', 'machine', 'W1', 'M-1']);
  });

  it('that names no place leads nowhere', () => {
    expect(rowLink(availabilityRow({ plant: null }), 'plant', ABOUT, QUERY)).toBeNull();
  });
});

describe('columns of the trend', () => {
  it('are by period, and by shift where the trend is', () => {
    const columns = [column('work_center', 'Work center'), ...AVAILABILITY_COLUMNS.slice(1)];
    const names = (grain: 'day' | 'shift') => trendColumns(columns, grain).map(({ name }) => name);
    expect(names('day').slice(0, 2)).toEqual(['period', 'availability']);
    expect(names('shift').slice(0, 2)).toEqual(['period', 'shift']);
    expect(names('day')).not.toContain('work_center');
  });
});
