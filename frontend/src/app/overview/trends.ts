import { Component, computed, inject, input } from '@angular/core';
import { Router } from '@angular/router';
import type { ECElementEvent } from 'echarts';
import type { ViewResource } from '../api/api';
import type { Answer, AvailabilityRow, Card, ScrapRow } from '../api/model';
import { Site } from '../api/site';
import { MEASURES, Measure, headlineMeasure, measureText } from '../availability/measures';
import { trendOption } from '../availability/trend-option';
import { ChartCard } from '../charts/chart-card';
import { ChartContexts } from '../charts/chart-context';
import type { QueryParams } from '../filters/codec';
import { linkTo, narrowed } from '../links';
import type { Link, Row } from '../tables/data-table';
import { scrapColumns } from './scrap-columns';
import { periodsOf, scrapTrendOption, unitsOf } from './scrap-trend-option';

/** Availability and scrap rate over time, beside each other. */
@Component({
  selector: 'te-trends',
  imports: [ChartCard],
  templateUrl: './trends.html',
  styles: `
    :host {
      display: block;
      min-width: 0;
    }
    :host-context(html.kiosk) {
      display: grid;
      min-height: 0;
    }
    :host-context(html.kiosk) te-chart-card {
      min-height: 0;
      padding: 0.5rem 0.875rem;
    }
    :host-context(html.kiosk) .te-grid {
      grid-auto-rows: minmax(0, 1fr);
      min-height: 0;
      gap: 0.625rem;
    }
  `,
})
export class Trends {
  readonly view = input.required<ViewResource<Answer<'overview'>>>();
  /** Parameters that links take along. */
  readonly query = input.required<QueryParams>();

  private readonly router = inject(Router);
  private readonly site = inject(Site);
  private readonly context = inject(ChartContexts).context;
  protected readonly answer = computed(() => this.view().value());
  protected readonly height = computed(() => (this.context().isKiosk ? 9.25 : 16));

  protected readonly measure = computed<Measure>(() => {
    const headlines = this.answer()?.cards.filter((card) => card.is_headline) ?? [];
    const names: Card['name'][] = headlines.map((card) => card.name);
    return (
      MEASURES.find((measure) => names.includes(measure)) ??
      headlineMeasure(this.site.meta()?.headline_availability)
    );
  });
  protected readonly measureName = computed(() => measureText(this.measure()));

  protected readonly availability = computed(() => {
    const answer = this.answer();
    if (!answer || answer.availability_trend.length === 0) return null;
    return trendOption(answer.availability_trend, answer.about, [this.measure()], this.context());
  });
  protected readonly scrap = computed(() => {
    const answer = this.answer();
    if (!answer || answer.scrap_trend.length === 0) return null;
    return scrapTrendOption(answer.scrap_trend, unitsOf(answer), answer.about, this.context());
  });
  protected readonly scrapColumns = scrapColumns();

  protected readonly availabilityLink = (row: Row): Link | null =>
    this.toPeriod('availability', row as unknown as AvailabilityRow);
  protected readonly scrapLink = (row: Row): Link | null =>
    this.toPeriod('scrap', row as unknown as ScrapRow);

  protected pickAvailability(event: ECElementEvent): void {
    this.goTo(this.toPeriod('availability', this.answer()?.availability_trend[event.dataIndex]));
  }

  protected pickScrap(event: ECElementEvent): void {
    const period = periodsOf(this.answer()?.scrap_trend ?? [])[event.dataIndex];
    const row = period && { ...period, unit: event.seriesName ?? period.unit };
    this.goTo(this.toPeriod('scrap', row));
  }

  private toPeriod(
    path: string,
    row: { period?: string | null; shift?: string | null; unit?: string } | undefined,
  ): Link | null {
    const about = this.answer()?.about;
    if (!row || !about) return null;
    const more = row.unit ? { unit: row.unit } : {};
    return linkTo(path, this.query(), narrowed(row, about.grain, about), more);
  }

  private goTo(link: Link | null): void {
    if (!link) return;
    void this.router.navigate([...link.commands], { queryParams: { ...link.queryParams } });
  }
}
