import { Component, computed, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Problem, passesByItself } from '../api/problem';
import { Icon } from '../ui/icon';
import { headline } from './problem-text';

/** Why figures are missing and what becomes of it. Quiet where older figures are still shown. */
@Component({
  selector: 'te-problem-notice',
  imports: [MatButton, Icon],
  template: `
    <div class="notice" [class.quiet]="quiet()" [attr.role]="quiet() ? 'status' : 'alert'">
      <te-icon [name]="problem().kind === 'network' ? 'offline' : 'warning'" />
      <div class="text">
        <strong>{{ headline() }}</strong>
        @if (problem().detail && !quiet()) {
          <p>{{ problem().detail }}</p>
        }
        @if (passes()) {
          <p i18n="@@problem.again">The page tries again by itself.</p>
        }
        @if (problem().requestId && !quiet()) {
          <p class="request" i18n="@@problem.request">Request {{ problem().requestId }}</p>
        }
      </div>
      @if (problem().kind !== 'invalid') {
        <button type="button" matButton (click)="retry.emit()" i18n="@@problem.retry">
          Try again
        </button>
      }
    </div>
  `,
  styles: `
    .notice {
      display: flex;
      align-items: flex-start;
      gap: 0.75rem;
      padding: 0.75rem 1rem;
      border: 1px solid var(--te-line);
      border-left: 4px solid var(--te-bad);
      border-radius: 0.5rem;
      background: var(--te-card);
    }
    .quiet {
      align-items: center;
      padding: 0.25rem 0.75rem;
      border-left-color: var(--te-warn);
    }
    te-icon {
      color: var(--te-warn);
    }
    .text {
      flex: 1;
      min-width: 0;
      overflow-wrap: anywhere;
    }
    p {
      margin: 0.25rem 0 0;
      color: var(--te-muted);
    }
    .quiet p {
      display: inline;
      margin-left: 0.5rem;
    }
    .request {
      font-size: 0.75rem;
    }
  `,
})
export class ProblemNotice {
  readonly problem = input.required<Problem>();
  readonly quiet = input(false);
  readonly retry = output();

  protected readonly headline = computed(() => headline(this.problem()));
  protected readonly passes = computed(() => passesByItself(this.problem()));
}
