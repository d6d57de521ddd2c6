import type { Basis, Card } from '../api/model';
import type { QueryParams } from '../filters/codec';
import { linkTo } from '../links';
import type { Link } from '../tables/data-table';

/** Most cards that a wallboard has room for in one row. */
const MOST_ON_WALLBOARD = 6;
const MAIN: readonly Card['name'][] = ['unplanned_down', 'setup', 'stops'];

export interface Arranged {
  /** Availability, scrap per unit and basis, then what costs time. */
  readonly main: readonly Card[];
  readonly others: readonly Card[];
}

/** The site's headline first; of scrap the basis that was asked for, or all of them. */
export function arrangeCards(cards: readonly Card[], basis: Basis, hasAllBases: boolean): Arranged {
  const headlines = cards.filter((card) => card.is_headline && card.name !== 'scrap_rate');
  const rates = cards.filter(
    (card) => card.name === 'scrap_rate' && (hasAllBases || card.basis === basis),
  );
  const main = [...headlines, ...rates, ...cards.filter((card) => MAIN.includes(card.name))];
  const others = cards.filter((card) => card.name !== 'scrap_rate' && !main.includes(card));
  return { main, others };
}

/** One row: what has no room among the main cards is left out, what is free goes to others. */
export function wallboardCards(cards: readonly Card[], basis: Basis): Card[] {
  const { main, others } = arrangeCards(cards, basis, false);
  const rates = main.filter((card) => card.name === 'scrap_rate').slice(0, 2);
  const shown = main.filter((card) => card.name !== 'scrap_rate' || rates.includes(card));
  return [...shown, ...others].slice(0, MOST_ON_WALLBOARD);
}

export function hasOtherBases(cards: readonly Card[], basis: Basis): boolean {
  return cards.some((card) => card.name === 'scrap_rate' && card.basis !== basis);
}

/** Where a figure is taken apart. */
export function cardLink(card: Card, query: QueryParams): Link {
  switch (card.name) {
    case 'availability':
    case 'technical_availability':
    case 'total_availability':
      return linkTo('availability', query);
    case 'scrap_rate':
    case 'produced':
    case 'scrap':
      return linkTo(
        'scrap',
        query,
        card.basis ? { basis: card.basis } : {},
        card.unit ? { unit: card.unit } : {},
      );
    case 'unplanned_down':
      return linkTo('downtime', query);
    case 'setup':
      return linkTo('downtime', query, { reason_class: ['setup'] });
    case 'unclassified':
      return linkTo('downtime', query, { reason_class: ['unclassified'] });
    case 'stops':
      return linkTo('stops', query);
    case 'unexplained':
      return linkTo('quality', query);
  }
}

/** What tells a card from all others. */
export function cardKey({ name, unit, basis }: Card): string {
  return [name, unit ?? '', basis ?? ''].join('/');
}

/** So many columns that the last row is about as full as the others; null while the width is unknown. */
export function evenColumns(cards: number, width: number, least: number): number | null {
  if (width === 0 || cards === 0) return null;
  const most = Math.max(1, Math.floor(width / least));
  return Math.ceil(cards / Math.ceil(cards / most));
}
