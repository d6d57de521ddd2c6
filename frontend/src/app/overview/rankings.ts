import type { AvailabilityRow, ReasonRow, ScrapRow } from '../api/model';
import type { ChartContext } from '../charts/chart-context';
import type { QueryParams } from '../filters/codec';
import { reasonClassText } from '../filters/filter-text';
import * as format from '../format/format';
import { linkTo, machineLink } from '../links';
import { RankedRow, sharesOfGreatest } from '../tables/ranking';

/** Machines by the time that they lost, each leads to its page. */
export function rankedMachines(
  rows: readonly AvailabilityRow[],
  query: QueryParams,
  ctx: ChartContext,
): RankedRow[] {
  const lost = rows.map((row) => row.unplanned_down_seconds + row.setup_seconds);
  const shares = sharesOfGreatest(lost);
  return rows.map((row, index) => {
    const share = shares[index] ?? 0;
    const total = lost[index] ?? 0;
    const down = total > 0 ? (share * row.unplanned_down_seconds) / total : 0;
    return {
      ...machine(row, query),
      segments: [
        { share: down, color: ctx.palette.classes.technical },
        { share: share - down, color: ctx.palette.classes.setup, isStriped: true },
      ],
      values: [`${format.hours(total, ctx.locale)}\u00a0h`, format.percent(row.availability, ctx.locale)],
    };
  });
}

/** Reasons by what they cost, each leads to its stops. */
export function rankedReasons(
  rows: readonly ReasonRow[],
  query: QueryParams,
  ctx: ChartContext,
): RankedRow[] {
  const shares = sharesOfGreatest(rows.map((row) => row.attributed_seconds));
  return rows.map((row, index) => {
    const reasonClass = row.reason_class ?? 'unclassified';
    const code = row.reason_code ?? '';
    return {
      key: `${reasonClass}/${code}`,
      label: row.reason_text || code || reasonClassText(reasonClass),
      detail: reasonClassText(reasonClass),
      link: linkTo('stops', query, { reason_class: [reasonClass] }, code ? { reason_code: code } : {}),
      segments: [
        {
          share: shares[index] ?? 0,
          color: ctx.palette.classes[reasonClass],
          isStriped: reasonClass === 'setup',
        },
      ],
      values: [
        `${format.hours(row.attributed_seconds, ctx.locale)}\u00a0h`,
        format.decimal(row.stops, ctx.locale),
      ],
    };
  });
}

/** Machines by scrap rate; rates of different units can be compared, their pieces cannot. */
export function rankedScrap(
  rows: readonly ScrapRow[],
  query: QueryParams,
  ctx: ChartContext,
): RankedRow[] {
  const shares = sharesOfGreatest(rows.map((row) => row.scrap_rate));
  return rows.map((row, index) => {
    const place = machine(row, query);
    return {
      ...place,
      key: `${place.key}/${row.unit}`,
      link: linkTo(
        'scrap',
        query,
        {
          basis: row.basis,
          ...(row.plant ? { plant: [row.plant], line: [] } : {}),
          ...(row.work_center ? { work_center: [row.work_center] } : {}),
        },
        { unit: row.unit },
      ),
      segments: [{ share: shares[index] ?? 0, color: ctx.palette.series[1] ?? ctx.palette.bad }],
      values: [
        format.percent(row.scrap_rate, ctx.locale, 2),
        format.quantity(row.scrap_qty, ctx.locale, row.unit),
      ],
    };
  });
}

function machine(
  { plant, work_center, name }: Pick<AvailabilityRow, 'plant' | 'work_center' | 'name'>,
  query: QueryParams,
) {
  const id = work_center ?? '';
  return {
    key: `${plant ?? ''}/${id}`,
    label: name || id,
    detail: [plant, name ? id : ''].filter(Boolean).join(' · '),
    link: plant && id ? machineLink(query, plant, id) : null,
  };
}
