import { TestBed } from '@angular/core/testing';
import { providePage } from '../../testing/provide';
import { Ranking, RankedRow, sharesOfGreatest } from './ranking';

const ROWS: RankedRow[] = [
  {
    key: 'a',
    label: 'Press',
    detail: 'W1 · M-1',
    link: { commands: ['/', 'machine', 'W1', 'M-1'], queryParams: { shift: ['early'] } },
    segments: [
      { share: 0.6, color: 'red' },
      { share: 0.4, color: 'blue', isStriped: true },
    ],
    values: ['2.0 h', '88.8%'],
  },
  { key: 'b', label: 'Saw', link: null, segments: [{ share: 0.5, color: 'red' }], values: ['1.0 h', '–'] },
];

describe('Ranking', () => {
  function show(): HTMLElement {
    TestBed.configureTestingModule({ providers: providePage() });
    const fixture = TestBed.createComponent(Ranking);
    const inputs = { caption: 'Worst', of: 'Machine', headings: ['Lost', 'Availability'], rows: ROWS };
    for (const [name, value] of Object.entries(inputs)) fixture.componentRef.setInput(name, value);
    TestBed.tick();
    return fixture.nativeElement as HTMLElement;
  }

  it('is a table whose rows lead on', () => {
    const element = show();
    expect(element.querySelector('caption')?.textContent.trim()).toBe('Worst');
    const links = [...element.querySelectorAll('a')];
    expect(links.map((link) => link.getAttribute('href'))).toEqual(['/machine/W1/M-1?shift=early']);
    expect([...element.querySelectorAll('tbody tr:last-child td')].map((td) => td.textContent)).toEqual([
      '1.0 h',
      '–',
    ]);
  });

  it('has a bar per row that screen readers pass over', () => {
    const bars = [...show().querySelectorAll<HTMLElement>('.bar')];
    expect(bars.every((bar) => bar.getAttribute('aria-hidden') === 'true')).toBe(true);
    const parts = [...(bars[0]?.querySelectorAll<HTMLElement>('span') ?? [])];
    expect(parts.map((part) => part.style.width)).toEqual(['60%', '40%']);
    expect(parts.map((part) => part.classList.contains('striped'))).toEqual([false, true]);
  });
});

describe('sharesOfGreatest', () => {
  it('is of the greatest, and nothing of nothing', () => {
    expect(sharesOfGreatest([4, 1, null])).toEqual([1, 0.25, 0]);
    expect(sharesOfGreatest([0, null])).toEqual([0, 0]);
    expect(sharesOfGreatest([])).toEqual([]);
  });
});
