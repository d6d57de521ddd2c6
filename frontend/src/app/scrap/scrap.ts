import { Component, computed, inject } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import type { ECElementEvent } from 'echarts';
import { LANGUAGE, LOCALES } from '../../locale/language';
import { Api } from '../api/api';
import type { Column, ScrapRow } from '../api/model';
import { Site } from '../api/site';
import { ChartCard } from '../charts/chart-card';
import { ChartContexts } from '../charts/chart-context';
import { MOST_BARS, paretoHeight, paretoOption, paretoWords } from '../charts/pareto-option';
import type { Filters } from '../filters/codec';
import { FilterState } from '../filters/filter-state';
import { provenanceLink } from '../filters/provenance-link';
import { linkTo, narrowed } from '../links';
import type { Link, Row } from '../tables/data-table';
import { TableCard } from '../tables/table-card';
import { Segments } from '../ui/segments';
import { BasisCards } from './basis-cards';
import { SCRAP_LEVELS, scrapPareto } from './scrap-bars';
import { paretoLink, paretoOrigin } from './scrap-links';
import { TrendPoint, trendOption, trendPoints } from './trend-option';

const GROUPS = [
  'work_center',
  'material',
  'operation',
  'line',
  'shift',
  'plant',
  'period',
] as const;

const TREND_FIGURES = ['scrap_rate', 'target', 'scrap_qty', 'produced_qty', 'confirmations'];

/** How much is scrapped, over which operations, where it comes from. */
@Component({
  selector: 'te-scrap',
  imports: [BasisCards, ChartCard, RouterLink, Segments, TableCard],
  templateUrl: './scrap.html',
})
export class Scrap {
  private readonly api = inject(Api);
  private readonly state = inject(FilterState);
  private readonly site = inject(Site);
  private readonly router = inject(Router);
  private readonly context = inject(ChartContexts).context;
  private readonly locale = LOCALES[inject(LANGUAGE)];

  protected readonly levels = [
    { value: 'reason', label: $localize`:@@scrap.byReason:Reason` },
    { value: 'material', label: $localize`:@@scrap.byMaterial:Material` },
    { value: 'work_center', label: $localize`:@@scrap.byMachine:Work center` },
    { value: 'operation', label: $localize`:@@scrap.byOperation:Operation` },
  ];
  protected readonly groups = [
    ...this.levels.filter(({ value }) => value !== 'reason'),
    { value: 'line', label: $localize`:@@scrap.byLine:Line` },
    { value: 'shift', label: $localize`:@@scrap.byShift:Shift` },
    { value: 'plant', label: $localize`:@@scrap.byPlant:Plant` },
    { value: 'period', label: $localize`:@@scrap.byPeriod:Period` },
  ];
  protected readonly level = computed(
    () => SCRAP_LEVELS.find((level) => level === this.state.param('level')) ?? 'reason',
  );
  protected readonly group = computed(() => {
    const wished = GROUPS.find((group) => group === this.state.param('group'));
    const basis = this.state.filters().basis ?? this.site.meta()?.headline_basis;
    // Orders run over many machines: of these they are no figure.
    return wished ?? (basis === 'order' ? 'material' : 'work_center');
  });

  protected readonly view = this.api.resource('scrap-rate', () => ({ group: this.group() }));
  protected readonly units = computed(() => this.view.value()?.units ?? []);
  /** As chosen if it is there; else the one with most confirmations. */
  protected readonly unit = computed(() => {
    const wished = this.state.param('unit');
    const units = this.units();
    return units.find((unit) => unit === wished) ?? units[0] ?? null;
  });
  protected readonly unitSegments = computed(() =>
    this.units().map((unit) => ({ value: unit, label: unit })),
  );
  protected readonly pareto = this.api.resource('scrap-pareto', () => {
    const unit = this.unit();
    // The unit is not known before the other answer is there; asked at once it would be asked twice.
    if (this.view.value() === undefined && !this.view.problem()) return undefined;
    return { level: this.level(), ...(unit ? { unit } : {}) };
  });

