import { Component, computed, inject } from '@angular/core';
import { LANGUAGE, LOCALES } from '../../locale/language';
import { Api } from '../api/api';
import type { Answer, Basis, ReasonClass } from '../api/model';
import { REASON_CLASSES } from '../filters/codec';
import { FilterState } from '../filters/filter-state';
import type { Mart } from '../filters/provenance-link';
import { Narrowed, Narrowing } from '../filters/narrowing';
import { decimal, hours, minutes, quantity } from '../format/format';
import type { Row } from '../tables/data-table';
import { TableCard } from '../tables/table-card';
import { Icon } from '../ui/icon';
import { Segments } from '../ui/segments';
import { asRanges } from './cells';
import { Figure, figuresOf, isOfStops } from './figure';

type SourceRow = Answer<'provenance'>['rows'][number];

const MARTS: readonly Mart[] = ['availability', 'downtime_reasons', 'scrap_rate', 'scrap_reasons'];
/** Seconds; what is shorter is told in minutes. */
const HOUR = 3600;
/** Rows of a page, and the most that are given at once. */
const PAGE = 50;
const MOST = 500;
/** What it is about and where it stands come before the rest. */
const FIRST = [
  ...['production_day', 'work_center', 'what', 'attributed_seconds'],
  ...['good_qty', 'scrap_qty', 'rework_qty', 'cells', 'file_name', 'contract'],
];
const COPYABLE = ['file_name', 'cells', 'contract', 'file_sha256', 'business_key', 'raw'];

/** The rows that a figure counts: file, sheet and cells, and that they add up to the figure. */
@Component({
  selector: 'te-provenance',
  imports: [Icon, Narrowing, Segments, TableCard],
  templateUrl: './provenance.html',
  styleUrl: './provenance.scss',
})
export class Provenance {
  private readonly api = inject(Api);
  private readonly state = inject(FilterState);
  private readonly locale = LOCALES[inject(LANGUAGE)];

  protected readonly copyable = COPYABLE;
  protected readonly first = FIRST;
  protected readonly marts = MARTS.map((value) => ({ value, label: martText(value) }));
  protected readonly keysOfMart = [
    'reason_code',
    'interaction_id',
    'operation',
    'unit',
    'scrap_reason_code',
    'order_id',
    'file',
    'file_name',
    'sheet',
    'row',
  ];
  protected readonly narrowed: readonly Narrowed[] = [
    { param: 'reason_code', label: $localize`:@@stops.reason:Reason` },
    { param: 'interaction_id', label: $localize`:@@stops.stop:Stop` },
    { param: 'order_id', label: $localize`:@@confirmations.order:Order` },
    { param: 'operation', label: $localize`:@@confirmations.operation:Operation` },
    { param: 'unit', label: $localize`:@@confirmations.unit:Unit` },
    {
      param: 'scrap_reason_code',
      label: $localize`:@@confirmations.scrapReason:Reason of scrap`,
      text: (code) => code || $localize`:@@confirmations.noReason:none given`,
    },
  ];

  protected readonly mart = computed<Mart>(
    () => MARTS.find((mart) => mart === this.state.param('mart')) ?? 'availability',
  );
  private readonly keys = computed(() => {
    const param = (name: string) => this.state.param(name) || null;
    return {
      mart: this.mart(),
      reason_code: param('reason_code'),
      interaction_id: param('interaction_id'),
      operation: param('operation'),
      unit: param('unit'),
      // Empty: scrap that no reason was given for.
      scrap_reason_code: this.state.param('scrap_reason_code'),
      order_id: param('order_id'),
    };
  });

  protected readonly view = this.api.resource('provenance', () => {
    const { offset = 0, limit = PAGE } = this.state.paging();
    return { ...this.keys(), offset, limit: Math.min(limit, MOST) };
  });

