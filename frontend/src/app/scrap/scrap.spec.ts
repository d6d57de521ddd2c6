import { ComponentFixture, TestBed } from '@angular/core/testing';
import { HttpTestingController } from '@angular/common/http/testing';
import { FakeChart } from '../../testing/fake-chart';
import { answer, answerMeta, goTo, providePage } from '../../testing/provide';
import { scrapPareto, scrapRate } from '../../testing/drill';
import { LOAD_ECHARTS } from '../charts/chart';
import { Scrap } from './scrap';

describe('Scrap', () => {
  let fixture: ComponentFixture<Scrap>;

  async function show(url: string): Promise<void> {
    TestBed.configureTestingModule({
      providers: [
        ...providePage(),
        { provide: LOAD_ECHARTS, useValue: () => Promise.resolve(new FakeChart().init) },
      ],
    });
    await goTo(url);
    fixture = TestBed.createComponent(Scrap);
    TestBed.tick();
    await answerMeta();
  }

  const element = () => fixture.nativeElement as HTMLElement;
  const texts = (selector: string) =>
    [...element().querySelectorAll(selector)].map((each) => each.textContent.trim());
  const links = (selector: string) =>
    [...element().querySelectorAll(selector)].map((link) =>
      decodeURIComponent(link.getAttribute('href') ?? ''),
    );

  it('tells the rate on each basis, and why there is none', async () => {
    await show('/scrap');
    await answer('scrap-rate', scrapRate());
    expect(texts('te-basis-cards .value')).toEqual(['2.00%', '1.00%', '–']);
    expect(texts('te-basis-cards li')[2]).toContain('only without filters');
    expect(links('te-basis-cards h2 a')[1]).toBe('/scrap?basis=last_operation');
  });

  it('shows one unit at a time, the one with most confirmations first', async () => {
    await show('/scrap');
    await answer('scrap-rate', scrapRate());
    await answer('scrap-pareto?level=reason&unit=PC', scrapPareto());
    expect(texts('.te-view-head te-segments a')).toEqual(['PC', 'KG']);
    expect(texts('te-table-card tbody tr')).toHaveLength(1);
  });

  it('shows the unit that the address names', async () => {
    await show('/scrap?unit=KG&level=material');
    await answer('scrap-rate', scrapRate());
    await answer('scrap-pareto?level=material&unit=KG', scrapPareto({ unit: 'KG' }));
    expect(texts('te-basis-cards .value')[0]).toBe('3.00%');
  });

  it('asks for the Pareto once, when the unit is known', async () => {
    await show('/scrap');
    const requests = TestBed.inject(HttpTestingController);
    expect(requests.match((each) => each.url.includes('scrap-pareto'))).toEqual([]);
  });

  it('groups by material where orders are told, which are no figure of machines', async () => {
    await show('/scrap?basis=order');
    await answer('scrap-rate?basis=order&group=material', scrapRate());
    expect(texts('te-table-card te-segments [aria-current]')).toEqual(['Material']);
  });

  it('leads from a line to its reasons and to its rows', async () => {
    await show('/scrap?basis=last_operation');
    await answer('scrap-rate', scrapRate());
    expect(links('te-table-card tbody a:not(.origin)')).toEqual([
      '/scrap?basis=last_operation&plant=W1&work_center=M-104&unit=PC&level=reason',
    ]);
    expect(links('te-table-card tbody a.origin')).toEqual([
      '/provenance?basis=operation&plant=W1&work_center=M-104&mart=scrap_rate&unit=PC',
    ]);
  });
});
