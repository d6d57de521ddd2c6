import { Component, computed, inject, input, linkedSignal, output, viewChild } from '@angular/core';
import { LANGUAGE, LOCALES } from '../../locale/language';
import type { Period } from '../api/model';
import { dayRange } from '../format/format';
import { Dropdown } from '../ui/dropdown';
import { Filters, PERIODS } from './codec';
import { filterName, periodText } from './filter-text';

/** A relative period, or the days from one to another. */
@Component({
  selector: 'te-period-select',
  imports: [Dropdown],
  template: `
    <te-dropdown [label]="label" [value]="summary()" icon="calendar" [active]="isSet()">
      <fieldset>
        <legend class="visually-hidden">{{ label }}</legend>
        @for (option of options; track option.value) {
          <label>
            <input
              type="radio"
              name="te-period"
              [checked]="option.value === checked()"
              (change)="choose.emit({ period: option.value })"
              (click)="closeIfPointed($event)"
            />
            <span class="text">{{ option.label }}</span>
          </label>
        }
      </fieldset>
      <div class="dates">
        <label>
          <span i18n="@@filter.from">From</span>
          <input
            type="date"
            class="date"
            [value]="from() ?? ''"
            [min]="firstDay() ?? ''"
            (input)="from.set($any($event.target).value || null)"
          />
        </label>
        <label>
          <span i18n="@@filter.to">To</span>
          <input
            type="date"
            class="date"
            [value]="to() ?? ''"
            [min]="from() ?? ''"
            (input)="to.set($any($event.target).value || null)"
          />
        </label>
        @if (isReversed()) {
          <p class="wrong" role="alert" i18n="@@filter.reversed">The end is before the start</p>
        }
        <button
          type="button"
          class="all wide"
          [disabled]="!from() || !to() || isReversed()"
          (click)="apply()"
          i18n="@@filter.apply"
        >
          Apply days
        </button>
      </div>
    </te-dropdown>
  `,
  styleUrl: '../ui/choices.scss',
})
export class PeriodSelect {
  readonly filters = input.required<Filters>();
  /** The days that answers are of now: where the choice of days starts from. */
  readonly shownFrom = input<string | null>(null);
  readonly shownTo = input<string | null>(null);
  /** The first day with data. */
  readonly firstDay = input<string | null>(null);
  readonly choose = output<Partial<Filters>>();

  private readonly locale = LOCALES[inject(LANGUAGE)];
  private readonly dropdown = viewChild.required(Dropdown);
  protected readonly label = filterName('period');
  protected readonly options = PERIODS.map((value) => ({ value, label: periodText(value) }));
  protected readonly from = linkedSignal(() => this.filters().from ?? this.shownFrom());
  protected readonly to = linkedSignal(() => this.filters().to ?? this.shownTo());
  protected readonly isReversed = computed(() => {
    const [from, to] = [this.from(), this.to()];
    return from !== null && to !== null && to < from;
  });
  protected readonly isSet = computed(() => !!this.filters().period || !!this.filters().from);
  protected readonly checked = computed<Period | null>(() =>
    this.filters().from ? null : (this.filters().period ?? 'latest'),
  );
  protected readonly summary = computed(() => {
    const { from, to, period } = this.filters();
    if (!from || !to) return periodText(period ?? 'latest');
    return dayRange(from, to, this.locale);
  });

  protected apply(): void {
    this.choose.emit({ from: this.from(), to: this.to() });
    this.dropdown().close();
  }

  protected closeIfPointed(event: MouseEvent): void {
    if (event.detail > 0) this.dropdown().close();
  }
}
