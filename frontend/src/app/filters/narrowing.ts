import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Icon } from '../ui/icon';
import { FilterState } from './filter-state';
import { values } from './view-params';

export interface Narrowed {
  /** Parameter of the address. */
  readonly param: string;
  readonly label: string;
  /** How a value is called; as it is unless told. */
  readonly text?: (value: string) => string;
}

/** What a view is narrowed to beside the filters, each with the way out. */
@Component({
  selector: 'te-narrowing',
  imports: [Icon, RouterLink],
  template: `
    @if (chips().length > 0) {
      <ul>
        @for (chip of chips(); track chip.text) {
          <li>
            <a [routerLink]="[]" [queryParams]="chip.queryParams">
              <span class="visually-hidden" i18n="@@filter.remove">Remove filter</span>
              {{ chip.text }}
              <te-icon name="close" />
            </a>
          </li>
        }
      </ul>
    }
  `,
  styles: `
    ul {
      display: flex;
      flex-wrap: wrap;
      gap: 0.375rem;
      margin: 0;
      padding: 0;
      list-style: none;
    }
    a {
      display: inline-flex;
      align-items: center;
      gap: 0.375rem;
      min-height: 1.875rem;
      padding: 0 0.625rem;
      border: 1px solid var(--te-line);
      border-radius: 1rem;
      background: var(--te-card);
      color: inherit;
      text-decoration: none;
      overflow-wrap: anywhere;

      &:hover {
        border-color: var(--mat-sys-primary);
      }
    }
    te-icon {
      width: 0.875rem;
      height: 0.875rem;
    }
  `,
})
export class Narrowing {
  readonly by = input.required<readonly Narrowed[]>();

  private readonly state = inject(FilterState);

  protected readonly chips = computed(() => {
    const params = this.state.params();
    return this.by().flatMap(({ param, label, text }) =>
      values(params, param).map((value, index, all) => ({
        text: `${label}: ${text?.(value) ?? value}`,
        queryParams: {
          ...params,
          offset: null,
          [param]: all.length > 1 ? all.filter((_, other) => other !== index) : null,
        },
      })),
    );
  });
}

