import type { Column } from '../api/model';

/** The table beside the trend of scrap; the overview's own columns are those of availability. */
export function scrapColumns(): Column[] {
  const column = (
    name: string,
    label: string,
    kind: Column['kind'],
    change: Partial<Column> = {},
  ): Column => ({
    name,
    label,
    kind,
    decimals: 0,
    is_sortable: false,
    is_hidden: false,
    unit_from: null,
    ...change,
  });
  return [
    column('period', $localize`:@@overview.period:Period`, 'day'),
    column('unit', $localize`:@@overview.unit:Unit`, 'text'),
    column('scrap_rate', $localize`:@@overview.scrapRate:Scrap rate`, 'rate', { decimals: 2 }),
    column('scrap_qty', $localize`:@@overview.scrapQty:Scrap`, 'quantity', { unit_from: 'unit' }),
    column('produced_qty', $localize`:@@overview.producedQty:Produced`, 'quantity', {
      unit_from: 'unit',
    }),
    column('target', $localize`:@@overview.target:Target`, 'rate', { decimals: 2 }),
  ];
}
