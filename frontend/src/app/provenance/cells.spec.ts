import { asRanges } from './cells';

describe('asRanges', () => {
  it('puts neighbours together', () => {
    expect(asRanges('Log!D31, Log!E31, Log!G31', 'Log')).toBe('Log!D31:E31, Log!G31');
    expect(asRanges('Log!Z5, Log!AA5', 'Log')).toBe('Log!Z5:AA5');
    expect(asRanges('Log!A1, Log!B2', 'Log')).toBe('Log!A1, Log!B2');
  });

  it('understands names of sheets with signs in them', () => {
    expect(asRanges("'a, b!'!A1, 'a, b!'!B1", 'a, b!')).toBe("'a, b!'!A1:B1");
  });

  it('leaves what it does not understand, and nothing, as it is', () => {
    expect(asRanges('Log!31', 'Log')).toBe('Log!31');
    expect(asRanges('line 4', '')).toBe('line 4');
    expect(asRanges('', '')).toBe('');
  });
});
