import { signal } from '@angular/core';
import { ComponentFixture, TestBed } from '@angular/core/testing';
import { FakeChart } from '../../testing/fake-chart';
import { about, availability } from '../../testing/fixtures';
import { answerMeta, providePage, settle } from '../../testing/provide';
import type { ViewResource } from '../api/api';
import type { About } from '../api/model';
import type { Problem } from '../api/problem';
import { LOAD_ECHARTS } from './chart';
import { ChartCard } from './chart-card';

const BUSY: Problem = {
  kind: 'busy',
  status: 503,
  title: '',
  detail: 'ClickHouse starts.',
  requestId: 'r-1',
  retryAfter: null,
};

describe('ChartCard', () => {
  const value = signal<{ about: About } | undefined>(undefined);
  const problem = signal<Problem | undefined>(undefined);
  const loading = signal(false);
  const outdated = signal(false);
  const reload = vi.fn();
  const resource: ViewResource<{ about: About }> = { value, problem, loading, outdated, reload };
  let fixture: ComponentFixture<ChartCard>;
  let element: HTMLElement;

  beforeEach(async () => {
    value.set(availability());
    problem.set(undefined);
    loading.set(false);
    outdated.set(false);
    reload.mockReset();
    TestBed.configureTestingModule({
      providers: [
        ...providePage(),
        { provide: LOAD_ECHARTS, useValue: () => Promise.resolve(new FakeChart().init) },
      ],
    });
    fixture = TestBed.createComponent(ChartCard);
    element = fixture.nativeElement as HTMLElement;
    const inputs = {
      heading: 'Availability',
      unit: '%',
      resource,
      option: {},
      description: 'Availability by day',
      columns: availability().columns,
      rows: availability().rows,
    };
    for (const [name, input] of Object.entries(inputs)) fixture.componentRef.setInput(name, input);
    TestBed.tick();
    await answerMeta();
  });

  const text = () => element.textContent.replace(/\s+/g, ' ');

  it('names title, unit, grain, days and how new the data is', () => {
    expect(text()).toContain('Availability');
    expect(text()).toMatch(/%, by day · 2\s?–\s?8 Mar 2026 · data until 9 Mar 2026, 06:00/);
  });

  it('names the instant that figures are shown as of', async () => {
    value.set({ about: about({ as_of: '2026-03-06T11:00:00Z' }) });
    await settle();
    expect(text()).toContain('as shown on 6 Mar 2026, 12:00');
  });

  it('names the basis where it counts', async () => {
    fixture.componentRef.setInput('hasBasis', true);
    await settle();
    expect(text()).toContain('all operations');
  });

  it('shows the same as a table', async () => {
    expect(element.querySelector('[role=img]')?.getAttribute('aria-label')).toBe(
      'Availability by day',
    );
    element.querySelector<HTMLElement>('header button')?.click();
    await settle();
    expect(element.querySelector('[role=img]')).toBeNull();
    expect(element.querySelectorAll('tbody tr').length).toBe(7);
  });

  it('says why there is nothing', async () => {
    const note = { code: 'no_data_in_period' as const, text: 'Data begins on 5 January.' };
    value.set({ about: about({ notes: [note] }) });
    fixture.componentRef.setInput('option', null);
    await settle();
    expect(text()).toContain('Data begins on 5 January.');
    expect(element.querySelector('[role=img]')).toBeNull();
    expect(element.querySelector('header button')).toBeNull();
  });

  it('says that it loads, and what went wrong', async () => {
    value.set(undefined);
    loading.set(true);
    await settle();
    expect(text()).toContain('Loading');

    loading.set(false);
    problem.set(BUSY);
    await settle();
    expect(element.querySelector('[role=alert]')?.textContent).toContain('ClickHouse starts.');
    element.querySelector<HTMLElement>('te-problem-notice button')?.click();
    expect(reload).toHaveBeenCalledOnce();
  });

  it('is quiet about a problem while older figures are shown', async () => {
    problem.set(BUSY);
    await settle();
    expect(element.querySelector('[role=alert]')).toBeNull();
    expect(element.querySelector('te-problem-notice [role=status]')).not.toBeNull();
    expect(element.querySelector('[role=img]')).not.toBeNull();
  });

  it('tells that figures are of the filters before', async () => {
    outdated.set(true);
    await settle();
    expect(element.querySelector('section')?.getAttribute('aria-busy')).toBe('true');
  });
});
