import { Location } from '@angular/common';
import { ComponentFixture, TestBed } from '@angular/core/testing';
import { answer, answerMeta, goTo, providePage, settle } from '../../testing/provide';
import { confirmations } from '../../testing/drill';
import { Confirmations } from './confirmations';

describe('Confirmations', () => {
  let fixture: ComponentFixture<Confirmations>;

  async function show(url: string): Promise<void> {
    TestBed.configureTestingModule({ providers: providePage() });
    await goTo(url);
    fixture = TestBed.createComponent(Confirmations);
    TestBed.tick();
    await answerMeta();
  }

  const element = () => fixture.nativeElement as HTMLElement;

  it('asks for what the address narrows it to; an empty reason is one, too', async () => {
    await show('/confirmations?only=scrap&scrap_reason_code=&operation=0010&unit=PC');
    await answer(
      'confirmations?only=scrap&scrap_reason_code=&operation=0010&unit=PC',
      confirmations(),
    );
    expect(element().textContent).toContain('Reason of scrap: none given');
  });

  it('asks for all when the address has a kind that there is not', async () => {
    await show('/confirmations?only=nonsense');
    await answer('confirmations?only=all', confirmations());
    expect(element().querySelector('te-segments [aria-current]')?.textContent).toBe('All');
  });

  it('finds an order', async () => {
    await show('/confirmations?offset=50');
    await answer('confirmations', confirmations());
    const search = element().querySelector<HTMLInputElement>('input[type=search]')!;
    search.value = ' 4711 ';
    element().querySelector<HTMLButtonElement>('button[type=submit]')?.click();
    await new Promise((resolve) => setTimeout(resolve));
    await settle();
    expect(TestBed.inject(Location).path()).toBe('/confirmations?order_id=4711');
  });

  it('leads from a line to its cells, on the basis that has all operations', async () => {
    await show('/confirmations?basis=last_operation');
    await answer('confirmations', confirmations());
    const link = element().querySelector('tbody a')?.getAttribute('href') ?? '';
    const query = new URLSearchParams(link.split('?')[1]);
    expect(Object.fromEntries(query)).toEqual({
      from: '2026-03-02',
      to: '2026-03-02',
      basis: 'operation',
      plant: 'W1',
      work_center: 'M-104',
      shift: 'early',
      material: 'A-100',
      mart: 'scrap_rate',
      order_id: '4711',
      operation: '0010',
      unit: 'PC',
      file: 'cd34',
      file_name: 'COOIS_2026-03-02.xlsx',
      sheet: 'COOIS',
      row: '12',
    });
  });
});
