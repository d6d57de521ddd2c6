import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { FilterState } from '../filters/filter-state';

export interface Segment {
  readonly value: string;
  readonly label: string;
}

/** One of a few ways to look at a view. Each is a link: the choice stands in the address as `param`. */
@Component({
  selector: 'te-segments',
  imports: [RouterLink],
  template: `
    <nav [attr.aria-label]="label()">
      @for (item of items(); track item.value) {
        <a
          [routerLink]="[]"
          [queryParams]="item.queryParams"
          [attr.aria-current]="item.value === value() ? 'true' : null"
          >{{ item.label }}</a
        >
      }
    </nav>
  `,
  styles: `
    nav {
      display: inline-flex;
      flex-wrap: wrap;
      overflow: hidden;
      border: 1px solid var(--te-line);
      border-radius: 0.5rem;
      background: var(--te-card);
    }
    a {
      display: inline-flex;
      align-items: center;
      min-height: 2.125rem;
      padding: 0 0.75rem;
      color: inherit;
      text-decoration: none;
      white-space: nowrap;

      & + a {
        border-left: 1px solid var(--te-line);
      }
      &:hover {
        background: color-mix(in srgb, var(--mat-sys-primary) 8%, transparent);
      }
      &:focus-visible {
        outline-offset: -3px;
      }
    }
    [aria-current] {
      background: color-mix(in srgb, var(--mat-sys-primary) 16%, transparent);
      box-shadow: inset 0 -2px 0 var(--mat-sys-primary);
      font-weight: 600;
    }
  `,
})
export class Segments {
  readonly label = input.required<string>();
  /** Parameter of the address. */
  readonly param = input.required<string>();
  readonly options = input.required<readonly Segment[]>();
  /** What counts now, chosen or by default. */
  readonly value = input.required<string | null>();
  /** Parameters that mean nothing once the choice is another one. */
  readonly resets = input<readonly string[]>([]);

  private readonly state = inject(FilterState);

  protected readonly items = computed(() => {
    const gone = Object.fromEntries(this.resets().map((name) => [name, null]));
    return this.options().map(({ value, label }) => ({
      value,
      label,
      queryParams: { ...this.state.params(), ...gone, offset: null, [this.param()]: value },
    }));
  });
}
