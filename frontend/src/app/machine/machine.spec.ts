import { HttpTestingController } from '@angular/common/http/testing';
import { ComponentFixture, TestBed } from '@angular/core/testing';
import { FakeChart } from '../../testing/fake-chart';
import { about, overview, stops } from '../../testing/fixtures';
import { answer, answerMeta, goTo, providePage } from '../../testing/provide';
import { reasonRow, scrapReasonRow } from '../../testing/rows';
import { LOAD_ECHARTS } from '../charts/chart';
import { Machine } from './machine';

describe('Machine', () => {
  let fixture: ComponentFixture<Machine>;
  let element: HTMLElement;

  async function show(url: string): Promise<void> {
    TestBed.configureTestingModule({
      providers: [
        ...providePage(),
        { provide: LOAD_ECHARTS, useValue: () => Promise.resolve(new FakeChart().init) },
      ],
    });
    await goTo(url);
    fixture = TestBed.createComponent(Machine);
    element = fixture.nativeElement as HTMLElement;
    fixture.componentRef.setInput('plant', 'W1');
    fixture.componentRef.setInput('work_center', 'M-104');
    TestBed.tick();
  }

  const open = (view: string) =>
    TestBed.inject(HttpTestingController)
      .match((request) => request.url.includes(`api/v1/${view}`))
      .map((request) => new URLSearchParams(request.request.urlWithParams.split('?')[1]));

  it.each(['overview', 'downtime-pareto', 'scrap-pareto', 'stops'])(
    'asks %s for the machine of its path, whatever place the address filters by',
    async (view) => {
      await show('/machine/W1/M-104?plant=W2&line=L9&work_center=X&shift=early');
      const [params] = open(view);
      expect(params?.getAll('plant')).toEqual(['W1']);
      expect(params?.getAll('work_center')).toEqual(['M-104']);
      expect(params?.has('line')).toBe(false);
      expect(params?.getAll('shift')).toEqual(['early']);
    },
  );

  it('asks for the states of the last days when it is known which they are', async () => {
    await show('/machine/W1/M-104?period=last_30_days');
    expect(open('timeline')).toEqual([]);
    const days = about({ first_day: '2026-02-01', last_day: '2026-03-08' });
    await answer('api/v1/overview', overview({ about: days }));
    const [params] = open('timeline');
    expect([params?.get('from'), params?.get('to')]).toEqual(['2026-02-23', '2026-03-08']);
    expect(params?.has('period')).toBe(false);
  });

  it('names the machine and its place, and its links keep both', async () => {
    await show('/machine/W1/M-104?shift=early');
    await answerMeta();
    expect(element.querySelector('h1')?.textContent).toBe('Press 4');
    expect(element.querySelector('header p')?.textContent).toBe('Hamburg · Press line · M-104');
    const hrefs = [...element.querySelectorAll('nav a')].map((a) => a.getAttribute('href'));
    expect(hrefs).toContain('/stops?plant=W1&work_center=M-104&shift=early');
  });

  it('shows why it stood, what was scrapped, and its stops with their origin', async () => {
    await show('/machine/W1/M-104');
    await answer('api/v1/downtime-pareto', {
      about: about(),
      columns: [],
      level: 'reason',
      measure: 'seconds',
      total_seconds: 7200,
      total_stops: 7,
      vital: 1,
      rows: [reasonRow()],
    });
    await answer('api/v1/scrap-pareto', {
      about: about(),
      columns: [],
      level: 'reason',
      unit: 'PC',
      units: ['PC'],
      total_qty: 20,
      vital: 1,
      rows: [scrapReasonRow(), scrapReasonRow({ key: '', text: null })],
    });
    await answer('api/v1/stops', stops());
    const links = [...element.querySelectorAll('te-ranking a')].map((a) => [
      a.textContent.trim(),
      a.getAttribute('href'),
    ]);
    const place = 'plant=W1&work_center=M-104';
    expect(links).toEqual([
      ['Jam', `/stops?${place}&reason_class=technical&reason_code=T10`],
      ['Surface', `/confirmations?${place}&only=scrap&scrap_reason_code=S1`],
      ['no reason given', `/confirmations?${place}&only=scrap&scrap_reason_code=`],
    ]);
    const origin = element.querySelector('te-data-table tbody a')?.getAttribute('href') ?? '';
    expect(origin).toContain('/provenance?from=2026-03-02&to=2026-03-02');
    expect(origin).toContain('interaction_id=I-1');
    expect(element.textContent).toContain('All stops (1,234 rows)');
  });

  it('says that nothing is at the address if the server does', async () => {
    await show('/machine/W1/M-104');
    const [request] = TestBed.inject(HttpTestingController).match((each) =>
      each.url.includes('api/v1/overview'),
    );
    request?.flush(
      { title: 'Unknown', detail: 'W1 has no M-104.', status: 422 },
      { status: 422, statusText: 'Unprocessable Content' },
    );
    for (let round = 0; round < 5; round++) {
      await Promise.resolve();
      TestBed.tick();
    }
    expect(element.textContent).toContain('W1 has no M-104.');
    expect(element.querySelectorAll('te-problem-notice').length).toBe(1);
    expect(element.querySelector('te-ranking, section')).toBeNull();
  });
});