  // The figure itself, asked where one view tells it alone: as it is now, of no single order or stop.
  private readonly isComparable = computed(() => {
    const { order_id, interaction_id } = this.keys();
    return !this.state.filters().as_of && !order_id && !interaction_id;
  });
  private readonly reasons = this.api.resource('downtime-pareto', () => {
    if (!this.isComparable() || !isOfStops(this.mart())) return undefined;
    const chosen = this.state.filters().reason_class;
    const classes: ReasonClass[] = [...(chosen.length > 0 ? chosen : REASON_CLASSES)];
    return { level: 'reason' as const, reason_class: classes };
  });
  private readonly rate = this.api.resource('scrap-rate', () => {
    const isAsked = this.isComparable() && this.mart() === 'scrap_rate';
    const basis: Basis | null = this.state.filters().basis;
    // Of whole orders the parts are counted on two ways: no sum of rows is the figure.
    return isAsked && basis !== 'order' ? { group: 'operation' as const } : undefined;
  });
  private readonly scrap = this.api.resource('scrap-pareto', () => {
    const { operation } = this.keys();
    const unit = this.view.value()?.total_unit;
    if (!this.isComparable() || this.mart() !== 'scrap_reasons' || !unit) return undefined;
    return { level: operation ? ('operation' as const) : ('reason' as const), unit };
  });

  protected readonly figures = computed(() => {
    const answer = this.view.value();
    if (!answer || this.view.outdated()) return [];
    const shown = {
      reasons: this.reasons.outdated() ? undefined : this.reasons.value(),
      rate: this.rate.outdated() ? undefined : this.rate.value(),
      scrap: this.scrap.outdated() ? undefined : this.scrap.value(),
    };
    return figuresOf(answer, this.keys(), this.isComparable() ? shown : {}).map((figure) => ({
      ...figure,
      title: figureText(figure.name),
      text: this.valueText(figure, figure.rows),
      exact: figure.kind === 'seconds' ? `${quantity(figure.rows, this.locale)}\u00a0s` : '',
      breaksText: figure.breaks > 0 ? `${hours(figure.breaks, this.locale, 2)}\u00a0h` : '',
      shownText: figure.shown === null ? '' : this.valueText(figure, figure.shown),
    }));
  });
  protected readonly rows = computed(() =>
    this.view.value()?.rows.map((row) => ({ ...row, cells: asRanges(row.cells, row.sheet) })),
  );
  protected readonly total = computed(() => {
    const answer = this.view.value();
    return answer ? decimal(answer.total, this.locale) : '';
  });

  /** The row that was clicked on the way here. */
  protected readonly place = computed(() => {
    const row = this.state.param('row');
    if (!row || !/^\d{1,9}$/.test(row)) return null;
    return {
      file: this.state.param('file') ?? '',
      name: this.state.param('file_name') ?? '',
      sheet: this.state.param('sheet') ?? '',
      row: Number(row),
    };
  });
  protected readonly isPlaceCounted = computed(() => {
    const answer = this.view.value();
    // On another page it may well be.
    if (!answer || answer.total > answer.rows.length) return true;
    return answer.rows.some((row) => this.isMarked(row));
  });
  protected readonly marked = (row: Row) => this.isMarked(row as unknown as SourceRow);

  private isMarked(row: SourceRow): boolean {
    const place = this.place();
    return (
      place !== null &&
      row.file_sha256 === place.file &&
      row.sheet === place.sheet &&
      row.row === place.row
    );
  }

  private valueText(figure: Figure, value: number): string {
    if (figure.kind === 'quantity') return quantity(value, this.locale, figure.unit);
    return figure.rows < HOUR
      ? `${minutes(value, this.locale, 1)}\u00a0min`
      : `${hours(value, this.locale, 2)}\u00a0h`;
  }
}

function martText(mart: Mart): string {
  switch (mart) {
    case 'availability':
      return $localize`:@@provenance.availability:Availability`;
    case 'downtime_reasons':
      return $localize`:@@provenance.reasons:Reasons of stops`;
    case 'scrap_rate':
      return $localize`:@@provenance.scrapRate:Scrap rate`;
    case 'scrap_reasons':
      return $localize`:@@provenance.scrapReasons:Reasons of scrap`;
  }
}

function figureText(name: Figure['name']): string {
  switch (name) {
    case 'stops':
      return $localize`:@@provenance.stops:Time of stops that counts`;
    case 'scrap':
      return $localize`:@@provenance.scrap:Scrap`;
    case 'produced':
      return $localize`:@@provenance.produced:Produced`;
  }
}
