import { Component, computed, input, output, signal } from '@angular/core';
import { Dropdown } from '../ui/dropdown';
import type { Option } from '../ui/option';

/** So many can be looked through; of more the search finds them. */
const MOST_SHOWN = 200;
const SEARCH_FROM = 8;

export interface Choice {
  readonly values: string[];
  /** Not the first change since the panel was opened: the way back leads to before it. */
  readonly again: boolean;
}

/** A filter with any number of values; none means all. */
@Component({
  selector: 'te-multi-select',
  imports: [Dropdown],
  template: `
    <te-dropdown
      [label]="label()"
      [value]="summary()"
      [active]="isFilter() && values().length > 0"
      [disabled]="options().length === 0 && values().length === 0"
      (opened)="start()"
    >
      @if (options().length >= searchFrom) {
        <input
          type="search"
          class="search"
          [attr.aria-label]="searchLabel()"
          [placeholder]="searchLabel()"
          [value]="wanted()"
          (input)="wanted.set($any($event.target).value)"
        />
      }
      <fieldset>
        <legend class="visually-hidden">{{ label() }}</legend>
        @for (option of shown(); track option.value) {
          <label>
            <input
              type="checkbox"
              [checked]="chosen().has(option.value)"
              (change)="toggle(option.value)"
            />
            <span class="text">{{ option.label }}</span>
            @if (option.hint) {
              <span class="hint">{{ option.hint }}</span>
            }
          </label>
        } @empty {
          <p i18n="@@filter.noMatch">No match</p>
        }
      </fieldset>
      @if (hidden() > 0) {
        <p i18n="@@filter.moreMatches">{{ hidden() }} more: search for them</p>
      }
      @if (values().length > 0) {
        <button type="button" class="all" (click)="emit([])">
          {{ isFilter() ? allLabel : standardLabel }}
        </button>
      }
    </te-dropdown>
  `,
  styleUrl: '../ui/choices.scss',
})
export class MultiSelect {
  readonly label = input.required<string>();
  readonly options = input.required<readonly Option[]>();
  readonly values = input.required<readonly string[]>();
  /** None means all and a choice is to be seen; else none means what is usual. */
  readonly isFilter = input(true);
  readonly choose = output<Choice>();

  protected readonly searchFrom = SEARCH_FROM;
  protected readonly allLabel = $localize`:@@filter.all:All`;
  protected readonly standardLabel = $localize`:@@filter.standard:As usual`;
  protected readonly wanted = signal('');
  private hasChanged = false;

  protected readonly chosen = computed(() => new Set(this.values()));
  /** With what the address has and the site does not know: it can be taken out here, too. */
  private readonly all = computed<readonly Option[]>(() => {
    const known = new Set(this.options().map((option) => option.value));
    const strangers = this.values().filter((value) => !known.has(value));
    return [...strangers.map((value) => ({ value, label: value })), ...this.options()];
  });
  private readonly matching = computed(() => {
    const wanted = this.wanted().trim().toLowerCase();
    return wanted
      ? this.all().filter(({ label, hint }) => `${label} ${hint ?? ''}`.toLowerCase().includes(wanted))
      : this.all();
  });
  protected readonly shown = computed(() => this.matching().slice(0, MOST_SHOWN));
  protected readonly hidden = computed(() => this.matching().length - this.shown().length);
  protected readonly searchLabel = computed(
    () => $localize`:@@filter.search:Search: ${this.label()}:FILTER:`,
  );
  protected readonly summary = computed(() => {
    const [only, ...others] = this.values();
    if (only === undefined) return '';
    if (others.length > 0) return String(others.length + 1);
    return this.options().find((option) => option.value === only)?.label ?? only;
  });

  protected start(): void {
    this.hasChanged = false;
    this.wanted.set('');
  }

  protected toggle(value: string): void {
    const values = this.values();
    this.emit(
      values.includes(value) ? values.filter((each) => each !== value) : [...values, value],
    );
  }

  protected emit(values: string[]): void {
    this.choose.emit({ values, again: this.hasChanged });
    this.hasChanged = true;
  }
}
