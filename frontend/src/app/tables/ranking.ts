import { Component, computed, input } from '@angular/core';
import { Params, RouterLink } from '@angular/router';
import type { Link } from './data-table';

/** A part of a bar: share of the widest one, 0…1. */
export interface Segment {
  readonly share: number;
  readonly color: string;
  /** Drawn with stripes, so that it is told apart without colour. */
  readonly isStriped?: boolean;
}

export interface RankedRow {
  readonly key: string;
  readonly label: string;
  readonly detail?: string;
  readonly link: Link | null;
  readonly segments: readonly Segment[];
  /** One text per heading of `headings`. */
  readonly values: readonly string[];
}

/** What is worst, the worst first: a table whose rows have bars and lead on. */
@Component({
  selector: 'te-ranking',
  imports: [RouterLink],
  templateUrl: './ranking.html',
  styleUrl: './ranking.scss',
})
export class Ranking {
  readonly caption = input.required<string>();
  /** Heading of what is ranked. */
  readonly of = input.required<string>();
  readonly headings = input.required<readonly string[]>();
  readonly rows = input.required<readonly RankedRow[]>();

  protected readonly lines = computed(() =>
    this.rows().map((row) => ({
      ...row,
      commands: row.link ? [...row.link.commands] : null,
      queryParams: (row.link?.queryParams ?? null) as Params | null,
    })),
  );
}

/** Shares of the greatest of `values`; nothing has no width. */
export function sharesOfGreatest(values: readonly (number | null)[]): number[] {
  const greatest = Math.max(0, ...values.map((value) => value ?? 0));
  return values.map((value) => (greatest > 0 ? Math.max(0, value ?? 0) / greatest : 0));
}
