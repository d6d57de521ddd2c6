import { Component, computed, input } from '@angular/core';
import { ICONS, IconName } from './icons';

/** An icon beside a text that says the same; screen readers pass over it. */
@Component({
  selector: 'te-icon',
  template: `<svg viewBox="0 0 24 24" focusable="false"><path [attr.d]="path()" /></svg>`,
  styles: `
    :host {
      display: inline-flex;
      flex: none;
      width: 1.25rem;
      height: 1.25rem;
    }
    svg {
      width: 100%;
      height: 100%;
      fill: currentColor;
      fill-rule: evenodd;
    }
  `,
  host: { 'aria-hidden': 'true' },
})
export class Icon {
  readonly name = input.required<IconName>();
  protected readonly path = computed(() => ICONS[this.name()]);
}
