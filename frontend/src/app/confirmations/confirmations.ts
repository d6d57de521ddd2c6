import { Component, computed, inject } from '@angular/core';
import { Api } from '../api/api';
import type { Answer, Query } from '../api/model';
import { FilterState } from '../filters/filter-state';
import { provenanceLink } from '../filters/provenance-link';
import { Narrowed, Narrowing } from '../filters/narrowing';
import { values } from '../filters/view-params';
import type { Link, Row } from '../tables/data-table';
import { TableCard } from '../tables/table-card';
import { Segments } from '../ui/segments';

type ConfirmationRow = Answer<'confirmations'>['rows'][number];
type Only = NonNullable<Query<'confirmations'>['only']>;

const ONLY: readonly Only[] = ['all', 'counting', 'scrap', 'late'];

/** All confirmations under the filters, a line each; reversed ones, too. */
@Component({
  selector: 'te-confirmations',
  imports: [Narrowing, Segments, TableCard],
  templateUrl: './confirmations.html',
  styleUrl: './confirmations.scss',
})
export class Confirmations {
  private readonly state = inject(FilterState);

  protected readonly kinds = [
    { value: 'all', label: $localize`:@@confirmations.all:All` },
    { value: 'counting', label: $localize`:@@confirmations.counting:Counting` },
    { value: 'scrap', label: $localize`:@@confirmations.scrap:With scrap` },
    { value: 'late', label: $localize`:@@confirmations.late:Posted late` },
  ];
  protected readonly narrowed: readonly Narrowed[] = [
    { param: 'order_id', label: $localize`:@@confirmations.order:Order` },
    { param: 'operation', label: $localize`:@@confirmations.operation:Operation` },
    { param: 'unit', label: $localize`:@@confirmations.unit:Unit` },
    {
      param: 'scrap_reason_code',
      label: $localize`:@@confirmations.scrapReason:Reason of scrap`,
      text: (code) => code || $localize`:@@confirmations.noReason:none given`,
    },
  ];
  protected readonly only = computed(
    () => ONLY.find((only) => only === this.state.param('only')) ?? 'all',
  );
  protected readonly order = computed(() => this.state.param('order_id') ?? '');

  private readonly asked = computed(() => {
    const query = this.state.params();
    const [order, operation, unit] = [query['order_id'], query['operation'], query['unit']].map(
      (value) => (typeof value === 'string' && value !== '' ? value : undefined),
    );
    return {
      only: this.only(),
      scrap_reason_code: [...values(query, 'scrap_reason_code')],
      ...(order ? { order_id: order } : {}),
      ...(operation ? { operation } : {}),
      ...(unit ? { unit } : {}),
    };
  });
  protected readonly view = inject(Api).resource('confirmations', () => ({
    ...this.asked(),
    ...this.state.paging(),
  }));
  protected readonly exportParams = this.asked;

  /** What was confirmed is to be seen before the rest. */
  protected readonly first = [
    ...['production_day', 'plant', 'work_center', 'order_id', 'operation', 'material'],
    ...['good_qty', 'scrap_qty'],
  ];
  protected readonly originLink = (row: Row) => this.originOf(row as unknown as ConfirmationRow);

  protected find(event: Event, order: string): void {
    event.preventDefault();
    this.state.setParams({ order_id: order.trim() || null, offset: null });
  }

  /** To those of the same operation, order, day and shift, with this one marked. */
  private originOf(row: ConfirmationRow): Link {
    return provenanceLink(this.state.params(), {
      mart: 'scrap_rate',
      order_id: row.order_id,
      operation: row.operation,
      unit: row.unit,
      filters: {
        plant: [row.plant],
        work_center: [row.work_center],
        material: [row.material],
        line: [],
        shift: row.shift ? [row.shift] : [],
        from: row.production_day,
        to: row.production_day,
        // Others leave out the rows of operations before the last one.
        basis: 'operation',
      },
      row,
    });
  }
}
