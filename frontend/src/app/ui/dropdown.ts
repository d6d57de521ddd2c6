import { CdkTrapFocus } from '@angular/cdk/a11y';
import { CdkConnectedOverlay, CdkOverlayOrigin, ConnectedPosition } from '@angular/cdk/overlay';
import { Component, input, output, signal } from '@angular/core';
import { Icon } from './icon';
import type { IconName } from './icons';

const POSITIONS: ConnectedPosition[] = [
  { originX: 'start', originY: 'bottom', overlayX: 'start', overlayY: 'top', offsetY: 4 },
  { originX: 'end', originY: 'bottom', overlayX: 'end', overlayY: 'top', offsetY: 4 },
  { originX: 'start', originY: 'top', overlayX: 'start', overlayY: 'bottom', offsetY: -4 },
];

/** A button that tells what is chosen, and a panel to choose in. Escape closes, focus returns. */
@Component({
  selector: 'te-dropdown',
  imports: [CdkConnectedOverlay, CdkOverlayOrigin, CdkTrapFocus, Icon],
  template: `
    <button
      type="button"
      class="trigger"
      cdkOverlayOrigin
      #origin="cdkOverlayOrigin"
      aria-haspopup="dialog"
      [class.active]="active()"
      [class.compact]="isCompact()"
      [attr.aria-expanded]="isOpen()"
      [disabled]="disabled()"
      (click)="toggle()"
    >
      @if (icon(); as name) {
        <te-icon [name]="name" />
      }
      <span [class.visually-hidden]="isCompact()">{{ label() }}</span>
      @if (value()) {
        <span class="value" [class.visually-hidden]="isCompact()">{{ value() }}</span>
      }
      @if (!isCompact()) {
        <te-icon name="expand" class="expand" />
      }
    </button>
    <ng-template
      cdkConnectedOverlay
      [cdkConnectedOverlayOrigin]="origin"
      [cdkConnectedOverlayOpen]="isOpen()"
      [cdkConnectedOverlayPositions]="positions"
      [cdkConnectedOverlayHasBackdrop]="true"
      [cdkConnectedOverlayPush]="true"
      [cdkConnectedOverlayViewportMargin]="8"
      cdkConnectedOverlayBackdropClass="cdk-overlay-transparent-backdrop"
      (backdropClick)="close()"
      (detach)="close()"
      (overlayKeydown)="onKey($event)"
    >
      <div
        class="panel"
        role="dialog"
        [attr.aria-label]="label()"
        cdkTrapFocus
        [cdkTrapFocusAutoCapture]="true"
      >
        <ng-content />
      </div>
    </ng-template>
  `,
  styleUrl: './dropdown.scss',
})
export class Dropdown {
  readonly label = input.required<string>();
  readonly value = input('');
  readonly icon = input<IconName>();
  /** Something is chosen here. */
  readonly active = input(false);
  /** Shows its icon alone; screen readers are told the rest. */
  readonly isCompact = input(false);
  readonly disabled = input(false);
  readonly opened = output();

  protected readonly isOpen = signal(false);
  protected readonly positions = POSITIONS;

  close(): void {
    this.isOpen.set(false);
  }

  protected toggle(): void {
    this.isOpen.update((open) => !open);
    if (this.isOpen()) this.opened.emit();
  }

  protected onKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    this.close();
  }
}
