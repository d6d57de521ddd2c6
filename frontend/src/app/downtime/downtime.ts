import { Component, computed, inject } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import type { ECElementEvent } from 'echarts';
import { LANGUAGE, LOCALES } from '../../locale/language';
import { Api } from '../api/api';
import type { Answer, ReasonRow } from '../api/model';
import { ChartCard } from '../charts/chart-card';
import { ChartContexts } from '../charts/chart-context';
import { MOST_BARS, paretoHeight, paretoOption, paretoWords } from '../charts/pareto-option';
import { REASON_CLASSES } from '../filters/codec';
import { FilterState } from '../filters/filter-state';
import { Narrowed, Narrowing } from '../filters/narrowing';
import { provenanceLink } from '../filters/provenance-link';
import { clockDuration, decimal } from '../format/format';
import { linkTo } from '../links';
import type { Link, Row } from '../tables/data-table';
import { TableCard } from '../tables/table-card';
import { Segments } from '../ui/segments';
import { LEVELS, MEASURES, downtimePareto } from './downtime-bars';
import { SingleStops } from './single-stops';

/** What scheduled breaks alone explain. */
const BREAK = '(break)';
const UNPLANNED = REASON_CLASSES.filter((each) => each !== 'planned');

/** What stops cost: from class to reason, from there to single stops. */
@Component({
  selector: 'te-downtime',
  imports: [ChartCard, Narrowing, RouterLink, Segments, SingleStops, TableCard],
  templateUrl: './downtime.html',
  styleUrl: './downtime.scss',
})
export class Downtime {
  private readonly state = inject(FilterState);
  private readonly router = inject(Router);
  private readonly context = inject(ChartContexts).context;
  private readonly locale = LOCALES[inject(LANGUAGE)];

  protected readonly level = computed(
    () => LEVELS.find((level) => level === this.state.param('level')) ?? 'reason',
  );
  protected readonly measure = computed(
    () => MEASURES.find((measure) => measure === this.state.param('measure')) ?? 'hours',
  );
  protected readonly reasonCode = computed(() => this.state.param('reason_code'));

  protected readonly levels = [
    { value: 'class', label: $localize`:@@downtime.byClass:Class` },
    { value: 'reason', label: $localize`:@@downtime.byReason:Reason` },
    { value: 'work_center', label: $localize`:@@downtime.byMachine:Work center` },
  ];
  protected readonly measures = [
    { value: 'hours', label: $localize`:@@downtime.hours:Hours` },
    { value: 'minutes', label: $localize`:@@downtime.minutes:Minutes` },
    { value: 'stops', label: $localize`:@@downtime.count:Number` },
  ];
  protected readonly narrowed: readonly Narrowed[] = [
    {
      param: 'reason_code',
      label: $localize`:@@downtime.reason:Reason`,
      text: (code) => this.reasonText(code),
    },
  ];

  private readonly asked = computed(() => ({
    level: this.level(),
    measure: this.measure() === 'stops' ? ('stops' as const) : ('seconds' as const),
  }));
  protected readonly view = inject(Api).resource('downtime-pareto', () => this.asked());
  protected readonly exportParams = this.asked;

  private readonly pareto = computed(() => {
    const answer = this.view.value();
    return answer && answer.rows.length > 0
      ? downtimePareto(answer, this.measure(), this.reasonCode(), this.context())
      : null;
  });
  protected readonly option = computed(() => {
    const pareto = this.pareto();
    return pareto && paretoOption(pareto, this.context());
  });
  protected readonly height = computed(() => paretoHeight(this.pareto()?.bars ?? []));
  protected readonly words = computed(() => {
    const pareto = this.pareto();
    return pareto ? paretoWords(pareto, this.locale) : '';
  });
  protected readonly unit = computed(() => {
    const measure = this.measure();
    return measure === 'stops'
      ? $localize`:@@downtime.stopsUnit:stops`
      : measure === 'hours'
        ? 'h'
        : 'min';
  });
  protected readonly summary = computed(() => {
    const answer = this.view.value();
    if (!answer) return null;
    return {
      vital: decimal(answer.vital, this.locale),
      all: decimal(answer.rows.length, this.locale),
      time: clockDuration(answer.total_seconds, this.locale),
      stops: decimal(answer.total_stops, this.locale),
    };
  });

  protected readonly travelling = this.state.travelling;
  protected readonly totalOrigin = computed(() => {
    const chosen = this.state.filters().reason_class;
    const { commands, queryParams } = provenanceLink(this.state.params(), {
      mart: 'downtime_reasons',
      filters: { reason_class: chosen.length > 0 ? chosen : UNPLANNED },
    });
    return { commands: [...commands], queryParams };
  });

  protected readonly rowLink = (row: Row) => this.linkOf(row as unknown as ReasonRow);
  protected readonly originLink = (row: Row) => this.originOf(row as unknown as ReasonRow);

  protected pick(event: ECElementEvent): void {
    const rows = this.view.value()?.rows ?? [];
    const isRest = rows.length > MOST_BARS && event.dataIndex >= MOST_BARS - 1;
    const row = isRest ? undefined : rows[event.dataIndex];
    const link = row && this.linkOf(row);
    if (link) void this.router.navigate([...link.commands], { queryParams: link.queryParams });
  }

  /** From a class or machine to its reasons, from a reason to its stops. */
  private linkOf(row: ReasonRow): Link | null {
    const params = { level: 'reason', measure: this.state.param('measure') };
    const query = this.state.params();
    const classes = row.reason_class ? { reason_class: [row.reason_class] } : {};
    if (row.work_center) {
      const place = { plant: row.plant ? [row.plant] : [], work_center: [row.work_center] };
      return linkTo('downtime', query, place, params);
    }
    if (!row.reason_code) return linkTo('downtime', query, classes, params);
    if (row.reason_code === BREAK) return null;
    // The other bars stay, so that the way from reason to reason is short.
    return linkTo('downtime', query, {}, { ...params, reason_code: row.reason_code });
  }

  private originOf(row: ReasonRow): Link | null {
    // Of breaks no row was delivered: the calendar has them.
    if (row.reason_code === BREAK) return null;
    const chosen = this.state.filters().reason_class;
    return provenanceLink(this.state.params(), {
      mart: 'downtime_reasons',
      reason_code: row.reason_code ?? null,
      filters: {
        ...(row.reason_class ? { reason_class: [row.reason_class] } : {}),
        ...(row.work_center
          ? {
              plant: row.plant ? [row.plant] : [],
              work_center: [row.work_center],
              // What has no class filter is without planned stops; rows would be with them.
              reason_class: chosen.length > 0 ? chosen : UNPLANNED,
            }
          : {}),
      },
    });
  }

  private reasonText(code: string): string {
    const rows: Answer<'downtime-pareto'>['rows'] = this.view.value()?.rows ?? [];
    const text = rows.find((row) => row.reason_code === code)?.reason_text;
    return text ? `${code} · ${text}` : code;
  }
}
