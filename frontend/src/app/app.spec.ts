import { TestBed } from '@angular/core/testing';
import { Title } from '@angular/platform-browser';
import { TitleStrategy } from '@angular/router';
import { FakeEventSource } from '../testing/fake-event-source';
import { about, availability } from '../testing/fixtures';
import { answer, answerMeta, goTo, providePage, settle } from '../testing/provide';
import { Api } from './api/api';
import { App } from './app';
import { ProductTitle } from './app.config';
import { routes } from './app.routes';

describe('App', () => {
  let element: HTMLElement;

  async function show(url: string): Promise<void> {
    TestBed.configureTestingModule({
      providers: [
        ...providePage('en', routes),
        { provide: TitleStrategy, useClass: ProductTitle },
      ],
    });
    const fixture = TestBed.createComponent(App);
    element = fixture.nativeElement as HTMLElement;
    document.body.append(element);
    await goTo(url);
    await settle();
  }

  afterEach(() => {
    element.remove();
    document.documentElement.classList.remove('kiosk');
  });

  it('has its landmarks, and a way past the navigation', async () => {
    await show('/definitions');
    for (const each of ['header', 'nav[aria-label]', 'main']) {
      expect(element.querySelector(each)).not.toBeNull();
    }
    element.querySelector<HTMLElement>('.skip')?.click();
    expect(document.activeElement?.id).toBe('main');
  });

  it('names the page in the title', async () => {
    await show('/definitions');
    expect(TestBed.inject(Title).getTitle()).toBe('Definitions · te_assets');
    await goTo('/nowhere');
    expect(TestBed.inject(Title).getTitle()).toBe('Page not found · te_assets');
  });

  it('takes filters along in the navigation, and leaves what belongs to a view', async () => {
    await show('/definitions?plant=W1&sort=name');
    const link = element.querySelector('te-navigation nav a[href*=definitions]');
    expect(link?.getAttribute('href')).toBe('/definitions?plant=W1');
    expect(link?.getAttribute('aria-current')).toBe('page');
  });

  it('begins to read anew on another page, but not after other filters', async () => {
    await show('/definitions');
    await goTo('/definitions?plant=W1');
    expect(document.activeElement?.id).not.toBe('main');
    await goTo('/nowhere');
    expect(document.activeElement?.id).toBe('main');
  });

  it('is nothing but the view on a wallboard', async () => {
    await show('/definitions?kiosk=1');
    expect(element.querySelector('te-toolbar, te-navigation, te-filter-bar')).toBeNull();
    expect(document.documentElement.classList.contains('kiosk')).toBe(true);
    FakeEventSource.last.fail(false);
    await settle();
    expect(element.querySelector('.lost[role=status]')?.textContent).toContain('Connection lost');
  });

  it('tells quietly that the connection is lost, and that it is back', async () => {
    await show('/definitions');
    FakeEventSource.last.fail(false);
    await settle();
    expect(element.querySelector('te-toolbar [role=status]')?.textContent).toContain(
      'Connection lost',
    );
    FakeEventSource.last.open();
    await settle();
    expect(element.querySelector('te-toolbar [role=status]')).toBeNull();
  });

  it('tells how new the data is, or as of when it is shown', async () => {
    await show('/definitions?plant=W1');
    await answerMeta();
    TestBed.runInInjectionContext(() => TestBed.inject(Api).resource('availability'));
    TestBed.tick();
    await answer('availability', availability());
    expect(element.querySelector('te-toolbar')?.textContent).toContain(
      'Data until 9 Mar 2026, 06:00',
    );

    await goTo('/definitions?plant=W1&as_of=2026-03-06T11:00:00Z');
    await answer('as_of', availability({ about: about({ as_of: '2026-03-06T11:00:00Z' }) }));
    expect(element.querySelector('te-toolbar')?.textContent).toContain(
      'as shown on 6 Mar 2026, 12:00:00',
    );
  });
});
