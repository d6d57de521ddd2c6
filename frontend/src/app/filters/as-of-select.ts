import { Component, computed, inject, input, linkedSignal, output, viewChild } from '@angular/core';
import { LANGUAGE, LOCALES } from '../../locale/language';
import { instant } from '../format/format';
import { instantToLocal, localToInstant } from '../format/zone';
import { Dropdown } from '../ui/dropdown';
import { filterName } from './filter-text';

/** Figures as they were shown at an instant, which is typed on the clock of the plant. */
@Component({
  selector: 'te-as-of-select',
  imports: [Dropdown],
  template: `
    <te-dropdown [label]="label" [value]="summary()" icon="history" [active]="value() !== null">
      <p i18n="@@filter.asOfHelp">Figures change when files come late. Show what was known then:</p>
      <div class="dates">
        <label class="wide">
          <span i18n="@@filter.asOfInstant">Day and time, {{ zone() }}</span>
          <input
            type="datetime-local"
            class="date"
            [value]="local()"
            [min]="earliest()"
            (input)="local.set($any($event.target).value)"
          />
        </label>
        <button
          type="button"
          class="all"
          [disabled]="!local()"
          (click)="apply()"
          i18n="@@filter.asOfApply"
        >
          Show
        </button>
        <button
          type="button"
          class="all"
          [disabled]="value() === null"
          (click)="now()"
          i18n="@@filter.asOfNow"
        >
          As of now
        </button>
      </div>
    </te-dropdown>
  `,
  styleUrl: '../ui/choices.scss',
})
export class AsOfSelect {
  readonly value = input.required<string | null>();
  readonly zone = input.required<string>();
  /** Before it nothing was shown. */
  readonly first = input<string | null>(null);
  readonly choose = output<string | null>();

  private readonly locale = LOCALES[inject(LANGUAGE)];
  private readonly dropdown = viewChild.required(Dropdown);
  protected readonly label = filterName('as_of');
  protected readonly local = linkedSignal(() => this.onClock(this.value()));
  protected readonly earliest = computed(() => this.onClock(this.first()));
  protected readonly summary = computed(() => {
    const value = this.value();
    return value ? instant(value, this.locale, this.zone()) : '';
  });

  protected apply(): void {
    const chosen = localToInstant(this.local(), this.zone());
    if (!chosen) return;
    this.choose.emit(chosen);
    this.dropdown().close();
  }

  protected now(): void {
    this.choose.emit(null);
    this.dropdown().close();
  }

  private onClock(value: string | null): string {
    return value ? instantToLocal(value, this.zone()) : '';
  }
}
