import { Component, computed, inject, input } from '@angular/core';
import { Params, RouterLink } from '@angular/router';
import { LANGUAGE, LOCALES } from '../../locale/language';
import type { Card } from '../api/model';
import { DefinitionLink, TermKey } from '../definitions/definition-link';
import { basisText } from '../filters/filter-text';
import { NO_VALUE, percent } from '../format/format';
import type { Link } from '../tables/data-table';
import { Icon } from '../ui/icon';
import { cardChange, cardFraction, cardTitle, cardValue, meetsTarget, ratioDecimals } from './card-text';

/** A figure, what it is made of, how it was before and what it should be. */
@Component({
  selector: 'te-kpi-card',
  imports: [DefinitionLink, Icon, RouterLink],
  templateUrl: './kpi-card.html',
  styleUrl: './kpi-card.scss',
  host: {
    class: 'te-card',
    '[class.headline]': 'card().is_headline',
    '[class.compact]': 'compact()',
  },
})
export class KpiCard {
  readonly card = input.required<Card>();
  /** Where the figure is taken apart. */
  readonly link = input<Link | null>(null);

  /** Smaller, for figures that stand behind others. */
  readonly compact = input(false);

  private readonly locale = LOCALES[inject(LANGUAGE)];

  protected readonly title = computed(() => cardTitle(this.card().name));
  protected readonly term = computed(() => TERMS[this.card().name]);
  protected readonly value = computed(() =>
    cardValue(this.card().value, this.card().kind, this.locale),
  );
  protected readonly isEmpty = computed(() => this.value() === NO_VALUE);
  protected readonly unit = computed(() =>
    this.card().kind === 'hours' ? 'h' : this.card().kind === 'quantity' ? this.card().unit : '',
  );
  protected readonly basis = computed(() => {
    const basis = this.card().basis;
    return basis ? basisText(basis) : '';
  });
  protected readonly fraction = computed(() => cardFraction(this.card(), this.locale));
  protected readonly change = computed(() => cardChange(this.card(), this.locale));
  protected readonly previous = computed(() => {
    const previous = cardValue(this.card().previous, this.card().kind, this.locale);
    return this.unit() ? `${previous}\u00a0${this.unit()}` : previous;
  });
  protected readonly target = computed(() => {
    const { target, kind } = this.card();
    return target == null ? null : percent(target, this.locale, ratioDecimals(kind));
  });
  protected readonly isMet = computed(() => meetsTarget(this.card()));
  protected readonly commands = computed(() => [...(this.link()?.commands ?? [])]);
  protected readonly queryParams = computed(
    () => (this.link()?.queryParams ?? null) as Params | null,
  );
}

/** What the page of definitions calls the figures. */
const TERMS: Readonly<Record<Card['name'], TermKey>> = {
  availability: 'availability',
  technical_availability: 'technical_availability',
  total_availability: 'total_availability',
  scrap_rate: 'scrap_rate',
  unplanned_down: 'down',
  setup: 'setup',
  stops: 'stops',
  produced: 'produced',
  scrap: 'quantities',
  unexplained: 'unexplained',
  unclassified: 'attributed',
};
