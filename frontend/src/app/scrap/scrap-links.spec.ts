import { paretoLink, paretoOrigin } from './scrap-links';

describe('links of the Pareto of scrap', () => {
  const row = { key: 'X', plant: 'W1' };

  it('lead from reasons and operations to confirmations with scrap', () => {
    expect(paretoLink({}, 'reason', 'PC', { ...row, key: '' })).toEqual({
      commands: ['/', 'confirmations'],
      queryParams: { only: 'scrap', scrap_reason_code: '' },
    });
    expect(paretoLink({}, 'operation', 'PC', row).queryParams).toEqual({
      only: 'scrap',
      operation: 'X',
    });
  });

  it('lead from materials and machines to their reasons', () => {
    expect(paretoLink({}, 'work_center', 'PC', row)).toEqual({
      commands: ['/', 'scrap'],
      queryParams: { plant: ['W1'], work_center: ['X'], unit: 'PC', level: 'reason' },
    });
    expect(paretoLink({}, 'material', 'PC', row).queryParams).toMatchObject({ material: ['X'] });
  });

  it('lead to rows of all operations: that is what a Pareto counts', () => {
    const { queryParams } = paretoOrigin({ basis: 'last_operation' }, 'reason', 'PC', row);
    expect(queryParams).toMatchObject({
      basis: 'operation',
      mart: 'scrap_reasons',
      unit: 'PC',
      scrap_reason_code: 'X',
      operation: null,
    });
  });
});
