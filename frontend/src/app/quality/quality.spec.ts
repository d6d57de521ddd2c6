import { TestBed } from '@angular/core/testing';
import { FakeChart } from '../../testing/fake-chart';
import { answer, answerMeta, goTo, providePage, settle } from '../../testing/provide';
import { freshnessRow, quality } from '../../testing/views';
import { LOAD_ECHARTS } from '../charts/chart';
import { Quality } from './quality';

describe('Quality', () => {
  let element: HTMLElement;

  async function show(body = quality()): Promise<void> {
    TestBed.configureTestingModule({
      providers: [
        ...providePage(),
        { provide: LOAD_ECHARTS, useValue: () => Promise.resolve(new FakeChart().init) },
      ],
    });
    await goTo('/quality?plant=W1');
    element = TestBed.createComponent(Quality).nativeElement as HTMLElement;
    TestBed.tick();
    await answerMeta();
    await answer('api/v1/quality', body);
    await settle();
  }
  const section = (id: string) => element.querySelector(`#${id}`);
  const hrefs = (id: string) =>
    [...(section(id)?.querySelectorAll('tbody a') ?? [])].map((link) => link.getAttribute('href'));

  it('says at the top that figures can be trusted, and in each part that nothing is wrong', async () => {
    await show();
    expect(element.querySelector('.verdict')?.textContent).toContain('can be trusted');
    expect(element.querySelectorAll('.fine').length).toBe(5);
  });

  it('leads from what is wrong to the part that shows it', async () => {
    const base = quality();
    await show(quality({ rules: { ...base.rules, total: 12 } }));
    const link = element.querySelector('.verdict a');
    expect(link?.textContent).toContain('12 rows');
    expect(link?.getAttribute('href')).toContain('#rules');
  });

  it('says fresh and out of date in words', async () => {
    const { columns } = quality().freshness;
    const rows = [freshnessRow(), freshnessRow({ plant: 'W2', is_fresh: false })];
    await show(quality({ freshness: { columns, rows } }));
    expect(section('freshness')?.textContent).toMatch(/fresh\s.*out of date/s);
  });

  it('leads from a file and from a rule to their rejected rows', async () => {
    const { columns } = quality().rules;
    const rule = { model: 'interactions', contract: 'c@1', column: 'x', rows: 3, example: '' };
    await show(quality({ rules: { columns, rows: [{ ...rule, rule: 'required' }], total: 3 } }));
    expect(hrefs('rules')).toEqual(['/rejected-rows?plant=W1&rule=required']);
    // A file without rejected rows leads nowhere.
    expect(hrefs('files')).toEqual([`/rejected-rows?plant=W1&file=${'b'.repeat(64)}&open=0`]);
  });

  it('says where rows were lost', async () => {
    const base = quality();
    await show(quality({ files: { ...base.files, differing: 1 } }));
    expect(section('files')?.querySelector('.fault')?.textContent).toContain('lost or doubled');
  });
});
