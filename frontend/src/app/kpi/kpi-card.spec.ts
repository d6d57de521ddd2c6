import { TestBed } from '@angular/core/testing';
import { card } from '../../testing/fixtures';
import { providePage } from '../../testing/provide';
import { KpiCard } from './kpi-card';

function show(inputs: Record<string, unknown>): HTMLElement {
  TestBed.configureTestingModule({ providers: providePage() });
  const fixture = TestBed.createComponent(KpiCard);
  for (const [name, value] of Object.entries(inputs)) fixture.componentRef.setInput(name, value);
  TestBed.tick();
  return fixture.nativeElement as HTMLElement;
}

describe('KpiCard', () => {
  it('tells the figure, what it is made of, how it was and what it should be', () => {
    const text = show({ card: card({ basis: 'last_operation' }) }).textContent;
    for (const part of ['88.9%', '373.0 / 420.0', '+1.7 pp', 'before: 87.1%', 'target 90.0%']) {
      expect(text).toContain(part);
    }
    expect(text).toContain('last operation');
  });

  it('says in words what colour and arrow say', () => {
    const text = show({ card: card() }).textContent;
    expect(text).toContain('better');
    expect(text).toContain('missed');
  });

  it('does not show zero for nothing', () => {
    const element = show({ card: card({ value: null, numerator: null }) });
    expect(element.querySelector('.value')?.textContent).toContain('no value');
    expect(element.querySelector('.change')).toBeNull();
  });

  it('leads on', () => {
    const link = { commands: ['/availability'], queryParams: { plant: 'W1' } };
    const element = show({ card: card(), link });
    expect(element.querySelector('a')?.getAttribute('href')).toBe('/availability?plant=W1');
  });
});
