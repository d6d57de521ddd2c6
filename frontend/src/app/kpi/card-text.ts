import type { Card } from '../api/model';
import * as format from '../format/format';

export type CardKind = Card['kind'];

/** What a card is called. */
export function cardTitle(name: Card['name']): string {
  switch (name) {
    case 'availability':
      return $localize`:@@card.availability:Availability`;
    case 'technical_availability':
      return $localize`:@@card.technicalAvailability:Technical availability`;
    case 'total_availability':
      return $localize`:@@card.totalAvailability:Total availability`;
    case 'scrap_rate':
      return $localize`:@@card.scrapRate:Scrap rate`;
    case 'unplanned_down':
      return $localize`:@@card.unplannedDown:Unplanned downtime`;
    case 'setup':
      return $localize`:@@card.setup:Set-up`;
    case 'stops':
      return $localize`:@@card.stops:Stops`;
    case 'produced':
      return $localize`:@@card.produced:Produced`;
    case 'scrap':
      return $localize`:@@card.scrap:Scrap`;
    case 'unexplained':
      return $localize`:@@card.unexplained:Unexplained time`;
    case 'unclassified':
      return $localize`:@@card.unclassified:Unclassified stops`;
  }
}

/** Whether a figure is shown in per cent. */
export function isRatio(kind: CardKind): boolean {
  return kind === 'percent' || kind === 'rate';
}

/** Decimals of per cent; a rate is small. */
export function ratioDecimals(kind: CardKind): number {
  return kind === 'rate' ? 2 : 1;
}

/** The figure itself; the unit of hours stands apart. */
export function cardValue(value: number | null | undefined, kind: CardKind, locale: string): string {
  switch (kind) {
    case 'percent':
    case 'rate':
      return format.percent(value, locale, ratioDecimals(kind));
    case 'hours':
      return format.hours(value, locale);
    case 'integer':
      return format.decimal(value, locale);
    case 'quantity':
      return format.roughQuantity(value, locale);
  }
}

/** Numerator / denominator of a ratio: hours of an availability, pieces of a scrap rate. */
export function cardFraction(card: Card, locale: string): string {
  const { numerator, denominator, kind, name, unit } = card;
  if (!isRatio(kind) || numerator == null || denominator == null) return '';
  if (name === 'scrap_rate') {
    return `${format.roughQuantity(numerator, locale)} / ${format.roughQuantity(denominator, locale, unit ?? '')}`;
  }
  return `${format.hours(numerator, locale)} / ${format.hours(denominator, locale)}\u00a0h`;
}

export interface Change {
  readonly text: string;
  readonly direction: 'up' | 'down' | 'same';
  /** null: the figure is neither good nor bad by itself. */
  readonly isBetter: boolean | null;
}

/** Against the period before: points of a ratio, else the share of what it was. */
export function cardChange(card: Card, locale: string): Change | null {
  const { value, previous, kind, better } = card;
  if (value == null || previous == null) return null;
  const ofRatio = isRatio(kind);
  if (!ofRatio && previous === 0) return null;
  const difference = ofRatio ? value - previous : (value - previous) / previous;
  const number = format.points(difference, locale, ofRatio ? ratioDecimals(kind) : 1);
  // What rounds to nothing is no change; Intl leaves the sign out then.
  const direction = !/[+\-−]/.test(number) ? 'same' : difference > 0 ? 'up' : 'down';
  return {
    text: ofRatio
      ? $localize`:@@card.points:${number}:NUMBER: pp`
      : format.percentChange(difference, locale),
    direction,
    isBetter:
      direction === 'same' || !better ? null : (direction === 'up') === (better === 'higher'),
  };
}

/** Whether the target is reached; null without a value or a target. */
export function meetsTarget({ value, target, better }: Card): boolean | null {
  if (value == null || target == null || !better) return null;
  return better === 'higher' ? value >= target : value <= target;
}
