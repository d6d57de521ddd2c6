import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { FakeChart } from '../../testing/fake-chart';
import { about } from '../../testing/fixtures';
import { answer, answerMeta, goTo, providePage, settle } from '../../testing/provide';
import { timeline } from '../../testing/views';
import { LOAD_ECHARTS } from '../charts/chart';
import { Timeline } from './timeline';

describe('Timeline', () => {
  let chart: FakeChart;
  let element: HTMLElement;

  async function show(url: string, body = timeline()): Promise<void> {
    await goTo(url);
    element = TestBed.createComponent(Timeline).nativeElement as HTMLElement;
    TestBed.tick();
    await answerMeta();
    await answer('api/v1/timeline', body);
    await settle();
  }
  const url = () => decodeURIComponent(TestBed.inject(Router).url);

  beforeEach(() => {
    chart = new FakeChart();
    Object.defineProperty(HTMLElement.prototype, 'clientWidth', {
      configurable: true,
      value: 800,
    });
    TestBed.configureTestingModule({
      providers: [
        ...providePage(),
        { provide: LOAD_ECHARTS, useValue: () => Promise.resolve(chart.init) },
      ],
    });
  });

  afterEach(() => {
    Reflect.deleteProperty(HTMLElement.prototype, 'clientWidth');
    vi.useRealTimers();
  });

  it('draws states and has their totals beside, each machine leading on', async () => {
    await show('/timeline?plant=W1');
    expect(chart.options.length).toBeGreaterThan(0);
    const table = element.querySelector('section.te-card te-data-table:last-child');
    expect(table?.textContent).toContain('7.00');
    expect(table?.querySelector('tbody a')?.getAttribute('href')).toContain('/machine/W1/M-101');
    expect(element.querySelector('te-export-links a')?.getAttribute('href')).toContain(
      'view=timeline',
    );
  });

  it('says why there is nothing', async () => {
    const note = { code: 'no_data_in_period' as const, text: 'Data begins on 5 January.' };
    await show('/timeline', timeline({ spans: [], machines: [], about: about({ notes: [note] }) }));
    expect(element.textContent).toContain('Data begins on 5 January.');
    expect(element.querySelector('te-state-timeline')).toBeNull();
  });

  it('leads from a span to its stop and from a name to its machine', async () => {
    await show('/timeline?plant=W1');
    chart.click({ componentType: 'series', value: [1, 0, 0, 1] });
    await vi.waitFor(() => expect(url()).toContain('/stops?'));
    expect(url()).toContain('interaction_id=I-1');
    chart.click({ componentType: 'yAxis', value: '3' });
    await vi.waitFor(() => expect(url()).toMatch(/^\/machine\/W1\/P-201/));
  });

  it('puts what is zoomed to into the address when it stands still, and asks for finer states', async () => {
    await show('/timeline?period=last_7_days');
    vi.useFakeTimers();
    chart.zoom({ start: 0, end: 10 });
    chart.zoom({ start: 0, end: 25 });
    expect(url()).not.toContain('zoom');
    await vi.advanceTimersByTimeAsync(300);
    await settle();
    expect(url()).toContain('zoom=2026-03-02T05:00Z/2026-03-02T17:00Z');
    const [request] = TestBed.inject(HttpTestingController).match((each) =>
      each.urlWithParams.includes('timeline'),
    );
    expect(request?.request.urlWithParams).toContain('from=2026-03-02&to=2026-03-02');
    expect(request?.request.urlWithParams).not.toContain('period');
    expect(request?.request.urlWithParams).toContain('width=1600');
    request?.flush(timeline({ pixel: 36_000, end: Date.parse('2026-03-03T05:00Z') }));
    await settle();
    expect(element.querySelector('te-state-timeline')?.textContent).toContain('one by one');
  });

  it('is zoomed by buttons, too, and shows all again', async () => {
    await show('/timeline');
    const button = (title: string) =>
      element.querySelector<HTMLButtonElement>(`te-state-timeline button[title="${title}"]`);
    expect(button('Wider')?.disabled).toBe(true);
    button('Closer')?.click();
    await vi.waitFor(() =>
      expect(url()).toContain('zoom=2026-03-02T17:00Z/2026-03-03T17:00Z'),
    );
    await settle();
    button('Wider')?.click();
    await vi.waitFor(() => expect(url()).not.toContain('zoom'));
  });
});
