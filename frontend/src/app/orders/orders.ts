import { Component, inject } from '@angular/core';
import { Api } from '../api/api';
import type { Answer } from '../api/model';
import { Site } from '../api/site';
import { FilterState } from '../filters/filter-state';
import { provenanceLink } from '../filters/provenance-link';
import { linkTo } from '../links';
import type { Link, Row } from '../tables/data-table';
import { TableCard } from '../tables/table-card';

type OrderRow = Answer<'orders'>['rows'][number];

/** What became of the pieces that orders began with, over all their operations and days. */
@Component({
  selector: 'te-orders',
  imports: [TableCard],
  templateUrl: './orders.html',
})
export class Orders {
  private readonly state = inject(FilterState);
  private readonly site = inject(Site);

  /** The ratios before what they are made of. */
  protected readonly first = [
    ...['order_id', 'plant', 'material', 'last_confirmed_day'],
    ...['fall_off_ratio', 'rolled_yield'],
  ];
  protected readonly view = inject(Api).resource('orders', () => this.state.paging());

  protected readonly rowLink = (row: Row) => {
    const order = row as unknown as OrderRow;
    return linkTo('confirmations', this.state.params(), this.wholeOrder(order), {
      order_id: order.order_id,
    });
  };
  protected readonly originLink = (row: Row): Link => {
    const order = row as unknown as OrderRow;
    return provenanceLink(this.state.params(), {
      mart: 'scrap_rate',
      order_id: order.order_id,
      unit: order.unit,
      filters: { ...this.wholeOrder(order), basis: 'operation' },
    });
  };

  /** Orders are told over all their days, wherever they went. */
  private wholeOrder({ plant, material }: OrderRow) {
    const { first_day, last_day } = this.site.meta() ?? {};
    return {
      plant: [plant],
      material: [material],
      line: [],
      work_center: [],
      shift: [],
      ...(first_day && last_day ? { from: first_day, to: last_day } : {}),
    };
  }
}
