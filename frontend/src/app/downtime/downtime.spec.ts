import { Location } from '@angular/common';
import { HttpTestingController } from '@angular/common/http/testing';
import { ComponentFixture, TestBed } from '@angular/core/testing';
import { FakeChart } from '../../testing/fake-chart';
import { stops } from '../../testing/fixtures';
import { answer, answerMeta, goTo, providePage, settle } from '../../testing/provide';
import { downtimePareto, reasonRow } from '../../testing/drill';
import { LOAD_ECHARTS } from '../charts/chart';
import { Downtime } from './downtime';

describe('Downtime', () => {
  let fixture: ComponentFixture<Downtime>;
  let charts: FakeChart[];

  async function show(url: string): Promise<void> {
    charts = [];
    const init = (element: HTMLElement, theme: string) => {
      const chart = new FakeChart();
      charts.push(chart);
      return chart.init(element, theme);
    };
    TestBed.configureTestingModule({
      providers: [
        ...providePage(),
        { provide: LOAD_ECHARTS, useValue: () => Promise.resolve(init) },
      ],
    });
    await goTo(url);
    fixture = TestBed.createComponent(Downtime);
    TestBed.tick();
    await answerMeta();
  }

  async function drawn(): Promise<void> {
    await settle();
    await new Promise((resolve) => setTimeout(resolve));
    await settle();
  }

  const element = () => fixture.nativeElement as HTMLElement;
  const path = () => decodeURIComponent(TestBed.inject(Location).path());
  const links = (selector: string) =>
    [...element().querySelectorAll(selector)].map((link) =>
      decodeURIComponent(link.getAttribute('href') ?? ''),
    );

  it('asks for reasons by hours unless the address says otherwise', async () => {
    await show('/downtime?plant=W1');
    const requests = TestBed.inject(HttpTestingController);
    expect(requests.match((each) => each.url.includes('downtime-pareto'))[0]?.request.url).toBe(
      'api/v1/downtime-pareto?plant=W1&level=reason&measure=seconds',
    );
  });

  it('asks for the number of stops of each machine', async () => {
    await show('/downtime?level=work_center&measure=stops');
    await answer('level=work_center&measure=stops', downtimePareto());
    expect(element().textContent).toContain('make up 80 %');
  });

  it('leads from a bar of a class to its reasons', async () => {
    await show('/downtime?level=class&measure=minutes&plant=W1');
    const rows = [reasonRow({ reason_code: null, reason_text: null })];
    await answer('downtime-pareto', downtimePareto({ level: 'class', rows }));
    await drawn();
    charts[0]?.click({ dataIndex: 0 });
    await drawn();
    expect(path()).toBe(
      '/downtime?plant=W1&reason_class=technical&level=reason&measure=minutes',
    );
  });

  it('leads from a reason to its stops, which stand below', async () => {
    await show('/downtime?reason_code=T10');
    await answer('downtime-pareto', downtimePareto());
    await answer('stops?reason_code=T10&sort=-attributed_seconds&limit=1000', stops());
    await drawn();
    expect(charts.length).toBe(2);
    expect(element().textContent).toContain('The 2 longest of 1,234.');
    const data = (charts[1]?.options.at(-1)?.series as { data: unknown[] }[])[0]?.data[0];
    charts[1]?.click({ data });
    await drawn();
    expect(path()).toBe('/stops?plant=W1&work_center=M-104&interaction_id=I-1');
  });

  it('has the same ways as links in the table, and to the rows behind each figure', async () => {
    await show('/downtime');
    await answer('downtime-pareto', downtimePareto());
    expect(links('tbody td:first-child a')).toEqual(['/downtime?level=reason&reason_code=T10']);
    // Of breaks there are no rows: the calendar has them.
    expect(links('tbody a.origin')).toEqual([
      '/provenance?reason_class=technical&mart=downtime_reasons&reason_code=T10',
    ]);
  });

  it('counts no planned stops behind a machine, as its bar does', async () => {
    await show('/downtime?level=work_center');
    const rows = [reasonRow({ reason_class: null, reason_code: null, plant: 'W1', work_center: 'M-1' })];
    await answer('downtime-pareto', downtimePareto({ level: 'work_center', rows }));
    const [link] = links('tbody a.origin');
    expect(link).toContain('plant=W1&work_center=M-1');
    expect(link).toContain('reason_class=technical');
    expect(link).not.toContain('planned');
  });

  it('says why when there is nothing', async () => {
    await show('/downtime');
    const about = {
      ...downtimePareto().about,
      notes: [{ code: 'no_data_in_period' as const, text: 'Nothing was delivered.' }],
    };
    await answer('downtime-pareto', downtimePareto({ about, rows: [], vital: 0 }));
    expect(element().textContent).toContain('Nothing was delivered.');
    expect(element().querySelector('.chart')).toBeNull();
  });
});
