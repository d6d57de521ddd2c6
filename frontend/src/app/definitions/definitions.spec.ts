import { TestBed } from '@angular/core/testing';
import { DEFINITIONS } from '../../testing/fixtures';
import { answer, goTo, providePage, settle } from '../../testing/provide';
import { DefinitionLink } from './definition-link';
import { Definitions } from './definitions';

describe('Definitions', () => {
  let element: HTMLElement;

  async function show(address: string): Promise<void> {
    TestBed.configureTestingModule({ providers: providePage() });
    await goTo(address);
    element = TestBed.createComponent(Definitions).nativeElement as HTMLElement;
    document.body.append(element);
    TestBed.tick();
    await answer('api/v1/definitions', DEFINITIONS);
    await settle();
  }

  afterEach(() => element.remove());

  it('shows the choices of the site and the terms, whatever the filters are', async () => {
    await show('/definitions?plant=W1');
    expect(element.querySelector('.policies')?.textContent).toContain('5 min');
    const term = element.querySelector('#availability')?.textContent;
    for (const part of ['APT / PBT', 'ISO 22400-2', 'availability.availability']) {
      expect(term).toContain(part);
    }
  });

  it('has no line for a standard that has no such term', async () => {
    await show('/definitions');
    expect(element.querySelector('#scrap_rate')?.textContent).toContain('scrap ratio');
    expect(element.querySelectorAll('article').length).toBe(2);
  });

  it('lists the terms, each with its anchor', async () => {
    await show('/definitions?plant=W1');
    const links = [...element.querySelectorAll('nav a')].map((link) => link.getAttribute('href'));
    expect(links[0]).toContain('#availability');
    expect(links.at(-1)).toContain('#policies');
  });
});

describe('the link to a definition', () => {
  it('leads to the term, with the filters, and says so in words', async () => {
    TestBed.configureTestingModule({ providers: providePage() });
    await goTo('/overview?plant=W1&sort=-stops');
    const fixture = TestBed.createComponent(DefinitionLink);
    fixture.componentRef.setInput('term', 'scrap_rate');
    fixture.componentRef.setInput('of', 'Scrap rate');
    TestBed.tick();
    const link = (fixture.nativeElement as HTMLElement).querySelector('a');
    expect(link?.getAttribute('href')).toBe('/definitions?plant=W1#scrap_rate');
    expect(link?.getAttribute('aria-label')).toBe('What Scrap rate means');
  });
});
