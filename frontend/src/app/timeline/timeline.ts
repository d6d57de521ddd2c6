import { Component, DOCUMENT, computed, inject } from '@angular/core';
import { Api } from '../api/api';
import { ChartCard } from '../charts/chart-card';
import { FilterState } from '../filters/filter-state';
import { machineLink } from '../links';
import { withFirst } from '../tables/cell';
import { DataTable, Row } from '../tables/data-table';
import { ExportLinks } from '../tables/export-links';
import { StateTimeline } from './state-timeline';
import { totalsOf } from './totals';

/** What each machine did, instant by instant, and how long in total. */
@Component({
  selector: 'te-timeline',
  imports: [ChartCard, DataTable, ExportLinks, StateTimeline],
  templateUrl: './timeline.html',
  styleUrl: './timeline.scss',
})
export class Timeline {
  private readonly state = inject(FilterState);
  // The chart is not there yet; what it is asked for again when zoomed is as wide as it is.
  protected readonly params = {
    width: Math.min(4000, Math.max(300, inject(DOCUMENT).documentElement.clientWidth)),
  };
  protected readonly view = inject(Api).resource('timeline', () => this.params);
  protected readonly something = computed(() => {
    const answer = this.view.value();
    return answer && answer.spans.length > 0 ? {} : null;
  });
  protected readonly totals = computed(() => {
    const answer = this.view.value();
    return answer && answer.spans.length > 0 ? totalsOf(answer) : null;
  });
  protected readonly columns = computed(() =>
    withFirst(this.view.value()?.columns ?? [], ['work_center', 'name']),
  );
  protected readonly headings = {
    totals: $localize`:@@timeline.totals:Hours per machine and state`,
  };

  protected readonly rowLink = (row: Row) =>
    machineLink(this.state.params(), String(row['plant']), String(row['work_center']));
}
