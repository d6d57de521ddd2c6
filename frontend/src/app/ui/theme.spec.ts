import { TestBed } from '@angular/core/testing';
import { Theme } from './theme';

describe('Theme', () => {
  afterEach(() => {
    delete document.documentElement.dataset['theme'];
    vi.unstubAllGlobals();
  });

  it('follows the system until there is a choice, and when that is taken back', () => {
    let follow: ((event: { matches: boolean }) => void) | undefined;
    vi.stubGlobal('matchMedia', () => ({
      matches: true,
      addEventListener: (_: string, listener: typeof follow) => (follow = listener),
      removeEventListener: () => undefined,
    }));
    const theme = TestBed.inject(Theme);
    expect(theme.isDark()).toBe(true);
    follow?.({ matches: false });
    expect(theme.isDark()).toBe(false);

    theme.choose('dark');
    TestBed.tick();
    expect(theme.isDark()).toBe(true);
    expect(document.documentElement.dataset['theme']).toBe('dark');

    theme.choose('system');
    TestBed.tick();
    expect(theme.isDark()).toBe(false);
    expect(document.documentElement.dataset['theme']).toBeUndefined();
  });

  it('is the same on the next visit', () => {
    localStorage.setItem('te-assets.theme', 'dark');
    expect(TestBed.inject(Theme).isDark()).toBe(true);
  });
});
