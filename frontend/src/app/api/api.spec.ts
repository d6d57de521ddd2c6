import { HttpTestingController } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { FakeEventSource } from '../../testing/fake-event-source';
import { about, availability } from '../../testing/fixtures';
import { answer, goTo, providePage, settle } from '../../testing/provide';
import { Api, ViewResource } from './api';
import { Events } from './events';
import type { Answer } from './model';

type Group = 'plant' | 'line' | 'work_center';

describe('Api.resource', () => {
  let http: HttpTestingController;

  beforeEach(() => {
    TestBed.configureTestingModule({ providers: providePage('de') });
    http = TestBed.inject(HttpTestingController);
  });

  afterEach(() => vi.useRealTimers());

  function ask(group = signal<Group | undefined>('line')): ViewResource<Answer<'availability'>> {
    const resource = TestBed.runInInjectionContext(() =>
      TestBed.inject(Api).resource('availability', () => {
        const value = group();
        return value && { group: value };
      }),
    );
    TestBed.tick();
    return resource;
  }

  async function fail(match: string, status: number): Promise<void> {
    const [request] = http.match((each) => each.urlWithParams.includes(match));
    request!.flush(null, { status, statusText: 'no' });
    await settle();
  }

  it('asks with the filters of the address, its own parameters and the language', async () => {
    await goTo('/x?plant=W1&plant=W2&grain=week&kiosk=1');
    ask();
    const { request } = http.expectOne(
      'api/v1/availability?grain=week&plant=W1&plant=W2&group=line',
    );
    expect(request.headers.get('Accept-Language')).toBe('de');
  });

  it('asks nothing while there are no parameters', () => {
    const resource = ask(signal<Group | undefined>(undefined));
    http.expectNone(() => true);
    expect(resource.value()).toBeUndefined();
    expect(resource.loading()).toBe(false);
  });

  it('keeps the answer in sight until the next one is there', async () => {
    const resource = ask();
    expect(resource.loading()).toBe(true);
    await answer('availability', availability());
    expect(resource.loading()).toBe(false);

    await goTo('/x?plant=W2');
    expect(resource.value()).toEqual(availability());
    expect(resource.loading()).toBe(false);
    expect(resource.outdated()).toBe(true);

    const next = availability({ about: about({ grain: 'month' }) });
    await answer('plant=W2', next);
    expect(resource.value()).toEqual(next);
    expect(resource.outdated()).toBe(false);
  });

  it('does not let figures of other filters stand when the present ones fail', async () => {
    const resource = ask();
    await answer('availability', availability());
    await goTo('/x?plant=W2');
    await fail('plant=W2', 422);
    expect(resource.value()).toBeUndefined();
    expect(resource.problem()?.kind).toBe('invalid');
  });

  it('lets figures stand when only their refreshment fails', async () => {
    const resource = ask();
    await answer('availability', availability());
    resource.reload();
    await settle();
    await fail('availability', 503);
    expect(resource.value()).toEqual(availability());
    expect(resource.problem()?.kind).toBe('busy');
  });

  it('asks again when marts were refreshed, without a moment of nothing', async () => {
    vi.useFakeTimers();
    TestBed.inject(Events).connect();
    const resource = ask();
    await answer('availability', availability());
    FakeEventSource.last.send('mart');
    vi.advanceTimersByTime(1000);
    await settle();
    expect(resource.value()).toEqual(availability());
    expect(resource.outdated()).toBe(false);
    http.expectOne('api/v1/availability?group=line');
  });

  it('does not ask again for what is the newest: the server tells its version on connecting', async () => {
    vi.useFakeTimers();
    TestBed.inject(Events).connect();
    ask();
    await answer('availability', availability());
    FakeEventSource.last.send('mart', 'v1');
    vi.advanceTimersByTime(1000);
    await settle();
    http.expectNone('api/v1/availability?group=line');
    FakeEventSource.last.send('mart', 'v2');
    vi.advanceTimersByTime(1000);
    await settle();
    http.expectOne('api/v1/availability?group=line');
  });

  it('recovers by itself, with more patience each time', async () => {
    vi.useFakeTimers();
    const resource = ask();
    await fail('availability', 503);
    vi.advanceTimersByTime(1900);
    await settle();
    http.expectNone(() => true);
    vi.advanceTimersByTime(200);
    await settle();
    expect(resource.problem()?.kind).toBe('busy');
    await fail('availability', 504);
    vi.advanceTimersByTime(2100);
    await settle();
    http.expectNone(() => true);
    vi.advanceTimersByTime(2000);
    await settle();
    await answer('availability', availability());
    expect(resource.problem()).toBeUndefined();
    expect(resource.value()).toEqual(availability());
  });

  it('does not repeat a question that has no answer', async () => {
    vi.useFakeTimers();
    ask();
    await fail('availability', 422);
    vi.advanceTimersByTime(120_000);
    await settle();
    http.expectNone(() => true);
  });

  it('tells what the newest answer is about', async () => {
    ask();
    await answer('availability', availability());
    expect(TestBed.inject(Api).about()?.data_until).toBe('2026-03-09T05:00:00Z');
  });
});

describe('Api.exportAddress', () => {
  it('names the view, the filters and the language, relative to the page', async () => {
    TestBed.configureTestingModule({ providers: providePage('fr') });
    await goTo('/stops?plant=W1&period=last_7_days');
    expect(TestBed.inject(Api).exportAddress('xlsx', 'stops', { columns: 'a,b' })).toBe(
      'api/v1/export.xlsx?view=stops&period=last_7_days&plant=W1&columns=a%2Cb&language=fr',
    );
  });
});
