import type { Query } from '../api/model';
import { linkTo } from '../links';
import type { Link } from '../tables/data-table';
import type { Filters, QueryParams } from './codec';

export type Mart = NonNullable<Query<'provenance'>['mart']>;

/** What a figure is of, beside the filters of the address. */
export interface Figure {
  readonly mart: Mart;
  readonly filters?: Partial<Filters>;
  readonly reason_code?: string | null;
  readonly interaction_id?: string | null;
  readonly operation?: string | null;
  /** Unit as exported, or as shown. */
  readonly unit?: string | null;
  /** Empty: scrap that no reason was given for. */
  readonly scrap_reason_code?: string | null;
  readonly order_id?: string | null;
  /** The one row that was clicked, to be found among those that the figure counts. */
  readonly row?: RowPlace;
}

/** Where a row stands; rows of the API have these fields. */
export interface RowPlace {
  readonly file_name: string;
  readonly file_sha256: string;
  readonly sheet: string;
  readonly row: number;
}

/** To the rows behind a figure: file, sheet and cells. */
export function provenanceLink(query: QueryParams, figure: Figure): Link {
  const { mart, filters = {}, row, ...keys } = figure;
  const place = row
    ? {
        file: row.file_sha256,
        file_name: row.file_name,
        sheet: row.sheet,
        row: String(row.row),
      }
    : {};
  return linkTo('provenance', query, filters, { mart, ...keys, ...place });
}
