import { provenanceLink } from './provenance-link';

describe('provenanceLink', () => {
  const query = {
    period: 'last_7_days',
    plant: ['W1'],
    kiosk: '1',
    level: 'class',
    sort: '-stops',
    offset: '50',
  };

  it('names the figure, and the row that was clicked', () => {
    const { commands, queryParams } = provenanceLink(query, {
      mart: 'downtime_reasons',
      reason_code: 'T10',
      filters: { reason_class: ['technical'] },
      row: { file_name: 'a.xlsx', file_sha256: 'ab12', sheet: 'Log', row: 31 },
    });
    expect(commands).toEqual(['/', 'provenance']);
    expect(queryParams).toEqual({
      period: 'last_7_days',
      plant: ['W1'],
      kiosk: '1',
      reason_class: ['technical'],
      mart: 'downtime_reasons',
      reason_code: 'T10',
      file: 'ab12',
      file_name: 'a.xlsx',
      sheet: 'Log',
      row: '31',
    });
  });

  it('keeps an empty reason of scrap: it asks for scrap without one', () => {
    const { queryParams } = provenanceLink({}, { mart: 'scrap_reasons', scrap_reason_code: '' });
    expect(queryParams?.['scrap_reason_code']).toBe('');
  });
});
