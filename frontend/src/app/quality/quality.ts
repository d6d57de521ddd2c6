import { Component, computed, inject } from '@angular/core';
import { ActivatedRoute, RouterLink } from '@angular/router';
import { LANGUAGE, LOCALES } from '../../locale/language';
import { Api } from '../api/api';
import type { Column } from '../api/model';
import { ChartCard } from '../charts/chart-card';
import { ChartContexts } from '../charts/chart-context';
import { ViewState } from '../feedback/view-state';
import { FilterState } from '../filters/filter-state';
import { decimal } from '../format/format';
import { linkTo, machineLink } from '../links';
import { withFirst } from '../tables/cell';
import { DataTable, Row } from '../tables/data-table';
import { Icon } from '../ui/icon';
import { scrollToFragment } from '../ui/scroll-to-fragment';
import { sharesHeight, sharesOption, worstFirst } from './shares-option';
import { verdictOf } from './verdict';

/** Whether the figures can be trusted, and what there is to do about it. */
@Component({
  selector: 'te-quality',
  imports: [ChartCard, DataTable, Icon, RouterLink, ViewState],
  templateUrl: './quality.html',
  styleUrl: './quality.scss',
})
export class Quality {
  protected readonly state = inject(FilterState);
  private readonly context = inject(ChartContexts).context;
  private readonly locale = LOCALES[inject(LANGUAGE)];
  protected readonly view = inject(Api).resource('quality');

  protected readonly verdict = computed(() => {
    const answer = this.view.value();
    return answer && verdictOf(answer, this.locale);
  });
  protected readonly icon = computed(() => {
    const level = this.verdict()?.level;
    return level === 'good' ? 'check' : level === 'warn' ? 'info' : 'warning';
  });
  protected readonly shares = computed(() => worstFirst(this.view.value()?.shares.rows ?? []));
  protected readonly sharesOption = computed(() =>
    this.shares().length > 0 ? sharesOption(this.shares(), this.context()) : null,
  );
  protected readonly sharesHeight = computed(() => sharesHeight(this.shares().length));
  /** Columns of the sections, those first that say what is the matter. */
  protected readonly columns = computed(() => {
    const answer = this.view.value();
    if (!answer) return null;
    const { files, freshness, rules, drift, late, stale } = answer;
    return {
      files: withFirst(files.columns, ['file_name', 'difference', 'rejected', 'state']),
      freshness: withFirst(freshness.columns.map(inWords), ['name', 'model', 'is_fresh']),
      rules: withFirst(rules.columns, ['rule', 'rows', 'column', 'example']),
      drift: withFirst(drift.columns, ['new_columns']),
      late: withFirst(late.columns, ['work_center', 'name', 'confirmations', 'latest_days']),
      stale: withFirst(stale.columns, ['first_day', 'last_day', 'days', 'plant', 'why']),
    };
  });

  protected readonly headings = {
    files: $localize`:@@quality.files:Files`,
    freshness: $localize`:@@quality.freshness:How new the data are`,
    rules: $localize`:@@quality.rules:Rejected rows, by rule`,
    drift: $localize`:@@quality.drift:New columns in exports`,
    late: $localize`:@@quality.late:Posted after their day`,
    stale: $localize`:@@quality.stale:Days to be restated`,
  };

  constructor() {
    scrollToFragment(inject(ActivatedRoute), this.view.value);
  }

  protected count(value: number): string {
    return decimal(value, this.locale);
  }

  protected readonly fileLink = (row: Row) =>
    Number(row['rejected']) > 0
      ? linkTo('rejected-rows', this.state.params(), {}, { file: String(row['file_sha256']), open: '0' })
      : null;
  protected readonly ruleLink = (row: Row) =>
    linkTo('rejected-rows', this.state.params(), {}, { rule: String(row['rule']) });
  protected readonly machine = (row: Row) =>
    machineLink(this.state.params(), String(row['plant']), String(row['work_center']));
  protected readonly lateLink = (row: Row) =>
    linkTo(
      'confirmations',
      this.state.params(),
      { plant: [String(row['plant'])], line: [], work_center: [String(row['work_center'])] },
      { only: 'late' },
    );
  protected readonly staleLink = (row: Row) =>
    linkTo('availability', this.state.params(), {
      from: String(row['first_day']),
      to: String(row['last_day']),
      plant: [String(row['plant'])],
    });
}

/** Yes and no of the column, as what they mean. */
function inWords(column: Column): Column {
  if (column.name !== 'is_fresh') return column;
  return {
    ...column,
    label: $localize`:@@quality.state:State`,
    kind: 'choice',
    choices: {
      true: $localize`:@@quality.isFresh:fresh`,
      false: $localize`:@@quality.isOld:out of date`,
    },
  };
}
