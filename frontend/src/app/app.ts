import {
  Component,
  DOCUMENT,
  ElementRef,
  computed,
  effect,
  inject,
  signal,
  viewChild,
} from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { NavigationEnd, Router, RouterOutlet } from '@angular/router';
import { filter, pairwise } from 'rxjs';
import { Events } from './api/events';
import { FilterBar } from './filters/filter-bar';
import type { ListFilter } from './filters/codec';
import { FilterState } from './filters/filter-state';
import { Navigation } from './shell/navigation';
import { Toolbar } from './shell/toolbar';

/** The frame around all views; on a wallboard (`?kiosk=1`) nothing of it is left but the view. */
@Component({
  selector: 'te-root',
  imports: [RouterOutlet, Toolbar, Navigation, FilterBar],
  templateUrl: './app.html',
  styleUrl: './app.scss',
})
export class App {
  private readonly main = viewChild.required<ElementRef<HTMLElement>>('main');
  private readonly filterState = inject(FilterState);
  protected readonly isKiosk = this.filterState.isKiosk;
  protected readonly lost = inject(Events).lost;
  private readonly isFiltered = signal(false);
  protected readonly fixed = signal<readonly ListFilter[]>([]);
  protected readonly hasFilters = computed(() => this.isFiltered() && !this.isKiosk());

  constructor() {
    inject(Events).connect();
    const root = inject(DOCUMENT).documentElement;
    effect(() => root.classList.toggle('kiosk', this.isKiosk()));

    const router = inject(Router);
    router.events
      .pipe(
        filter((event) => event instanceof NavigationEnd),
        takeUntilDestroyed(),
      )
      .subscribe(() => {
        const route = router.routerState.snapshot.root.firstChild;
        this.isFiltered.set(route?.data['isFiltered'] === true);
        this.fixed.set((route?.data['fixed'] ?? []) as readonly ListFilter[]);
      });

    // On another page the reading starts anew; other filters leave the focus where it is.
    router.events
      .pipe(
        filter((event) => event instanceof NavigationEnd),
        pairwise(),
        filter(([before, after]) => pathOf(before) !== pathOf(after)),
        takeUntilDestroyed(),
      )
      .subscribe(() => this.focusMain());
  }

  // A link `#main` would leave the mount path: it is relative to the base of the document.
  protected skip(event: Event): void {
    event.preventDefault();
    this.focusMain();
  }

  private focusMain(): void {
    this.main().nativeElement.focus({ preventScroll: true });
  }
}

function pathOf(event: NavigationEnd): string | undefined {
  return event.urlAfterRedirects.split('?')[0];
}
