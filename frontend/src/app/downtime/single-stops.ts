import { Component, computed, inject, input } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import type { ECElementEvent } from 'echarts';
import { LANGUAGE, LOCALES } from '../../locale/language';
import { Api } from '../api/api';
import type { Answer } from '../api/model';
import { ChartCard } from '../charts/chart-card';
import { ChartContexts } from '../charts/chart-context';
import { FilterState } from '../filters/filter-state';
import { decimal } from '../format/format';
import { linkTo } from '../links';
import { stopLink } from '../stops/stop-links';
import type { Row } from '../tables/data-table';
import { pointOf, scatterOption, stopPoints } from './scatter-option';

type StopRow = Answer<'stops'>['rows'][number];

const MOST_STOPS = 1000;
const DAY = 86_400_000;

/** The stops of one reason: when they began, how long they took, and each one as a link. */
@Component({
  selector: 'te-single-stops',
  imports: [ChartCard, RouterLink],
  template: `
    <te-chart-card
      heading="Single stops of this reason"
      i18n-heading="@@downtime.single"
      description="When each stop began against how long it took, in minutes"
      i18n-description="@@downtime.singleDescription"
      unit="min"
      [hasGrain]="false"
      [resource]="view"
      [option]="option()"
      [columns]="view.value()?.columns ?? []"
      [rows]="rows()"
      [rowLink]="rowLink"
      (picked)="pick($event)"
    >
      <p class="te-remark">
        @if (shown(); as shown) {
          <span i18n="@@downtime.longest">The {{ shown.part }} longest of {{ shown.all }}.</span>
        }
        <span i18n="@@downtime.singleHelp">A point leads to its stop.</span>
        <a [routerLink]="all().commands" [queryParams]="all().queryParams" i18n="@@downtime.allStops"
          >All of them as a table</a
        >
      </p>
    </te-chart-card>
  `,
})
export class SingleStops {
  readonly reasonCode = input.required<string>();

  private readonly state = inject(FilterState);
  private readonly router = inject(Router);
  private readonly context = inject(ChartContexts).context;
  private readonly locale = LOCALES[inject(LANGUAGE)];

  protected readonly view = inject(Api).resource('stops', () => ({
    reason_code: [this.reasonCode()],
    sort: '-attributed_seconds',
    limit: MOST_STOPS,
  }));
  protected readonly rows = computed(
    () => (this.view.value()?.rows ?? []) as unknown as readonly Row[],
  );
  protected readonly option = computed(() => {
    const answer = this.view.value();
    if (!answer) return null;
    const days = {
      start: Date.parse(`${answer.about.first_day}T00:00:00Z`),
      end: Date.parse(`${answer.about.last_day}T00:00:00Z`) + 1.5 * DAY,
    };
    return scatterOption(stopPoints(answer.rows), days, this.context());
  });
  protected readonly shown = computed(() => {
    const answer = this.view.value();
    if (!answer || answer.total <= answer.rows.length) return null;
    return {
      part: decimal(answer.rows.length, this.locale),
      all: decimal(answer.total, this.locale),
    };
  });
  protected readonly all = computed(() => {
    const link = linkTo('stops', this.state.params(), {}, { reason_code: this.reasonCode() });
    return { commands: [...link.commands], queryParams: link.queryParams };
  });
  protected readonly rowLink = (row: Row) =>
    stopLink(this.state.params(), row as unknown as StopRow);

  protected pick(event: ECElementEvent): void {
    const point = pointOf(event);
    if (!point) return;
    const link = stopLink(this.state.params(), point.row);
    void this.router.navigate([...link.commands], { queryParams: link.queryParams });
  }
}