  protected readonly totals = computed(
    () => this.view.value()?.total.filter((row) => row.unit === this.unit()) ?? [],
  );
  protected readonly points = computed(() => {
    const [answer, unit] = [this.view.value(), this.unit()];
    return answer && unit ? trendPoints(answer.trend, unit) : [];
  });
  protected readonly trend = computed(() => {
    const [answer, unit] = [this.view.value(), this.unit()];
    if (!answer || !unit) return null;
    const target = answer.total.find((row) => row.unit === unit)?.target ?? null;
    return trendOption(this.points(), unit, target, answer.about.grain, this.context());
  });
  protected readonly trendRows = computed(() =>
    this.points().flatMap(({ row }) => (row ? [row as unknown as Row] : [])),
  );
  protected readonly trendColumns = computed<Column[]>(() => {
    const answer = this.view.value();
    if (!answer) return [];
    const figures = answer.columns.filter(({ name }) => TREND_FIGURES.includes(name));
    const shift = answer.about.grain === 'shift' ? [keyColumn('shift', 'text')] : [];
    return [keyColumn('period', 'day'), ...shift, ...figures];
  });
  protected readonly rows = computed(
    () => this.view.value()?.rows.filter((row) => row.unit === this.unit()) ?? [],
  );

  private readonly bars = computed(() => {
    const answer = this.pareto.value();
    return answer && answer.rows.length > 0 ? scrapPareto(answer, this.context()) : null;
  });
  protected readonly paretoOption = computed(() => {
    const bars = this.bars();
    return bars && paretoOption(bars, this.context());
  });
  protected readonly height = computed(() => paretoHeight(this.bars()?.bars ?? []));
  protected readonly words = computed(() => {
    const bars = this.bars();
    return bars ? paretoWords(bars, this.locale) : '';
  });
  protected readonly paretoRows = computed(
    () => (this.pareto.value()?.rows ?? []) as unknown as readonly Row[],
  );
  protected readonly travelling = this.state.travelling;
  protected readonly exportParams = computed(() => ({ group: this.group() }));

  protected readonly barLink = (row: Row) =>
    paretoLink(this.state.params(), this.level(), this.unit(), row);
  protected readonly barOrigin = (row: Row) =>
    paretoOrigin(this.state.params(), this.level(), this.unit(), row);

  /** Where the scrap of a line of the table comes from. */
  protected readonly rowLink = (row: Row): Link | null => {
    const scrap = row as unknown as ScrapRow;
    if (scrap.operation) {
      return linkTo('confirmations', this.state.params(), {}, {
        operation: scrap.operation,
        only: 'scrap',
      });
    }
    const params = { unit: this.unit(), level: 'reason', group: this.state.param('group') };
    return linkTo('scrap', this.state.params(), this.filtersOf(scrap), params);
  };
  protected readonly originLink = (row: Row): Link => {
    const scrap = row as unknown as ScrapRow;
    return provenanceLink(this.state.params(), {
      mart: 'scrap_rate',
      unit: scrap.unit,
      operation: scrap.operation ?? null,
      filters: { ...this.filtersOf(scrap), basis: scrap.basis },
    });
  };

  protected readonly trendLink = (row: Row): Link =>
    this.periodLink(row as unknown as TrendPoint);

  protected pickPeriod(event: ECElementEvent): void {
    const point = this.points()[event.dataIndex];
    const about = this.view.value()?.about;
    if (point && about) this.go(this.periodLink(point));
  }

  protected pickBar(event: ECElementEvent): void {
    const rows = this.paretoRows();
    const isRest = rows.length > MOST_BARS && event.dataIndex >= MOST_BARS - 1;
    const row = isRest ? undefined : rows[event.dataIndex];
    const link = row && this.barLink(row);
    if (link) this.go(link);
  }

  /** Shift by shift: of days there is nothing finer. */
  private periodLink(row: Pick<TrendPoint, 'period' | 'shift'>): Link {
    const about = this.view.value()?.about;
    const days = about ? narrowed(row, about.grain, about) : {};
    return linkTo('scrap', this.state.params(), { ...days, grain: 'shift' }, { unit: this.unit() });
  }

  private go({ commands, queryParams }: Link): void {
    void this.router.navigate([...commands], { queryParams });
  }

  private filtersOf(row: ScrapRow): Partial<Filters> {
    const about = this.view.value()?.about;
    return {
      ...(about ? narrowed(row, about.grain, about) : {}),
      ...(row.plant ? { plant: [row.plant] } : {}),
      ...(row.line ? { line: [row.line] } : {}),
      ...(row.work_center ? { work_center: [row.work_center] } : {}),
      ...(row.shift ? { shift: [row.shift] } : {}),
      ...(row.material ? { material: [row.material] } : {}),
    };
  }
}

function keyColumn(name: 'period' | 'shift', kind: 'day' | 'text'): Column {
  const label =
    name === 'period'
      ? $localize`:@@scrap.byPeriod:Period`
      : $localize`:@@scrap.byShift:Shift`;
  return { name, label, kind, decimals: 0, is_sortable: false, is_hidden: false, unit_from: null };
}
