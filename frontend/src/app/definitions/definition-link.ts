import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { FilterState } from '../filters/filter-state';
import { Icon } from '../ui/icon';

/** Keys of the terms on the page of definitions, as the API has them. */
export type TermKey =
  | 'pot'
  | 'plan'
  | 'pbt'
  | 'down'
  | 'setup'
  | 'apt'
  | 'availability'
  | 'technical_availability'
  | 'total_availability'
  | 'technical_down'
  | 'short_stops'
  | 'unexplained'
  | 'stops'
  | 'uncovered'
  | 'coverage'
  | 'quantities'
  | 'produced'
  | 'scrap_rate'
  | 'fall_off'
  | 'rolled_yield'
  | 'attributed';

/** Leads from a figure to what it means here: `<te-definition-link term="availability" />`. */
@Component({
  selector: 'te-definition-link',
  imports: [Icon, RouterLink],
  template: `
    <a
      routerLink="/definitions"
      [fragment]="term()"
      [queryParams]="filterState.travelling()"
      [title]="label()"
      [attr.aria-label]="label()"
    >
      <te-icon name="info" />
    </a>
  `,
  styles: `
    :host {
      display: inline-flex;
      vertical-align: middle;
    }
    a {
      display: inline-flex;
      // Large enough for a finger.
      padding: 0.25rem;
      border-radius: 50%;
      color: var(--te-muted);
    }
    a:hover {
      color: var(--mat-sys-primary);
    }
    te-icon {
      width: 1rem;
      height: 1rem;
    }
  `,
})
export class DefinitionLink {
  readonly term = input.required<TermKey>();
  /** What is explained; for those who do not see what it stands beside. */
  readonly of = input('');

  protected readonly filterState = inject(FilterState);
  protected readonly label = computed(() =>
    this.of()
      ? $localize`:@@definitions.linkOf:What ${this.of()}:FIGURE: means`
      : $localize`:@@definitions.link:What this means`,
  );
}
