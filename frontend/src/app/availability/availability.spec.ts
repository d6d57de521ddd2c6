import { Location } from '@angular/common';
import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { FakeChart } from '../../testing/fake-chart';
import { about, availability, availabilityRow, column } from '../../testing/fixtures';
import { answer, answerMeta, goTo, providePage, settle } from '../../testing/provide';
import { LOAD_ECHARTS } from '../charts/chart';
import { Availability } from './availability';

const ANSWER = availability({
  columns: [column('plant', 'Plant'), column('work_center', 'Work center'), column('name', 'Name')],
  rows: [
    availabilityRow({ work_center: 'M-1', name: 'Press' }),
    availabilityRow({ work_center: 'M-2', name: 'Saw', coverage: 'partial' }),
  ],
});

describe('Availability', () => {
  let element: HTMLElement;

  async function show(url: string, body: object = ANSWER): Promise<void> {
    TestBed.configureTestingModule({
      providers: [
        ...providePage(),
        { provide: LOAD_ECHARTS, useValue: () => Promise.resolve(new FakeChart().init) },
      ],
    });
    await goTo(url);
    element = TestBed.createComponent(Availability).nativeElement as HTMLElement;
    TestBed.tick();
    await answer('api/v1/availability', body);
    await answerMeta();
  }

  const table = () => element.querySelector<HTMLElement>('te-data-table');
  const pressed = () =>
    element.querySelector('.switch [aria-pressed=true]')?.textContent.trim();

  it('is by work center unless the address says otherwise', async () => {
    await show('/availability?group=nonsense');
    expect(pressed()).toBe('Work center');
    const links = [...(table()?.querySelectorAll('tbody a') ?? [])];
    expect(links.map((a) => [a.textContent.trim(), a.getAttribute('href')])).toEqual([
      ['Press', '/machine/W1/M-1'],
      ['Saw', '/machine/W1/M-2'],
    ]);
  });

  it('marks what was not wholly delivered', async () => {
    await show('/availability');
    const rows = [...(table()?.querySelectorAll('tbody tr') ?? [])];
    expect(rows.map((row) => row.classList.contains('noted'))).toEqual([false, true]);
    expect(rows[1]?.textContent).toContain('partly delivered');
  });

  it('asks for another group when one is chosen, by the address', async () => {
    await show('/availability?plant=W1&columns=name');
    const buttons = [...element.querySelectorAll<HTMLElement>('.switch button')];
    buttons.find((button) => button.textContent.includes('Shift'))?.click();
    await new Promise((resolve) => setTimeout(resolve));
    await settle();
    // Columns of one group are not those of another.
    expect(TestBed.inject(Location).path()).toBe('/availability?plant=W1&group=shift');
    const asked = TestBed.inject(HttpTestingController).match((request) =>
      request.urlWithParams.includes('group=shift'),
    );
    expect(asked.length).toBe(1);
  });

  it('says why there is no table', async () => {
    await show('/availability', availability({ rows: [], about: about({ notes: [{ code: 'nothing_matches', text: 'No machine is of both.' }] }) }));
    expect(table()).toBeNull();
    expect(element.querySelector('.groups')?.textContent).toContain('No machine is of both.');
  });

  it('exports the group that it shows', async () => {
    await show('/availability?group=work_center&plant=W1');
    const hrefs = [...element.querySelectorAll<HTMLAnchorElement>('a[download]')].map((a) => a.href);
    expect(hrefs.length).toBe(2);
    expect(hrefs.every((href) => href.includes('group=work_center') && href.includes('plant=W1'))).toBe(true);
  });

  it('has the waterfall as a table that leads to the losses', async () => {
    await show('/availability');
    const buttons = element.querySelectorAll<HTMLElement>('te-chart-card header button');
    buttons[1]?.click();
    await settle();
    const hrefs = [...element.querySelectorAll('te-chart-card tbody a')].map((a) =>
      a.getAttribute('href'),
    );
    expect(hrefs).toEqual([
      '/timeline',
      '/downtime?reason_class=planned',
      '/timeline',
      '/downtime',
      '/downtime?reason_class=setup',
      '/timeline',
    ]);
  });
});
