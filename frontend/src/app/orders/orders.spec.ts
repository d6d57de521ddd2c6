import { ComponentFixture, TestBed } from '@angular/core/testing';
import { about, column } from '../../testing/fixtures';
import { answer, answerMeta, goTo, providePage } from '../../testing/provide';
import { Orders } from './orders';

describe('Orders', () => {
  let fixture: ComponentFixture<Orders>;

  async function show(url: string): Promise<void> {
    TestBed.configureTestingModule({ providers: providePage() });
    await goTo(url);
    fixture = TestBed.createComponent(Orders);
    TestBed.tick();
    await answerMeta();
  }

  it('asks for a page, and leads to all confirmations of an order on whatever day', async () => {
    await show('/orders?period=last_7_days&work_center=M-104&sort=rolled_yield');
    await answer('orders?period=last_7_days&work_center=M-104&sort=rolled_yield', {
      about: about(),
      columns: [
        column('order_id', 'Order'),
        column('fall_off_ratio', 'Fall-off', { kind: 'percent', decimals: 1 }),
      ],
      total: 1,
      offset: 0,
      limit: 50,
      sort: 'rolled_yield',
      rows: [
        {
          plant: 'W1',
          order_id: '4711',
          material: 'A-100',
          unit: 'PC',
          first_operation_produced_qty: 1000,
          last_operation_good_qty: 980,
          scrap_qty: 20,
          fall_off_ratio: 0.02,
          rolled_yield: 0.98,
        },
      ],
    });
    const element = fixture.nativeElement as HTMLElement;
    expect(element.textContent).toContain('2.0%');
    const [order, origin] = [...element.querySelectorAll('tbody a')].map((link) =>
      link.getAttribute('href'),
    );
    expect(order).toBe(
      '/confirmations?from=2026-01-05&to=2026-03-08&plant=W1&material=A-100&order_id=4711',
    );
    expect(origin).toContain('mart=scrap_rate');
    expect(origin).toContain('order_id=4711');
  });
});
