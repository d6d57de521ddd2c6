import { TestBed } from '@angular/core/testing';
import { FakeEventSource } from '../../testing/fake-event-source';
import { providePage } from '../../testing/provide';
import { Events } from './events';

describe('Events', () => {
  let events: Events;

  beforeEach(() => {
    vi.useFakeTimers();
    TestBed.configureTestingModule({ providers: providePage() });
    events = TestBed.inject(Events);
    events.connect();
    FakeEventSource.last.open();
  });

  afterEach(() => vi.useRealTimers());

  it('listens at an address relative to the page', () => {
    expect(FakeEventSource.last.url).toBe('api/v1/events');
  });

  it('tells several marts of one run as one change', () => {
    FakeEventSource.last.send('mart');
    FakeEventSource.last.send('mart');
    vi.advanceTimersByTime(1000);
    expect(events.refreshed()).toBe(1);
  });

  it('takes what happened while it was away as a change', () => {
    FakeEventSource.last.fail(false);
    expect(events.lost()).toBe(true);
    FakeEventSource.last.open();
    vi.advanceTimersByTime(1000);
    expect(events.lost()).toBe(false);
    expect(events.refreshed()).toBe(1);
  });

  it('counts as lost while the server itself can read nothing', () => {
    FakeEventSource.last.send('away');
    expect(events.lost()).toBe(true);
    FakeEventSource.last.send('mart');
    vi.advanceTimersByTime(1000);
    expect(events.lost()).toBe(false);
    expect(events.refreshed()).toBe(1);
  });

  it('opens anew when the browser has given up', () => {
    FakeEventSource.last.fail(true);
    expect(FakeEventSource.opened[0]?.isClosed).toBe(true);
    vi.advanceTimersByTime(2000);
    expect(FakeEventSource.opened.length).toBe(2);
  });

  it('waits longer each time', () => {
    FakeEventSource.last.fail(true);
    vi.advanceTimersByTime(2000);
    FakeEventSource.last.fail(true);
    vi.advanceTimersByTime(2000);
    expect(FakeEventSource.opened.length).toBe(2);
    vi.advanceTimersByTime(2000);
    expect(FakeEventSource.opened.length).toBe(3);
  });

  it('does not open twice', () => {
    events.connect();
    expect(FakeEventSource.opened.length).toBe(1);
  });
});
