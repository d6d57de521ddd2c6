import { HttpErrorResponse, HttpHeaders } from '@angular/common/http';
import { asProblem, backOff, passesByItself } from './problem';

function failure(status: number, body: unknown = null, headers: Record<string, string> = {}) {
  return new HttpErrorResponse({ status, error: body, headers: new HttpHeaders(headers) });
}

describe('asProblem', () => {
  it('reads problem+json', () => {
    const problem = asProblem(
      failure(422, { title: 'Unknown plant', detail: 'W9 is no plant.', request_id: 'r-7' }),
    );
    expect(problem).toMatchObject({
      kind: 'invalid',
      title: 'Unknown plant',
      detail: 'W9 is no plant.',
      requestId: 'r-7',
    });
  });

  it('names the field of each fault when they come as a list', () => {
    const detail = [
      { loc: ['query', 'from'], msg: 'is no day' },
      { loc: ['query', 'limit'], msg: 'is too great' },
    ];
    expect(asProblem(failure(422, { detail })).detail).toBe(
      'from: is no day; limit: is too great',
    );
  });

  it.each([
    [0, 'network'],
    [502, 'network'],
    [503, 'busy'],
    [504, 'slow'],
    [404, 'missing'],
    [500, 'failed'],
  ])('takes %i as %s', (status, kind) => {
    expect(asProblem(failure(status)).kind).toBe(kind);
  });

  it('reads what a proxy answers in place of the server', () => {
    expect(asProblem(failure(502, '<html>Bad gateway</html>'))).toMatchObject({ detail: '' });
  });

  it('finds the failure that a resource wraps', () => {
    expect(asProblem(new Error('wrapped', { cause: failure(504) })).kind).toBe('slow');
  });

  it('reads how long the server asks to wait', () => {
    expect(asProblem(failure(503, null, { 'Retry-After': '7' })).retryAfter).toBe(7);
  });

  it('takes any other error as it is', () => {
    expect(asProblem(new TypeError('oh'))).toMatchObject({ kind: 'failed', detail: 'oh' });
  });
});

describe('passesByItself', () => {
  it('holds for what the server recovers from', () => {
    const kinds = [0, 503, 504, 422, 404, 500].map((s) => passesByItself(asProblem(failure(s))));
    expect(kinds).toEqual([true, true, true, false, false, false]);
  });
});

describe('backOff', () => {
  it('doubles up to a minute, and waits as long as it is asked to', () => {
    expect([1, 2, 3, 10].map((n) => backOff(n, null))).toEqual([2, 4, 8, 60]);
    expect(backOff(1, 30)).toBe(30);
  });
});
