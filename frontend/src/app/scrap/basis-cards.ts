import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { LANGUAGE, LOCALES } from '../../locale/language';
import type { Basis, ScrapRow } from '../api/model';
import { BASES } from '../filters/codec';
import { FilterState } from '../filters/filter-state';
import { basisText } from '../filters/filter-text';
import { provenanceLink } from '../filters/provenance-link';
import { percent, quantity } from '../format/format';
import { Icon } from '../ui/icon';

/** The scrap rate on each basis, what it counts, and the switch between them. */
@Component({
  selector: 'te-basis-cards',
  imports: [Icon, RouterLink],
  template: `
    <ul aria-label="Scrap rate by basis" i18n-aria-label="@@scrap.bases">
      @for (card of cards(); track card.basis) {
        <li class="te-card" [class.chosen]="card.isChosen">
          <h2>
            <a
              [routerLink]="[]"
              [queryParams]="card.queryParams"
              [attr.aria-current]="card.isChosen ? 'true' : null"
              >{{ card.name }}</a
            >
            @if (card.isChosen) {
              <te-icon name="check" />
            }
          </h2>
          <p class="value">{{ card.rate }}</p>
          <p class="small">
            {{ card.fraction }}
            @if (card.target) {
              <span class="target" [class.good]="card.isMet" [class.bad]="!card.isMet">
                <te-icon [name]="card.isMet ? 'check' : 'warning'" />
                <ng-container i18n="@@card.target">target {{ card.target }}</ng-container>
              </span>
            }
          </p>
          <p class="small">{{ card.meaning }}</p>
          @if (card.origin; as origin) {
            <a
              class="origin"
              [routerLink]="origin.commands"
              [queryParams]="origin.queryParams"
              i18n="@@scrap.origin"
              >Where it comes from<span class="visually-hidden">: {{ card.name }}</span></a
            >
          }
        </li>
      }
    </ul>
  `,
  styleUrl: './basis-cards.scss',
})
export class BasisCards {
  /** Totals of one unit, one per basis that there is. */
  readonly totals = input.required<readonly ScrapRow[]>();
  readonly basis = input.required<Basis>();

  private readonly state = inject(FilterState);
  private readonly locale = LOCALES[inject(LANGUAGE)];

  protected readonly cards = computed(() =>
    BASES.map((basis) => {
      const row = this.totals().find((total) => total.basis === basis);
      const target = row?.target ?? null;
      const rate = row?.scrap_rate ?? null;
      return {
        basis,
        name: basisText(basis),
        meaning: row ? basisMeaning(basis) : noFigure(basis),
        rate: percent(rate, this.locale, 2),
        fraction: row
          ? `${quantity(row.scrap_qty, this.locale)} / ${quantity(row.produced_qty, this.locale, row.unit)}`
          : '',
        target: rate === null || target === null ? '' : percent(target, this.locale, 2),
        isMet: rate !== null && target !== null && rate <= target,
        isChosen: basis === this.basis(),
        origin: row ? this.originOf(row) : null,
        queryParams: { ...this.state.params(), basis, offset: null },
      };
    }),
  );

  private originOf(row: ScrapRow) {
    const { commands, queryParams } = provenanceLink(this.state.params(), {
      mart: 'scrap_rate',
      unit: row.unit,
      // The parts of the figure of whole orders are counted in two ways; the rows are all of them.
      filters: { basis: row.basis },
    });
    return { commands: [...commands], queryParams };
  }
}

export function basisMeaning(basis: Basis): string {
  switch (basis) {
    case 'operation':
      return $localize`:@@scrap.operation:Scrap of all operations over what all operations produced: how well machines work. A piece counts once per operation.`;
    case 'last_operation':
      return $localize`:@@scrap.lastOperation:Scrap of the last operation of each order over what it produced: what falls out at the end.`;
    case 'order':
      return $localize`:@@scrap.order:Scrap of all operations over what the first one produced: how much of what was begun is lost.`;
  }
}

function noFigure(basis: Basis): string {
  return basis === 'order'
    ? $localize`:@@scrap.orderNeedsPlants:An order runs over many machines and shifts: there is a figure only without filters for these.`
    : $localize`:@@scrap.noFigure:Nothing was produced.`;
}
