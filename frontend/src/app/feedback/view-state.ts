import { Component, computed, input } from '@angular/core';
import type { ViewResource } from '../api/api';
import type { About } from '../api/model';
import { Notes } from './notes';
import { ProblemNotice } from './problem-notice';

/** What stands around figures: that they load, why there are none, what is wrong, what to know. */
@Component({
  selector: 'te-view-state',
  imports: [Notes, ProblemNotice],
  template: `
    @if (resource().problem(); as problem) {
      <te-problem-notice
        [problem]="problem"
        [quiet]="hasAnswer()"
        (retry)="resource().reload()"
      />
    }
    @if (resource().loading()) {
      <div class="loading" [style.height.rem]="height()" role="status">
        <span class="visually-hidden" i18n="@@view.loading">Loading</span>
      </div>
    } @else if (hasAnswer()) {
      <div [class.outdated]="resource().outdated()" [attr.aria-busy]="resource().outdated()">
        @if (isEmpty()) {
          <te-notes [about]="about()" [alone]="true" />
        } @else {
          <ng-content />
          <te-notes [about]="about()" />
        }
      </div>
    }
  `,
  styleUrl: './view-state.scss',
})
export class ViewState {
  readonly resource = input.required<ViewResource<object>>();
  /** There is an answer, but nothing in it. */
  readonly isEmpty = input(false);
  /** Room that is kept while it loads, in rem. */
  readonly height = input(20);

  protected readonly hasAnswer = computed(() => this.resource().value() !== undefined);
  protected readonly about = computed(
    () => (this.resource().value() as { about?: About } | undefined)?.about,
  );
}
