import { Clipboard } from '@angular/cdk/clipboard';
import { Component, computed, inject, input, signal } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { Params, RouterLink } from '@angular/router';
import { LANGUAGE, LOCALES } from '../../locale/language';
import { Api } from '../api/api';
import type { Column, View } from '../api/model';
import { Site } from '../api/site';
import type { QueryParams } from '../filters/codec';
import { FilterState } from '../filters/filter-state';
import { MultiSelect } from '../filters/multi-select';
import { NO_VALUE, decimal } from '../format/format';
import { Icon } from '../ui/icon';
import { CellContext, Row, cellText, isNumeric, shownColumns } from './cell';

export type { Row } from './cell';

/** Where a row leads: `[routerLink]` and `[queryParams]`. */
export interface Link {
  readonly commands: readonly unknown[];
  readonly queryParams?: QueryParams;
}

/** One page of rows: `total` rows in all, of which those from `offset` on are here. */
export interface Page {
  readonly total: number;
  readonly offset: number;
  readonly limit: number;
  readonly sort: string;
}

/**
 * Rows as their columns say. With `page` the server sorts and pages: order, page and the choice of
 * columns stand in the address (`sort`, `offset`, `columns`), as filters do.
 */
@Component({
  selector: 'te-data-table',
  imports: [Icon, MatIconButton, MultiSelect, RouterLink],
  templateUrl: './data-table.html',
  styleUrl: './data-table.scss',
})
export class DataTable {
  readonly caption = input.required<string>();
  readonly columns = input.required<readonly Column[]>();
  // Rows of the API are interfaces, which TypeScript gives no index signature.
  readonly rows = input.required<readonly Row[], readonly object[]>({
    transform: (rows) => rows as readonly Row[],
  });
  readonly page = input<Page | null>(null);
  /** Where a row leads; null: nowhere. */
  readonly rowLink = input<((row: Row) => Link | null) | undefined>();
  /** Where the figures of a row come from: a column of links at the end. */
  readonly originLink = input<((row: Row) => Link | null) | undefined>();
  /** Columns whose fields can be copied. */
  readonly copyable = input<readonly string[]>([]);
  /** The rows that were asked for, among others. */
  readonly marked = input<((row: Row) => boolean) | undefined>();
  /** Column whose cells are the links; else the first one shown. */
  readonly linkColumn = input<string>();
  /** What has to be known about a row: it is hatched, and its first cell tells. */
  readonly rowNote = input<((row: Row) => string | null) | undefined>();
  /** View of the API to export, with what it is asked beside the filters; null: no export. */
  readonly exportView = input<View | null>(null);
  readonly exportParams = input<QueryParams>({});
  /** Without buttons above: a table beside a chart. */
  readonly plain = input(false);

  private readonly api = inject(Api);
  private readonly state = inject(FilterState);
  private readonly site = inject(Site);
  private readonly locale = LOCALES[inject(LANGUAGE)];

  private readonly clipboard = inject(Clipboard);

  protected readonly copied = signal<string | null>(null);
  protected readonly chooserLabel = $localize`:@@table.columns:Columns`;
  protected readonly chosen = computed(() => {
    const value = this.state.params()['columns'];
    if (this.plain() || !value) return [];
    return typeof value === 'string' ? value.split(',') : [...value];
  });
  protected readonly shown = computed(() => shownColumns(this.columns(), this.chosen()));
  protected readonly shownNames = computed(() => this.shown().map((column) => column.name));
  protected readonly columnOptions = computed(() =>
    this.columns().map(({ name, label }) => ({ value: name, label })),
  );

  protected readonly headings = computed(() => {
    const sort = this.page()?.sort ?? '';
    const sorted = sort.replace(/^-/, '');
    return this.shown().map((column) => ({
      name: column.name,
      label: column.label,
      isNumeric: isNumeric(column),
      isSortable: column.is_sortable && this.page() !== null,
      order: column.name !== sorted ? null : sort.startsWith('-') ? 'descending' : 'ascending',
    }));
  });

  protected readonly linkIndex = computed(() =>
    Math.max(0, this.shownNames().indexOf(this.linkColumn() ?? '')),
  );

  protected readonly lines = computed(() => {
    const [link, origin, isMarked] = [this.rowLink(), this.originLink(), this.marked()];
    const copyable = this.copyable();
    const note = this.rowNote();
    const context: CellContext = {
      locale: this.locale,
      zoneOf: (plant) => this.site.zoneOf(plant),
      yes: $localize`:@@table.yes:yes`,
      no: $localize`:@@table.no:no`,
    };
    return this.rows().map((row) => {
      const to = linkOf(link?.(row));
      return {
        note: note?.(row) ?? null,
        commands: to?.commands ?? null,
        queryParams: to?.queryParams ?? null,
        cells: this.shown().map((column) => {
          const text = cellText(row, column, context);
          const isEmpty = text === NO_VALUE;
          const isCopyable = !isEmpty && copyable.includes(column.name);
          return { text, isNumeric: isNumeric(column), isEmpty, isCopyable };
        }),
        origin: linkOf(origin?.(row)),
        isMarked: isMarked?.(row) ?? false,
      };
    });
  });

  protected readonly range = computed(() => {
    const page = this.page();
    if (!page) return null;
    const first = page.total === 0 ? 0 : page.offset + 1;
    const last = Math.min(page.offset + this.rows().length, page.total);
    const text = (value: number) => decimal(value, this.locale);
    return {
      text: $localize`:@@table.range:${text(first)}:FIRST:–${text(last)}:LAST: of ${text(page.total)}:TOTAL:`,
      previous: page.offset > 0 ? Math.max(0, page.offset - page.limit) : null,
      next: last < page.total ? page.offset + page.limit : null,
    };
  });

  protected readonly csv = computed(() => this.exportAddress('csv'));
  protected readonly xlsx = computed(() => this.exportAddress('xlsx'));

  // Not the browser's own clipboard: that is there on encrypted pages alone.
  protected copy(text: string): void {
    if (this.clipboard.copy(text)) this.copied.set(text);
  }

  protected copyLabel(text: string): string {
    return $localize`:@@table.copyText:Copy ${text}:TEXT:`;
  }

  /** Numbers are of interest from the greatest on, texts from A on; then the other way round. */
  protected sortBy(name: string, order: string | null, isNumeric: boolean): void {
    const descending = order === null ? isNumeric : order === 'ascending';
    this.state.setParams({ sort: descending ? `-${name}` : name, offset: null });
  }

  protected goTo(offset: number): void {
    this.state.setParams({ offset: offset || null });
  }

  protected choose(names: readonly string[]): void {
    const standard = this.columns()
      .filter((column) => !column.is_hidden)
      .map((column) => column.name);
    const isStandard =
      names.length === standard.length && standard.every((name) => names.includes(name));
    // In the order of the table, so that the same choice is the same address.
    const ordered = this.columns()
      .map((column) => column.name)
      .filter((name) => names.includes(name));
    this.state.setParams({ columns: isStandard || ordered.length === 0 ? null : ordered.join(',') });
  }

  private exportAddress(format: 'csv' | 'xlsx'): string | null {
    const view = this.exportView();
    if (!view) return null;
    return this.api.exportAddress(format, view, {
      ...this.exportParams(),
      ...(this.page()?.sort ? { sort: this.page()?.sort } : {}),
      columns: this.shownNames().join(','),
    });
  }
}

/** As `[routerLink]` takes it. */
function linkOf(link: Link | null | undefined) {
  return link
    ? { commands: [...link.commands], queryParams: (link.queryParams ?? null) as Params | null }
    : null;
}
