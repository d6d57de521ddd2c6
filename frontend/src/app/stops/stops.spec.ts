import { Location } from '@angular/common';
import { ComponentFixture, TestBed } from '@angular/core/testing';
import { stops } from '../../testing/fixtures';
import { answer, answerMeta, goTo, providePage, settle } from '../../testing/provide';
import { Stops } from './stops';

describe('Stops', () => {
  let fixture: ComponentFixture<Stops>;

  async function show(url: string): Promise<void> {
    TestBed.configureTestingModule({ providers: providePage() });
    await goTo(url);
    fixture = TestBed.createComponent(Stops);
    TestBed.tick();
    await answerMeta();
  }

  const element = () => fixture.nativeElement as HTMLElement;
  const hrefs = (selector: string) =>
    [...element().querySelectorAll(selector)].map((link) =>
      decodeURIComponent(link.getAttribute('href') ?? ''),
    );

  it('asks for the page, order and reasons of the address', async () => {
    await show('/stops?reason_code=T10&reason_code=T20&sort=-attributed_seconds&offset=50&plant=W1');
    await answer(
      'stops?plant=W1&reason_code=T10&reason_code=T20&sort=-attributed_seconds&offset=50',
      stops(),
    );
    expect(element().textContent).toContain('1,230 stops with 17:00 h that count');
  });

  it('leads from a line to the cells that it was read from', async () => {
    await show('/stops?shift=late');
    await answer('stops', stops());
    expect(hrefs('tbody a')[0]).toBe(
      '/provenance?from=2026-03-02&to=2026-03-02&plant=W1&work_center=M-104&shift=early' +
        '&reason_class=technical&mart=downtime_reasons&interaction_id=I-1' +
        '&file=ab12&file_name=interactions_2026-03-02.xlsx&sheet=Log&row=31',
    );
  });

  it('exports the reasons that are chosen', async () => {
    await show('/stops?reason_code=T10');
    await answer('stops', stops());
    expect(hrefs('a.export')[0]).toContain('view=stops&reason_code=T10&sort=-started_at');
  });

  it('tells what it is narrowed to, by name, and the way out', async () => {
    await show('/stops?reason_code=T10&reason_code=T20&interaction_id=I-1&offset=50');
    await answer('stops', stops());
    const chips = [...element().querySelectorAll<HTMLAnchorElement>('te-narrowing a')];
    expect(chips.map((chip) => chip.textContent.replace(/\s+/g, ' ').trim())).toEqual([
      'Remove filter Reason: T10 · Jam',
      'Remove filter Reason: T20',
      'Remove filter Stop: I-1',
    ]);
    chips[0]?.click();
    await new Promise((resolve) => setTimeout(resolve));
    await settle();
    expect(TestBed.inject(Location).path()).toBe('/stops?reason_code=T20&interaction_id=I-1');
  });
});
