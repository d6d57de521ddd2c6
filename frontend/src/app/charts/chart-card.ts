import { NgTemplateOutlet } from '@angular/common';
import {
  Component,
  TemplateRef,
  computed,
  inject,
  input,
  linkedSignal,
  output,
} from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import type { ECElementEvent, EChartsOption } from 'echarts';
import { LANGUAGE, LOCALES } from '../../locale/language';
import type { ViewResource } from '../api/api';
import type { About, Column } from '../api/model';
import { Site } from '../api/site';
import { DefinitionLink, TermKey } from '../definitions/definition-link';
import { Notes } from '../feedback/notes';
import { ProblemNotice } from '../feedback/problem-notice';
import { FilterState } from '../filters/filter-state';
import { basisText, grainText } from '../filters/filter-text';
import { dayRange, instant } from '../format/format';
import { DataTable, Link, Row } from '../tables/data-table';
import { Icon } from '../ui/icon';
import { Chart } from './chart';

let count = 0;

/**
 * A chart with all that has to stand beside it: title, unit, grain, period, how new it is, the same
 * as a table, and why there is nothing when there is nothing.
 */
@Component({
  selector: 'te-chart-card',
  imports: [Chart, DataTable, DefinitionLink, Icon, MatIconButton, NgTemplateOutlet, Notes, ProblemNotice],
  templateUrl: './chart-card.html',
  styleUrl: './chart-card.scss',
  host: { class: 'te-card' },
})
export class ChartCard {
  readonly heading = input.required<string>();
  /** What is counted: `%`, `h`, `pieces`. */
  readonly unit = input('');
  readonly resource = input.required<ViewResource<{ about: About }>>();
  /** Undefined or null: there is nothing to draw. */
  readonly option = input.required<EChartsOption | null | undefined>();
  /** What the chart tells in one sentence, for those who do not see it. */
  readonly description = input.required<string>();
  readonly columns = input<readonly Column[]>([]);
  readonly rows = input<readonly Row[]>([]);
  /** Where a row of the table leads. */
  readonly rowLink = input<(row: Row) => Link | null>();
  /** Where the figures of a row of the table come from. */
  readonly originLink = input<(row: Row) => Link | null>();
  /** What the page of definitions calls the figure. */
  readonly definition = input<TermKey>();
  readonly hasGrain = input(true);
  readonly hasBasis = input(false);
  /** Drawn in place of a chart; `option` then only says whether there is anything. */
  readonly figure = input<TemplateRef<unknown> | null>(null);
  /** Height of the chart, in rem. */
  readonly height = input(20);
  readonly startsAsTable = input(false);
  readonly picked = output<ECElementEvent>();

  private readonly locale = LOCALES[inject(LANGUAGE)];
  private readonly site = inject(Site);
  protected readonly isKiosk = inject(FilterState).isKiosk;
  protected readonly headingId = `te-chart-card-${++count}`;
  protected readonly asTable = linkedSignal(() => this.startsAsTable());
  protected readonly about = computed(() => this.resource().value()?.about);
  protected readonly isEmpty = computed(() => !this.option());

  /** `%, by day · 2 – 8 Mar 2026 · data until …` */
  protected readonly scope = computed(() => {
    const about = this.about();
    if (!about) return '';
    const parts = [
      [this.unit(), this.hasGrain() ? grainText(about.grain) : ''].filter(Boolean).join(', '),
      this.hasBasis() ? basisText(about.basis) : '',
      dayRange(about.first_day, about.last_day, this.locale),
      this.asOf(about),
    ];
    return parts.filter(Boolean).join(' · ');
  });

  private asOf({ as_of, data_until, time_zone }: About): string {
    const zone = time_zone ?? this.site.zone();
    if (as_of) return $localize`:@@chart.asOf:as shown on ${instant(as_of, this.locale, zone)}:TIME:`;
    if (!data_until) return '';
    return $localize`:@@chart.dataUntil:data until ${instant(data_until, this.locale, zone)}:TIME:`;
  }
}
