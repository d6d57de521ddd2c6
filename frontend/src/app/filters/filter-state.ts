import { Location } from '@angular/common';
import { Injectable, computed, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { NavigationEnd, Router } from '@angular/router';
import { filter } from 'rxjs';
import {
  Filters,
  QueryParams,
  changeFilters,
  formatFilters,
  parseFilters,
  parsePaging,
  travellingParams,
} from './codec';

/** Filters and view parameters, read from the address and changed by going to another address. */
@Injectable({ providedIn: 'root' })
export class FilterState {
  private readonly router = inject(Router);
  private readonly query = signal<QueryParams>(this.read(inject(Location).path()), {
    equal: (a, b) => JSON.stringify(a) === JSON.stringify(b),
  });

  /** All parameters of the address, known or not. */
  readonly params = this.query.asReadonly();
  readonly filters = computed(() => parseFilters(this.query()));
  /** The filters as the API is asked with them. */
  readonly apiParams = computed(() => formatFilters(this.filters()));
  /** `[queryParams]` of links to other views. */
  readonly travelling = computed(() => travellingParams(this.query()));
  /** Order and page of the table of a view: `api.resource('stops', () => state.paging())`. */
  readonly paging = computed(() => parsePaging(this.query()));
  readonly isKiosk = computed(() => this.param('kiosk') === '1');

  constructor() {
    this.router.events
      .pipe(
        filter((event) => event instanceof NavigationEnd),
        takeUntilDestroyed(),
      )
      .subscribe((event) => this.query.set(this.read(event.urlAfterRedirects)));
  }

  /** The first value of a parameter; reads a signal, so it may stand in `computed`. */
  param(name: string): string | null {
    const value = this.query()[name];
    return (typeof value === 'string' ? value : value?.[0]) ?? null;
  }

  /** With `replace` the way back leads to before the previous change. */
  update(change: Partial<Filters>, replace = false): void {
    this.navigate(changeFilters(this.query(), change), replace);
  }

  /** Clears all filters; kiosk mode, and what belongs to the view, stays. */
  clear(): void {
    const cleared = Object.keys(formatFilters(this.filters()));
    this.navigate(
      Object.fromEntries(
        Object.entries(this.query()).filter(([name]) => ![...cleared, 'offset'].includes(name)),
      ),
    );
  }

  /** Sets parameters of a view (`sort`, `offset`, …); null takes one out; `replace` as above. */
  setParams(
    change: Readonly<Record<string, string | number | readonly string[] | null>>,
    replace = false,
  ): void {
    const changed: Record<string, string | readonly string[] | null | undefined> = {
      ...this.query(),
    };
    for (const [name, value] of Object.entries(change)) {
      changed[name] = typeof value === 'number' ? String(value) : value;
    }
    this.navigate(changed, replace);
  }

  private navigate(queryParams: QueryParams, replaceUrl = false): void {
    void this.router.navigate([], { queryParams, replaceUrl });
  }

  private read(url: string): QueryParams {
    return this.router.parseUrl(url).queryParams as QueryParams;
  }
}
