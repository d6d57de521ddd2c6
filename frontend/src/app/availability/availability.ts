import { Component, computed, inject } from '@angular/core';
import { Params, Router } from '@angular/router';
import type { ECElementEvent } from 'echarts';
import { Api } from '../api/api';
import type { AvailabilityRow, Query } from '../api/model';
import { Site } from '../api/site';
import { ChartCard } from '../charts/chart-card';
import { ChartContexts } from '../charts/chart-context';
import { Notes } from '../feedback/notes';
import { ProblemNotice } from '../feedback/problem-notice';
import { FilterState } from '../filters/filter-state';
import { linkTo, narrowed } from '../links';
import { DataTable, Link, Row } from '../tables/data-table';
import { trendColumns } from './columns';
import { coverageText } from './coverage';
import { groupText, GROUPS, Group, rowLink } from './groups';
import { MEASURES, headlineMeasure } from './measures';
import { trendOption } from './trend-option';
import { Step, steps, waterfallColumns, waterfallOption, waterfallRows } from './waterfall-option';

/** Availability over time, what it is made of, and by machine, line, plant, shift or period. */
@Component({
  selector: 'te-availability',
  imports: [ChartCard, DataTable, Notes, ProblemNotice],
  templateUrl: './availability.html',
  styleUrl: './availability.scss',
})
export class Availability {
  private readonly state = inject(FilterState);
  private readonly router = inject(Router);
  private readonly site = inject(Site);
  private readonly context = inject(ChartContexts).context;

  protected readonly groups = GROUPS.map((value) => ({ value, label: groupText(value) }));
  protected readonly group = computed<Group>(() => {
    const asked = this.state.param('group');
    return GROUPS.find((group) => group === asked) ?? 'work_center';
  });
  private readonly params = computed<Pick<Query<'availability'>, 'group'>>(() => ({
    group: this.group(),
  }));
  protected readonly view = inject(Api).resource('availability', () => this.params());
  protected readonly answer = this.view.value;

  protected readonly trend = computed(() => {
    const answer = this.answer();
    if (!answer || answer.trend.length === 0) return null;
    const first = headlineMeasure(this.site.meta()?.headline_availability);
    const measures = [first, ...MEASURES.filter((measure) => measure !== first)];
    return trendOption(answer.trend, answer.about, measures, this.context());
  });
  /** Columns of the rows are those of the group; the trend is by period. */
  protected readonly trendColumns = computed(() => {
    const answer = this.answer();
    return answer ? trendColumns(answer.columns, answer.about.grain) : [];
  });

  private readonly total = computed(() => this.answer()?.total ?? null);
  protected readonly waterfall = computed(() => {
    const total = this.total();
    return total && waterfallOption(total, this.context());
  });
  protected readonly waterfallColumns = waterfallColumns();
  protected readonly waterfallRows = computed(() => {
    const total = this.total();
    return total ? waterfallRows(total) : [];
  });

  protected readonly trendLink = (row: Row): Link | null =>
    this.toPeriod(row as unknown as AvailabilityRow);
  protected readonly waterfallLink = (row: Row): Link | null =>
    this.toStep(row as unknown as Step);
  protected readonly tableLink = (row: Row): Link | null => {
    const about = this.answer()?.about;
    if (!about) return null;
    return rowLink(row as unknown as AvailabilityRow, this.group(), about, this.state.params());
  };

  protected readonly coverageNote = (row: Row): string | null => {
    const { coverage } = row as unknown as AvailabilityRow;
    return coverage === 'full' ? null : coverageText(coverage);
  };

  protected choose(group: Group): void {
    this.state.setParams({ group, columns: null });
  }

  protected pickTrend(event: ECElementEvent): void {
    this.goTo(this.toPeriod(this.answer()?.trend[event.dataIndex]));
  }

  protected pickStep(event: ECElementEvent): void {
    const total = this.total();
    this.goTo(total && this.toStep(steps(total)[event.dataIndex]));
  }

  private toPeriod(row: AvailabilityRow | undefined): Link | null {
    const about = this.answer()?.about;
    if (!row || !about) return null;
    return linkTo('downtime', this.state.params(), narrowed(row, about.grain, about));
  }

  private toStep(step: Step | undefined): Link | null {
    const query = this.state.params();
    switch (step?.name) {
      case 'plan':
        return linkTo('downtime', query, { reason_class: ['planned'] });
      case 'down':
        return linkTo('downtime', query);
      case 'setup':
        return linkTo('downtime', query, { reason_class: ['setup'] });
      case undefined:
        return null;
      default:
        return linkTo('timeline', query);
    }
  }

  private goTo(link: Link | null): void {
    if (!link) return;
    const queryParams: Params = { ...link.queryParams };
    void this.router.navigate([...link.commands], { queryParams });
  }
}
