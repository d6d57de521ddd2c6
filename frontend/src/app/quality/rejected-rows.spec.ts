import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { about } from '../../testing/fixtures';
import { answer, goTo, providePage, settle } from '../../testing/provide';
import { rejectedRows } from '../../testing/views';
import { RejectedRows } from './rejected-rows';

const FILE = 'a'.repeat(64);

describe('RejectedRows', () => {
  let element: HTMLElement;

  async function show(address: string, match: string, body = rejectedRows()): Promise<void> {
    TestBed.configureTestingModule({ providers: providePage() });
    await goTo(address);
    element = TestBed.createComponent(RejectedRows).nativeElement as HTMLElement;
    TestBed.tick();
    await answer(match, body);
    await settle();
  }

  it('shows a page of rows with the faulty cell, to be downloaded as shown', async () => {
    await show('/rejected-rows?rule=required&offset=50', 'rule=required&is_open=true&offset=50');
    expect(element.querySelector('tbody')?.textContent).toContain('Log!C24');
    const [csv] = [...element.querySelectorAll('a[download]')].map((link) =>
      link.getAttribute('href'),
    );
    expect(csv).toContain('view=rejected-rows');
    expect(csv).toContain('rule=required');
    expect(csv).toContain('is_open=true');
  });

  it('shows those that were repaired, too, where that is chosen', async () => {
    await show(`/rejected-rows?file=${FILE}&open=0`, `file=${FILE}&is_open=false`);
    expect(element.querySelector<HTMLInputElement>('input')?.checked).toBe(false);
    expect(element.querySelector('.narrowing')?.textContent).toContain('a.xlsx');
  });

  it('does not ask for a file that can be none', async () => {
    await show('/rejected-rows?file=nonsense', 'rejected-rows?is_open=true');
    expect(element.querySelector('.narrowing button')).toBeNull();
  });

  it('drops what it is narrowed to, and begins at the first page', async () => {
    await show('/rejected-rows?rule=required&offset=50', 'rejected-rows');
    element.querySelector<HTMLElement>('.narrowing button')?.click();
    await vi.waitFor(() => expect(TestBed.inject(Router).url).toBe('/rejected-rows'));
  });

  it('says why there is nothing', async () => {
    const note = { code: 'nothing_matches' as const, text: 'No row was rejected.' };
    const body = rejectedRows({ rows: [], total: 0, about: about({ notes: [note] }) });
    await show('/rejected-rows', 'rejected-rows', body);
    expect(element.textContent).toContain('No row was rejected.');
    expect(element.querySelector('table')).toBeNull();
  });
});
