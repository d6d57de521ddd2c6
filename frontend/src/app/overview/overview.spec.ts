import { Location } from '@angular/common';
import { ComponentFixture, TestBed } from '@angular/core/testing';
import { FakeChart } from '../../testing/fake-chart';
import { about, availabilityRow, card, overview } from '../../testing/fixtures';
import { answer, answerMeta, goTo, providePage, settle } from '../../testing/provide';
import { plain, reasonRow, scrapRow } from '../../testing/rows';
import { LOAD_ECHARTS } from '../charts/chart';
import { Overview } from './overview';

const rate = (unit: string, basis: 'operation' | 'order') =>
  card({ name: 'scrap_rate', unit, basis, better: 'lower', is_headline: basis === 'operation' });

const ANSWER = overview({
  cards: [
    card({ is_headline: true }),
    card({ name: 'stops', kind: 'integer', value: 12 }),
    rate('PC', 'operation'),
    rate('PC', 'order'),
    rate('KG', 'operation'),
  ],
  scrap_trend: [scrapRow(), scrapRow({ unit: 'KG' })],
  worst_work_centers: [availabilityRow({ work_center: 'M-1', name: 'Press' })],
  worst_reasons: [reasonRow()],
  worst_scrap: [
    scrapRow({ work_center: 'M-1', name: 'Press', unit: 'KG', scrap_rate: 0.04 }),
    scrapRow({ work_center: 'M-2', name: 'Saw' }),
  ],
});

describe('Overview', () => {
  let fixture: ComponentFixture<Overview>;
  let element: HTMLElement;

  async function show(url: string, body: object = ANSWER): Promise<void> {
    TestBed.configureTestingModule({
      providers: [
        ...providePage(),
        { provide: LOAD_ECHARTS, useValue: () => Promise.resolve(new FakeChart().init) },
      ],
    });
    await goTo(url);
    fixture = TestBed.createComponent(Overview);
    element = fixture.nativeElement as HTMLElement;
    TestBed.tick();
    await answer('api/v1/overview', body);
    await answerMeta();
  }

  const text = () => plain(element.textContent).replace(/\s+/g, ' ');
  const titles = () =>
    [...element.querySelectorAll('te-kpi-card h2')].map((each) => each.textContent.trim());
  const ranked = (heading: string) =>
    [...element.querySelectorAll(`section[aria-labelledby=${heading}] tbody a`)].map((a) =>
      a.textContent.trim(),
    );

  it('shows the figures, headline first, and what they are compared with', async () => {
    await show('/overview');
    expect(titles()).toEqual(['Availability', 'Scrap rate', 'Scrap rate', 'Stops']);
    expect(text()).toContain('compared with 23 Feb – 1 Mar 2026');
    expect(text()).toContain('Data until 9 Mar 2026, 06:00');
  });

  it('offers the other bases of scrap, and the address says so', async () => {
    await show('/overview');
    element.querySelector<HTMLElement>('.bases')?.click();
    await new Promise((resolve) => setTimeout(resolve));
    await settle();
    expect(TestBed.inject(Location).path()).toBe('/overview?bases=all');
    expect(titles().length).toBe(5);
    expect(text()).toContain('whole order');
  });

  it('names what is worst, each with a way on', async () => {
    await show('/overview');
    expect(ranked('te-worst-machines')).toEqual(['Press']);
    expect(ranked('te-worst-reasons')).toEqual(['Jam']);
    // The unit with most confirmations first, whatever the rates are.
    expect(ranked('te-worst-scrap')).toEqual(['Saw', 'Press']);
    const link = element.querySelector('section[aria-labelledby=te-worst-reasons] tbody a');
    expect(link?.getAttribute('href')).toBe('/stops?reason_class=technical&reason_code=T10');
  });

  it('has one unit of scrap and no buttons on a wallboard, and the name of the site', async () => {
    await show('/overview?kiosk=1');
    expect(element.querySelector('h1')?.textContent).toContain('Musterwerk');
    expect(ranked('te-worst-scrap')).toEqual(['Saw']);
    expect(element.querySelector('button')).toBeNull();
  });

  it('leads from the table beside a trend to the day', async () => {
    await show('/overview?plant=W1');
    element.querySelector<HTMLElement>('te-chart-card button')?.click();
    await settle();
    const link = element.querySelector('te-chart-card tbody a');
    expect(link?.getAttribute('href')).toBe(
      '/availability?from=2026-03-02&to=2026-03-02&plant=W1',
    );
  });

  it('says why there is nothing', async () => {
    const note = { code: 'no_data_in_period' as const, text: 'Data begins on 5 January.' };
    await show(
      '/overview',
      overview({ about: about({ notes: [note] }), cards: [], availability_trend: [] }),
    );
    expect(text()).toContain('Data begins on 5 January.');
    expect(element.querySelector('te-ranking')).toBeNull();
  });
});
