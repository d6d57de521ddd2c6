import { Location } from '@angular/common';
import { ComponentFixture, TestBed } from '@angular/core/testing';
import { stopRow, stops } from '../../testing/fixtures';
import { answerMeta, goTo, providePage, settle } from '../../testing/provide';
import { DataTable } from './data-table';

describe('DataTable', () => {
  let fixture: ComponentFixture<DataTable>;
  let element: HTMLElement;

  async function show(url: string, inputs: Record<string, unknown> = {}): Promise<void> {
    TestBed.configureTestingModule({ providers: providePage() });
    await goTo(url);
    const answer = stops();
    fixture = TestBed.createComponent(DataTable);
    element = fixture.nativeElement as HTMLElement;
    const all = { caption: 'Stops', columns: answer.columns, rows: answer.rows, ...inputs };
    for (const [name, value] of Object.entries(all)) fixture.componentRef.setInput(name, value);
    TestBed.tick();
    await answerMeta();
  }

  async function click(selector: string): Promise<void> {
    element.querySelector<HTMLElement>(selector)?.click();
    await new Promise((resolve) => setTimeout(resolve));
    await settle();
  }

  const path = () => decodeURIComponent(TestBed.inject(Location).path());
  const texts = (selector: string) =>
    [...element.querySelectorAll(selector)].map((each) => each.textContent.trim());

  it('shows the columns that are not hidden, numbers to the right', async () => {
    await show('/stops');
    expect(texts('th')).toEqual(['Work center', 'Start', 'Counted (min)', 'Class', 'Reason']);
    expect(texts('tbody tr:first-child td')).toEqual([
      'M-104',
      '2 Mar 2026, 07:10:00',
      '47.0',
      'technical',
      'Jam',
    ]);
    expect(element.querySelectorAll('tbody tr:first-child .number').length).toBe(1);
  });

  it('says aloud that there is no value', async () => {
    await show('/stops');
    expect(texts('tbody tr:last-child td:last-child .visually-hidden')).toEqual(['no value']);
  });

  it('shows the columns that the address names', async () => {
    await show('/stops?columns=is_open,work_center');
    expect(texts('th')).toEqual(['Work center', 'Open']);
  });

  it('shows its own columns beside a chart, whatever the address names', async () => {
    await show('/stops?columns=is_open', { plain: true });
    expect(texts('th').length).toBe(5);
    expect(element.querySelector('.tools')).toBeNull();
  });

  it('has the server sort, by way of the address, from its first page on', async () => {
    await show('/stops?offset=50', { page: stops({ offset: 50 }) });
    expect(element.querySelector('th:nth-child(2)')?.getAttribute('aria-sort')).toBe('descending');
    await click('th:nth-child(2) button');
    expect(path()).toBe('/stops?sort=started_at');
    await click('th:nth-child(3) button');
    expect(path()).toBe('/stops?sort=-attributed_seconds');
  });

  it('does not offer to sort what the server cannot, or a table that has no pages', async () => {
    await show('/stops', { page: stops() });
    expect(element.querySelector('th:nth-child(5) button')).toBeNull();
    fixture.componentRef.setInput('page', null);
    TestBed.tick();
    expect(element.querySelector('th button')).toBeNull();
  });

  it('pages by way of the address', async () => {
    await show('/stops', { page: stops({ total: 52, limit: 50, offset: 50 }) });
    expect(texts('.pages [role=status]')).toEqual(['51–52 of 52']);
    expect(element.querySelector<HTMLButtonElement>('.pages button:last-child')?.disabled).toBe(
      true,
    );
    await goTo('/stops?offset=50&plant=W1');
    await click('.pages button');
    expect(path()).toBe('/stops?plant=W1');
  });

  it('leads on from a row, with the filters that it is given', async () => {
    await show('/stops', {
      rowLink: (row: { interaction_id: string }) =>
        row.interaction_id === 'I-1'
          ? { commands: ['/provenance'], queryParams: { interaction_id: 'I-1' } }
          : null,
    });
    expect(element.querySelector('tbody a')?.getAttribute('href')).toBe(
      '/provenance?interaction_id=I-1',
    );
    expect(element.querySelectorAll('tbody a').length).toBe(1);
  });

  it('leads on from the column that it is told to', async () => {
    await show('/stops', { linkColumn: 'reason_text', rowLink: () => ({ commands: ['/stops'] }) });
    expect(texts('tbody a')).toEqual(['Jam']);
    fixture.componentRef.setInput('linkColumn', 'unknown');
    TestBed.tick();
    expect(texts('tbody a')).toEqual(['M-104', 'M-104']);
  });

  it('marks rows that there is something to know about, and says what', async () => {
    await show('/stops', {
      rowNote: (row: { interaction_id: string }) => (row.interaction_id === 'I-2' ? 'partly' : null),
    });
    expect(texts('.noted td:first-child .visually-hidden')).toEqual(['partly']);
    expect(element.querySelectorAll('.noted').length).toBe(1);
  });

  it('exports what is shown: filters, order and columns', async () => {
    await show('/stops?plant=W1&columns=work_center', {
      page: stops(),
      exportView: 'stops',
      exportParams: { reason_code: 'T10' },
    });
    const [csv, xlsx] = [...element.querySelectorAll('a.export')].map((a) =>
      a.getAttribute('href'),
    );
    expect(csv).toBe(
      'api/v1/export.csv?view=stops&plant=W1&reason_code=T10&sort=-started_at&columns=work_center&language=en',
    );
    expect(xlsx).toContain('export.xlsx');
  });

  it('says that there are no rows', async () => {
    await show('/stops', { rows: [] });
    expect(texts('tbody td')).toEqual(['No rows']);
  });

  it('shows texts from data as texts', async () => {
    await show('/stops', { rows: [stopRow({ reason_text: '<b>bold</b>' })] });
    expect(element.querySelector('tbody b')).toBeNull();
  });
});
