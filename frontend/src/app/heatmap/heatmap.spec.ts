import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { FakeChart } from '../../testing/fake-chart';
import { about } from '../../testing/fixtures';
import { answer, answerMeta, goTo, providePage, settle } from '../../testing/provide';
import { heatmap } from '../../testing/views';
import { LOAD_ECHARTS } from '../charts/chart';
import { cellLink } from './cell-link';
import { Heatmap } from './heatmap';

const CELL = { x: '2026-03-03', y: 'W1/M-101' };

describe('a cell leads', () => {
  const query = { plant: ['W1', 'W2'], line: 'L1', measure: 'scrap_rate', period: 'last_30_days' };
  const day = { from: '2026-03-03', to: '2026-03-03', plant: ['W1'], work_center: ['M-101'] };

  it('to what the machine did on the day', () => {
    expect(cellLink(CELL, heatmap(), query)).toEqual({
      commands: ['/', 'timeline'],
      queryParams: day,
    });
  });

  it('to its unplanned stops, of the classes chosen', () => {
    const answer = heatmap({ measure: 'unplanned_down' });
    expect(cellLink(CELL, answer, query)?.queryParams).toMatchObject({
      reason_class: ['technical', 'organisational', 'other', 'unclassified'],
    });
    const chosen = cellLink(CELL, answer, { ...query, reason_class: ['technical', 'setup'] });
    expect(chosen).toMatchObject({ commands: ['/', 'stops'] });
    expect(chosen?.queryParams).toMatchObject({ reason_class: ['technical'] });
  });

  it('to its confirmations with scrap, in the unit shown', () => {
    expect(cellLink(CELL, heatmap({ measure: 'scrap_rate', unit: 'PC' }), query)).toEqual({
      commands: ['/', 'confirmations'],
      queryParams: { ...day, only: 'scrap', unit: 'PC' },
    });
  });

  it('to all of a week, and nowhere from a weekday', () => {
    const week = cellLink({ ...CELL, x: '2026-03-02' }, heatmap({ grain: 'week' }), query);
    expect(week?.queryParams).toMatchObject({ from: '2026-03-02', to: '2026-03-08' });
    expect(cellLink(CELL, heatmap({ kind: 'weekday_hour' }), query)).toBeNull();
  });
});

describe('Heatmap', () => {
  let chart: FakeChart;
  let element: HTMLElement;
  const url = () => TestBed.inject(Router).url;

  async function show(address: string, match: string, body = heatmap()): Promise<void> {
    chart = new FakeChart();
    TestBed.configureTestingModule({
      providers: [
        ...providePage(),
        { provide: LOAD_ECHARTS, useValue: () => Promise.resolve(chart.init) },
      ],
    });
    await goTo(address);
    element = TestBed.createComponent(Heatmap).nativeElement as HTMLElement;
    TestBed.tick();
    await answerMeta();
    await answer(match, body);
    await settle();
  }

  it('asks for what the address names, and for nothing that there is not', async () => {
    await show('/heatmap?measure=seconds&kind=x', 'kind=work_center_day&measure=availability');
    expect(element.querySelector('h2')?.textContent).toContain('Availability by machine and day');
    expect(chart.options.length).toBeGreaterThan(0);
  });

  it('names unit and basis of scrap, and lets the unit be chosen where there are several', async () => {
    const body = heatmap({ measure: 'scrap_rate', unit: 'PC', units: ['PC', 'KG'] });
    await show('/heatmap?measure=scrap_rate&unit=PC', 'measure=scrap_rate&unit=PC', body);
    expect(element.textContent).toContain('%, PC');
    expect(element.textContent).toContain('all operations');
    expect(element.querySelectorAll('te-single-select').length).toBe(3);
  });

  it('leads on from a cell and from a row of the table', async () => {
    await show('/heatmap', 'api/v1/heatmap');
    chart.click({ value: [1, 0, 0] });
    await vi.waitFor(() => expect(url()).toContain('/timeline?'));
    expect(url()).toContain('from=2026-03-03');
    element.querySelector<HTMLElement>('header button')?.click();
    await settle();
    expect(element.querySelector('tbody a')?.getAttribute('href')).toContain('/timeline?');
  });

  it('says why there is nothing', async () => {
    const note = { code: 'not_covered' as const, text: 'Nobody has delivered.' };
    await show('/heatmap', 'api/v1/heatmap', heatmap({ rows: [], about: about({ notes: [note] }) }));
    expect(element.textContent).toContain('Nobody has delivered.');
    expect(element.querySelector('[role=img]')).toBeNull();
  });
});
