import { Component, computed, input, output, viewChild } from '@angular/core';
import { Dropdown } from './dropdown';
import type { IconName } from './icons';
import type { Option } from './option';

let count = 0;

/** One of a few values, or none. */
@Component({
  selector: 'te-single-select',
  imports: [Dropdown],
  template: `
    <te-dropdown
      [label]="label()"
      [value]="summary()"
      [active]="value() !== null && !isCompact()"
      [icon]="icon()"
      [isCompact]="isCompact()"
    >
      <fieldset>
        <legend class="visually-hidden">{{ label() }}</legend>
        @for (option of options(); track option.value) {
          <label>
            <input
              type="radio"
              [name]="name"
              [checked]="option.value === (value() ?? fallback())"
              (change)="choose.emit(option.value)"
              (click)="closeIfPointed($event)"
            />
            <span class="text" [attr.lang]="option.language">{{ option.label }}</span>
          </label>
        }
      </fieldset>
    </te-dropdown>
  `,
  styleUrl: './choices.scss',
})
export class SingleSelect {
  readonly label = input.required<string>();
  readonly options = input.required<readonly Option[]>();
  readonly value = input.required<string | null>();
  /** What counts while nothing is chosen. */
  readonly fallback = input<string | null>(null);
  readonly icon = input<IconName>();
  /** As its icon alone. */
  readonly isCompact = input(false);
  readonly choose = output<string>();

  protected readonly name = `te-single-select-${++count}`;
  private readonly dropdown = viewChild.required(Dropdown);
  protected readonly summary = computed(() => {
    const value = this.value() ?? this.fallback();
    return this.options().find((option) => option.value === value)?.label ?? '';
  });

  // Arrow keys click, too, but at no place; who uses them goes on looking.
  protected closeIfPointed(event: MouseEvent): void {
    if (event.detail > 0) this.dropdown().close();
  }
}
