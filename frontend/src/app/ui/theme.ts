import { DOCUMENT, DestroyRef, Injectable, computed, effect, inject, signal } from '@angular/core';

export type ThemeChoice = 'light' | 'dark' | 'system';

const STORED_AS = 'te-assets.theme';

/** Light or dark, as chosen or as the system has it. CSS follows `data-theme` of the root element. */
@Injectable({ providedIn: 'root' })
export class Theme {
  private readonly root = inject(DOCUMENT).documentElement;
  private readonly system = matchMedia('(prefers-color-scheme: dark)');
  private readonly systemIsDark = signal(this.system.matches);

  readonly choice = signal<ThemeChoice>(this.stored());
  readonly isDark = computed(() =>
    this.choice() === 'system' ? this.systemIsDark() : this.choice() === 'dark',
  );

  constructor() {
    const follow = (event: MediaQueryListEvent) => this.systemIsDark.set(event.matches);
    this.system.addEventListener('change', follow);
    inject(DestroyRef).onDestroy(() => this.system.removeEventListener('change', follow));
    effect(() => {
      const choice = this.choice();
      if (choice === 'system') delete this.root.dataset['theme'];
      else this.root.dataset['theme'] = choice;
    });
  }

  choose(choice: ThemeChoice): void {
    this.choice.set(choice);
    try {
      localStorage.setItem(STORED_AS, choice);
    } catch {
      // without storage the choice holds until the page is left
    }
  }

  private stored(): ThemeChoice {
    try {
      const stored = localStorage.getItem(STORED_AS);
      return stored === 'light' || stored === 'dark' ? stored : 'system';
    } catch {
      return 'system';
    }
  }
}
