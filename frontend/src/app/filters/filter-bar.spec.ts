import { Location } from '@angular/common';
import { TestBed } from '@angular/core/testing';
import { answerMeta, goTo, providePage, settle } from '../../testing/provide';
import { FilterBar } from './filter-bar';

describe('FilterBar', () => {
  let element: HTMLElement;

  async function show(url: string): Promise<void> {
    TestBed.configureTestingModule({ providers: providePage() });
    await goTo(url);
    element = TestBed.createComponent(FilterBar).nativeElement as HTMLElement;
    TestBed.tick();
    await answerMeta();
  }

  afterEach(() => document.querySelector('.cdk-overlay-container')?.remove());

  const path = () => decodeURIComponent(TestBed.inject(Location).path());
  const panel = () => document.querySelector<HTMLElement>('.cdk-overlay-container .panel');

  function button(name: string, within: ParentNode = element): HTMLButtonElement {
    const found = [...within.querySelectorAll('button')].find((each) =>
      each.textContent.includes(name),
    );
    if (!found) throw new Error(`no button ${name}`);
    return found;
  }

  async function click(target: HTMLElement): Promise<void> {
    target.click();
    await new Promise((resolve) => setTimeout(resolve));
    await settle();
  }

  function option(name: string): HTMLInputElement {
    const found = [...(panel()?.querySelectorAll('label') ?? [])].find((each) =>
      each.textContent.includes(name),
    );
    const input = found?.querySelector('input');
    if (!input) throw new Error(`no option ${name}`);
    return input;
  }

  const chips = () =>
    [...element.querySelectorAll('.chips li:not(:last-child)')].map((chip) =>
      chip.textContent.replace('Remove filter', '').trim(),
    );

  it('says what of the address means nothing, and takes it out', async () => {
    await show('/overview?from=2026-03-08&to=2026-03-02&grain=hour&plant=W1&kept=1');
    expect(element.querySelector('.ignored')?.textContent).toContain('left out: From, To, Trend.');
    await click(button('Take it out'));
    expect(path()).toBe('/overview?kept=1&plant=W1');
    expect(element.querySelector('.ignored')).toBeNull();
  });

  it('does not offer what the page decides itself', async () => {
    await show('/machine?plant=W1&shift=early');
    const fixture = TestBed.createComponent(FilterBar);
    element = fixture.nativeElement as HTMLElement;
    fixture.componentRef.setInput('fixed', ['plant', 'line', 'work_center']);
    await settle();
    expect(() => button('Plant')).toThrow();
    expect(button('Shift')).toBeTruthy();
    expect(chips()).toEqual(['Shift: early']);
  });

  it('tells what is set, with names instead of codes', async () => {
    await show(
      '/x?from=2026-03-02&to=2026-03-08&grain=week&plant=W1&work_center=M-101&work_center=M-102&work_center=M-103',
    );
    expect(chips().map((chip) => chip.replace(/[\u2009\u00a0]/g, ' '))).toEqual([
      '2 – 8 Mar 2026',
      'by week',
      'Plant: W1 · Hamburg',
      'Work center: M-101 · Press 1, M-102 · Press 2 +1',
    ]);
  });

  it('takes a filter out where it is told', async () => {
    await show('/x?plant=W1&grain=week&kiosk=0');
    await click(button('Plant: W1'));
    expect(path()).toBe('/x?kiosk=0&grain=week');
    await click(button('Clear all'));
    expect(path()).toBe('/x?kiosk=0');
    expect(element.querySelector('.chips')).toBeNull();
  });

  it('sets several values, one way back for all of them', async () => {
    await show('/x');
    const steps = vi.spyOn(TestBed.inject(Location), 'replaceState');
    await click(button('Plant'));
    await click(option('Hamburg'));
    expect(path()).toBe('/x?plant=W1');
    expect(steps).not.toHaveBeenCalled();
    await click(option('Lyon'));
    expect(path()).toBe('/x?plant=W1&plant=W2');
    expect(steps).toHaveBeenCalledOnce();
    await click(option('Hamburg'));
    expect(path()).toBe('/x?plant=W2');
  });

  it('finds an option by a part of its name', async () => {
    await show('/x');
    await click(button('Work center'));
    const search = panel()?.querySelector<HTMLInputElement>('[type=search]');
    search!.value = 'lyon';
    search!.dispatchEvent(new Event('input'));
    await settle();
    expect(panel()?.querySelectorAll('label').length).toBe(1);
  });

  it('shows a value that the site does not know, so that it can be taken out', async () => {
    await show('/x?plant=W9');
    await click(button('Plant'));
    expect(option('W9').checked).toBe(true);
  });

  it('closes by Escape', async () => {
    await show('/x');
    await click(button('Plant'));
    expect(panel()).not.toBeNull();
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    await settle();
    expect(panel()).toBeNull();
  });

  it('sets a relative period in place of days', async () => {
    await show('/x?from=2026-03-02&to=2026-03-08');
    await click(button('Period'));
    option('Last week').checked = true;
    option('Last week').dispatchEvent(new Event('change'));
    await new Promise((resolve) => setTimeout(resolve));
    expect(path()).toBe('/x?period=last_week');
  });

  it('takes days only if they are a period', async () => {
    await show('/x');
    await click(button('Period'));
    const type = (label: string, value: string) => {
      const [from, to] = panel()!.querySelectorAll<HTMLInputElement>('[type=date]');
      const input = label === 'From' ? from! : to!;
      input.value = value;
      input.dispatchEvent(new Event('input'));
    };
    type('From', '2026-03-08');
    type('To', '2026-03-02');
    await settle();
    expect(panel()?.textContent).toContain('The end is before the start');
    expect(button('Apply days', panel()!).disabled).toBe(true);

    type('To', '2026-03-09');
    await settle();
    await click(button('Apply days', panel()!));
    expect(path()).toBe('/x?from=2026-03-08&to=2026-03-09');
    expect(panel()).toBeNull();
  });

  it('takes an instant on the clock of the plant, and writes it in UTC', async () => {
    await show('/x?plant=W1');
    await click(button('As shown on'));
    const input = option('Europe/Berlin');
    input.value = '2026-03-06T12:00';
    input.dispatchEvent(new Event('input'));
    await settle();
    await click(button('Show', panel()!));
    expect(path()).toBe('/x?as_of=2026-03-06T11:00:00Z&plant=W1');
  });

  it('folds on a phone, and tells whether it does', async () => {
    await show('/x?plant=W1');
    const fold = element.querySelector<HTMLElement>('.fold')!;
    expect(fold.textContent).toContain('1');
    expect(fold.getAttribute('aria-expanded')).toBe('false');
    await click(fold);
    expect(fold.getAttribute('aria-expanded')).toBe('true');
  });
});
