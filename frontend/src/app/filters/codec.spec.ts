import {
  Filters,
  NO_FILTERS,
  changeFilters,
  formatFilters,
  ignoredFilters,
  parseFilters,
  parsePaging,
  toSearch,
  travellingParams,
} from './codec';

const ALL: Filters = {
  period: null,
  from: '2026-03-02',
  to: '2026-03-08',
  grain: 'week',
  basis: 'last_operation',
  as_of: '2026-03-09T08:00:00Z',
  plant: ['W1', 'W 2 & co'],
  line: ['L1'],
  work_center: ['M-101', 'M-102'],
  shift: ['early'],
  material: ['4711'],
  reason_class: ['technical', 'other'],
};

describe('parseFilters and formatFilters', () => {
  it('give back what they were given', () => {
    expect(parseFilters(formatFilters(ALL))).toEqual(ALL);
    expect(parseFilters(formatFilters(NO_FILTERS))).toEqual(NO_FILTERS);
    expect(formatFilters(NO_FILTERS)).toEqual({});
  });

  it('take a single value as a list of one', () => {
    expect(parseFilters({ plant: 'W1' }).plant).toEqual(['W1']);
  });

  it('take each value once, and none that is empty or too long', () => {
    expect(parseFilters({ plant: ['W1', '', 'W1', 'x'.repeat(201)] }).plant).toEqual(['W1']);
  });

  it.each([
    ['period', 'next_year'],
    ['grain', 'hour'],
    ['basis', 'piece'],
    ['as_of', '2026-03-09'],
    ['as_of', '2026-03-09T08:00:00'],
    ['as_of', '2026-13-09T08:00:00Z'],
  ] as const)('drop %s=%s', (name, value) => {
    expect(parseFilters({ [name]: value })[name]).toBeNull();
  });

  it('drop classes of reasons that do not exist', () => {
    expect(parseFilters({ reason_class: ['technical', 'magic'] }).reason_class).toEqual([
      'technical',
    ]);
  });

  it.each([
    [{ from: '2026-03-02' }],
    [{ from: '2026-03-08', to: '2026-03-02' }],
    [{ from: '2026-02-30', to: '2026-03-08' }],
    [{ from: '2.3.2026', to: '8.3.2026' }],
  ])('drop days that are no period: %o', (query) => {
    const filters = parseFilters(query);
    expect([filters.from, filters.to]).toEqual([null, null]);
  });

  it('let days win over a relative period', () => {
    const filters = parseFilters({ period: 'today', from: '2026-03-02', to: '2026-03-08' });
    expect(filters).toMatchObject({ period: null, from: '2026-03-02', to: '2026-03-08' });
  });

  it('keep a relative period when the days are of no use', () => {
    expect(parseFilters({ period: 'today', from: 'x', to: 'y' }).period).toBe('today');
  });
});

describe('changeFilters', () => {
  it('keeps what it does not know, and what belongs to the view', () => {
    const changed = changeFilters({ kiosk: '1', sort: '-stops', plant: 'W1' }, { plant: ['W2'] });
    expect(changed).toEqual({ kiosk: '1', sort: '-stops', plant: ['W2'] });
  });

  it('begins with the first page again', () => {
    expect(changeFilters({ offset: '100' }, { plant: ['W1'] })).toEqual({ plant: ['W1'] });
  });

  it('drops what was invalid', () => {
    expect(changeFilters({ grain: 'hour' }, {})).toEqual({});
  });

  it('lets a period replace days, and days a period', () => {
    const days = { from: '2026-03-02', to: '2026-03-08' };
    expect(changeFilters(days, { period: 'today' })).toEqual({ period: 'today' });
    expect(changeFilters({ period: 'today' }, days)).toEqual(days);
  });
});

describe('travellingParams', () => {
  it('leaves what belongs to one view behind', () => {
    const query = { plant: 'W1', sort: 'name', offset: '50', columns: 'a,b', kiosk: '1' };
    expect(travellingParams(query)).toEqual({ plant: ['W1'], kiosk: '1' });
  });
});

describe('parsePaging', () => {
  it('takes what the API takes', () => {
    expect(parsePaging({ sort: '-started_at', offset: '50', limit: '100' })).toEqual({
      sort: '-started_at',
      offset: 50,
      limit: 100,
    });
  });

  it.each([
    [{ sort: 'name; DROP', offset: '-1', limit: '5000' }],
    [{ sort: '', offset: '1e3', limit: 'x' }],
    [{ offset: '99999999999' }],
  ])('drops %o', (query) => {
    expect(parsePaging(query)).toEqual({});
  });
});

describe('toSearch', () => {
  it('repeats lists and leaves out what is not there', () => {
    expect(toSearch({ plant: ['W1', 'W 2'], grain: null, basis: undefined, x: '1' })).toBe(
      'plant=W1&plant=W+2&x=1',
    );
  });
});

describe('ignoredFilters', () => {
  it.each([
    [{ from: '2026-03-08', to: '2026-03-02' }, ['from', 'to']],
    [{ from: '2026-03-08' }, ['from']],
    [{ from: '2026-02-30', to: '2026-03-02' }, ['from', 'to']],
    [{ period: 'since_ever', grain: 'hour', basis: '', as_of: 'noon' }, ['period', 'grain', 'as_of']],
    [{ reason_class: ['technical', 'bad luck'] }, ['reason_class']],
  ])('are those of %j that mean nothing', (query, expected) => {
    expect(ignoredFilters(query)).toEqual(expected);
  });

  it('are none where all is understood, said twice, or of a view', () => {
    const query = { plant: ['1', '1'], from: '2026-03-02', to: '2026-03-02', sort: '?', x: '1' };
    expect(ignoredFilters(query)).toEqual([]);
  });

  it('are no period that explicit days win over', () => {
    expect(ignoredFilters({ period: 'today', from: '2026-03-02', to: '2026-03-02' })).toEqual([]);
  });
});
