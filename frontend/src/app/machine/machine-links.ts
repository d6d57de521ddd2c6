import type { Answer } from '../api/model';
import type { ChartContext } from '../charts/chart-context';
import { QueryParams, REASON_CLASSES } from '../filters/codec';
import * as format from '../format/format';
import { linkTo } from '../links';
import type { Link, Row } from '../tables/data-table';
import { RankedRow, sharesOfGreatest } from '../tables/ranking';

type ScrapReasonRow = Answer<'scrap-pareto'>['rows'][number];

/** Scrap by reason, each leads to the confirmations that it was posted with. */
export function rankedScrapReasons(
  rows: readonly ScrapReasonRow[],
  query: QueryParams,
  ctx: ChartContext,
): RankedRow[] {
  const shares = sharesOfGreatest(rows.map((row) => row.scrap_qty));
  return rows.map((row, index) => ({
    key: `${row.key}/${row.unit}`,
    label: row.text || row.key || $localize`:@@machine.noReason:no reason given`,
    detail: row.text ? row.key : '',
    link: linkTo('confirmations', query, {}, { only: 'scrap', scrap_reason_code: row.key }),
    segments: [{ share: shares[index] ?? 0, color: ctx.palette.series[1] ?? ctx.palette.bad }],
    values: [
      format.quantity(row.scrap_qty, ctx.locale, row.unit),
      format.percent(row.share, ctx.locale),
    ],
  }));
}

/** From a state to its stops, if it is one that stops make. */
export function stateLink(row: Row, query: QueryParams): Link {
  const reasonClass = REASON_CLASSES.find((each) => each === row['state']);
  return linkTo(reasonClass ? 'stops' : 'timeline', query, {
    reason_class: reasonClass ? [reasonClass] : [],
  });
}
