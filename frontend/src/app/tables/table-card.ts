import { Component, computed, inject, input } from '@angular/core';
import { LANGUAGE, LOCALES } from '../../locale/language';
import type { ViewResource } from '../api/api';
import type { About, Column, View } from '../api/model';
import { Site } from '../api/site';
import { ViewState } from '../feedback/view-state';
import type { QueryParams } from '../filters/codec';
import { basisText } from '../filters/filter-text';
import { dayRange, instant } from '../format/format';
import { DataTable, Link, Page, Row } from './data-table';

let count = 0;

/** What an answer with a table has; a page of rows has the fields of `Page`, too. */
export interface TableAnswer {
  readonly about: About;
  readonly columns: readonly Column[];
  readonly rows: readonly object[];
}

/** A table with its title, days, notes and states; rows that are pages are sorted by the server. */
@Component({
  selector: 'te-table-card',
  imports: [DataTable, ViewState],
  template: `
    <section [attr.aria-labelledby]="headingId">
      <header>
        <div class="titles">
          <h2 [id]="headingId">{{ heading() }}</h2>
          @if (scope()) {
            <p>{{ scope() }}</p>
          }
        </div>
        <ng-content select="[actions]" />
      </header>
      <te-view-state [resource]="resource()" [isEmpty]="rows().length === 0" [height]="12">
        <ng-content />
        @if (resource().value()) {
          <te-data-table
            [caption]="heading()"
            [columns]="columns()"
            [rows]="rows()"
            [page]="page()"
            [rowLink]="rowLink()"
            [linkColumn]="linkColumn()"
            [originLink]="originLink()"
            [copyable]="copyable()"
            [marked]="marked()"
            [exportView]="exportView()"
            [exportParams]="exportParams()"
          />
        }
      </te-view-state>
    </section>
  `,
  styleUrl: '../charts/chart-card.scss',
  styles: `
    header {
      flex-wrap: wrap;
    }
  `,
  host: { class: 'te-card' },
})
export class TableCard {
  readonly heading = input.required<string>();
  readonly resource = input.required<ViewResource<TableAnswer>>();
  /** In place of all rows of the answer. */
  readonly only = input<readonly object[]>();
  readonly rowLink = input<(row: Row) => Link | null>();
  /** Column whose cells are the links; else the first one. */
  readonly linkColumn = input<string>();
  readonly originLink = input<(row: Row) => Link | null>();
  readonly copyable = input<readonly string[]>([]);
  readonly marked = input<(row: Row) => boolean>();
  readonly exportView = input<View | null>(null);
  readonly exportParams = input<QueryParams>({});
  readonly hasBasis = input(false);
  /** Names of columns that stand first, in this order; the others follow as they come. */
  readonly first = input<readonly string[]>([]);

  private readonly locale = LOCALES[inject(LANGUAGE)];
  private readonly site = inject(Site);
  protected readonly headingId = `te-table-card-${++count}`;
  protected readonly rows = computed(() => this.only() ?? this.resource().value()?.rows ?? []);

  protected readonly columns = computed(() => {
    const columns = this.resource().value()?.columns ?? [];
    const front = this.first().flatMap((name) => columns.filter((each) => each.name === name));
    return [...front, ...columns.filter((column) => !front.includes(column))];
  });

  protected readonly page = computed<Page | null>(() => {
    const answer = this.resource().value();
    return answer && isPage(answer) ? answer : null;
  });

  protected readonly scope = computed(() => {
    const about = this.resource().value()?.about;
    if (!about) return '';
    const [zone, locale] = [this.site.zone(), this.locale];
    const until = about.data_until
      ? $localize`:@@chart.dataUntil:data until ${instant(about.data_until, locale, zone)}:TIME:`
      : '';
    const basis = this.hasBasis() ? basisText(about.basis) : '';
    const asOf = about.as_of
      ? $localize`:@@chart.asOf:as shown on ${instant(about.as_of, locale, zone)}:TIME:`
      : until;
    return [basis, dayRange(about.first_day, about.last_day, locale), asOf]
      .filter(Boolean)
      .join(' · ');
  });
}

function isPage(answer: object): answer is Page {
  return 'offset' in answer && 'limit' in answer;
}
