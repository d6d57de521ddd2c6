import { Component, computed, inject, input } from '@angular/core';
import type { Basis, Card } from '../api/model';
import type { QueryParams } from '../filters/codec';
import { FilterState } from '../filters/filter-state';
import { basisText } from '../filters/filter-text';
import { KpiCard } from '../kpi/kpi-card';
import { hostWidth } from '../ui/host-width';
import type { Link } from '../tables/data-table';
import {
  arrangeCards,
  cardKey,
  cardLink,
  evenColumns,
  hasOtherBases,
  wallboardCards,
} from './cards';

/** Least width of a card with the gap beside it, in CSS pixels. */
const MAIN_WIDTH = 168;
const OTHER_WIDTH = 236;

interface LinkedCard {
  readonly card: Card;
  readonly key: string;
  readonly link: Link;
}

/** Cards of the overview, each with its way on; scrap on one basis, or on all that there are. */
@Component({
  selector: 'te-figures',
  imports: [KpiCard],
  templateUrl: './figures.html',
  styleUrl: './figures.scss',
  host: { '[class.kiosk]': 'isKiosk()' },
})
export class Figures {
  readonly cards = input.required<readonly Card[]>();
  readonly basis = input.required<Basis>();
  /** Parameters that links take along. */
  readonly query = input.required<QueryParams>();

  private readonly state = inject(FilterState);
  protected readonly isKiosk = this.state.isKiosk;
  protected readonly basisName = computed(() => basisText(this.basis()));
  protected readonly hasAllBases = computed(() => this.state.param('bases') === 'all');
  protected readonly canShowBases = computed(
    () => !this.isKiosk() && hasOtherBases(this.cards(), this.basis()),
  );

  private readonly arranged = computed(() =>
    this.isKiosk()
      ? { main: wallboardCards(this.cards(), this.basis()), others: [] }
      : arrangeCards(this.cards(), this.basis(), this.hasAllBases()),
  );
  protected readonly main = computed(() => this.linked(this.arranged().main));
  protected readonly others = computed(() => this.linked(this.arranged().others));

  private readonly width = hostWidth();
  protected readonly mainColumns = computed(() =>
    // A wallboard has one row of them.
    this.isKiosk() ? this.main().length : evenColumns(this.main().length, this.width(), MAIN_WIDTH),
  );
  protected readonly otherColumns = computed(() =>
    evenColumns(this.others().length, this.width(), OTHER_WIDTH),
  );

  protected toggleBases(): void {
    this.state.setParams({ bases: this.hasAllBases() ? null : 'all' });
  }

  private linked(cards: readonly Card[]): LinkedCard[] {
    const query = this.query();
    return cards.map((card) => ({ card, key: cardKey(card), link: cardLink(card, query) }));
  }
}
