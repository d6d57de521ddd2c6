import { Clipboard } from '@angular/cdk/clipboard';
import { HttpTestingController } from '@angular/common/http/testing';
import { ComponentFixture, TestBed } from '@angular/core/testing';
import { answer, answerMeta, goTo, providePage, settle } from '../../testing/provide';
import { downtimePareto, provenance, reasonRow, sourceRow } from '../../testing/drill';
import { Provenance } from './provenance';

describe('Provenance', () => {
  let fixture: ComponentFixture<Provenance>;
  const copy = vi.fn(() => true);

  async function show(url: string): Promise<void> {
    TestBed.configureTestingModule({
      providers: [...providePage(), { provide: Clipboard, useValue: { copy } }],
    });
    await goTo(url);
    fixture = TestBed.createComponent(Provenance);
    TestBed.tick();
    await answerMeta();
  }

  const element = () => fixture.nativeElement as HTMLElement;
  const text = () => element().textContent.replace(/\s+/g, ' ');

  it('shows that the rows add up to the figure', async () => {
    await show('/provenance?mart=downtime_reasons&reason_code=T10&reason_class=technical');
    await answer('provenance?reason_class=technical&mart=downtime_reasons&reason_code=T10', provenance());
    await answer('downtime-pareto?reason_class=technical&level=reason', downtimePareto());
    expect(text()).toContain('1.50 hSum of 1 rows: 5,400 s');
    expect(text()).toContain('The figure shown is the same: 1.50 h');
  });

  it('says so when they do not', async () => {
    await show('/provenance');
    await answer('provenance', provenance());
    await answer('downtime-pareto', downtimePareto({ rows: [reasonRow({ attributed_seconds: 1 })] }));
    expect(text()).toContain('The figure shown differs: 0.00 h');
  });

  it('compares one stop with nothing: no view tells it alone', async () => {
    await show('/provenance?interaction_id=I-1');
    await answer('provenance', provenance());
    const asked = TestBed.inject(HttpTestingController).match((each) => each.url.includes('pareto'));
    expect(asked).toEqual([]);
    expect(text()).toContain('Sum of 1 rows');
    expect(text()).not.toContain('The figure shown');
  });

  it('marks the row that was clicked', async () => {
    await show('/provenance?file=ab12&file_name=log.xlsx&sheet=Log&row=31&interaction_id=I-1');
    const rows = [sourceRow({ row: 30 }), sourceRow()];
    await answer('provenance', provenance({ rows, total: 2 }));
    const marked = [...element().querySelectorAll('tbody tr')].map((row) =>
      row.classList.contains('marked'),
    );
    expect(marked).toEqual([false, true]);
    expect(text()).toContain('Asked for: log.xlsx, sheet Log, row 31. It is marked below.');
  });

  it('says of a row that no figure counts where it stands all the same', async () => {
    await show('/provenance?mart=scrap_rate&order_id=1&file=ff&file_name=a.xlsx&sheet=S&row=9');
    await answer('provenance', provenance({ total_seconds: null, rows: [], total: 0 }));
    expect(text()).toContain('Asked for: a.xlsx, sheet S, row 9. No figure counts it.');
  });

  it('copies cells, which stand before times', async () => {
    await show('/provenance?interaction_id=I-1');
    await answer('provenance', provenance());
    const heads = [...element().querySelectorAll('th')].map((head) => head.textContent.trim());
    expect(heads).toEqual(['Day', 'Cells', 'Start']);
    const button = element().querySelector<HTMLButtonElement>('button.copy');
    expect(button?.getAttribute('aria-label')).toBe('Copy Log!A31:B31');
    button?.click();
    await settle();
    expect(copy).toHaveBeenCalledWith('Log!A31:B31');
  });
});
