import { Component, computed, inject } from '@angular/core';
import { Router } from '@angular/router';
import type { ECElementEvent } from 'echarts';
import { Api } from '../api/api';
import { ChartCard } from '../charts/chart-card';
import { ChartContexts } from '../charts/chart-context';
import type { TermKey } from '../definitions/definition-link';
import { FilterState } from '../filters/filter-state';
import type { Option } from '../ui/option';
import { SingleSelect } from '../ui/single-select';
import { Row } from '../tables/data-table';
import { ExportLinks } from '../tables/export-links';
import { hostWidth } from '../ui/host-width';
import { cellLink } from './cell-link';
import { cellAt, heatmapHeight, heatmapOption } from './heatmap-option';
import type { HeatmapAnswer } from './scale';

const KINDS = ['work_center_day', 'weekday_hour'] as const;
const MEASURES = ['availability', 'unplanned_down', 'scrap_rate'] as const;
/** Of the card at both sides, with its border. */
const CARD_PADDING = 34;
type Measure = (typeof MEASURES)[number];

/** A figure by machine and day, or by weekday and hour: where and when it goes wrong. */
@Component({
  selector: 'te-heatmap',
  imports: [ChartCard, ExportLinks, SingleSelect],
  templateUrl: './heatmap.html',
  styleUrl: './heatmap.scss',
})
export class Heatmap {
  protected readonly state = inject(FilterState);
  private readonly router = inject(Router);
  private readonly context = inject(ChartContexts).context;
  private readonly width = hostWidth();

  protected readonly kind = computed(() => oneOf(KINDS, this.state.param('kind')));
  protected readonly measure = computed(() => oneOf(MEASURES, this.state.param('measure')));
  protected readonly params = computed(() => {
    const unit = this.state.param('unit');
    return {
      kind: this.kind(),
      measure: this.measure(),
      ...(unit && this.measure() === 'scrap_rate' ? { unit } : {}),
    };
  });
  protected readonly view = inject(Api).resource('heatmap', () => this.params());

  protected readonly option = computed(() => {
    const answer = this.view.value();
    return hasCells(answer) ? heatmapOption(answer, this.width() - CARD_PADDING, this.context()) : null;
  });
  /** In rem; the chart is as high as its rows ask for. */
  protected readonly height = computed(() => heatmapHeight(this.view.value()?.y.length ?? 0) / 16);
  protected readonly unit = computed(() => {
    const unit = this.view.value()?.unit;
    if (this.measure() === 'unplanned_down') return 'h';
    return unit ? `%, ${unit}` : '%';
  });
  protected readonly definition = computed<TermKey>(() => {
    const measure = this.measure();
    return measure === 'unplanned_down' ? 'down' : measure;
  });

  protected readonly kinds: readonly Option[] = KINDS.map((value) => ({
    value,
    label: kindText(value),
  }));
  protected readonly measures: readonly Option[] = MEASURES.map((value) => ({
    value,
    label: measureText(value),
  }));
  protected readonly units = computed(() =>
    (this.view.value()?.units ?? []).map((unit) => ({ value: unit, label: unit })),
  );
  protected readonly heading = computed(() =>
    this.kind() === 'weekday_hour'
      ? $localize`:@@heatmap.byHour:${measureText(this.measure())}:MEASURE: by weekday and hour`
      : $localize`:@@heatmap.byMachine:${measureText(this.measure())}:MEASURE: by machine and ${columnText(this.view.value())}:PERIOD:`,
  );
  protected readonly description = computed(
    () =>
      $localize`:@@heatmap.description:${this.heading()}:HEADING:. The stronger the colour, the greater the loss; crossed out: no data.`,
  );
  protected readonly texts = {
    kind: $localize`:@@heatmap.kind:Show`,
    measure: $localize`:@@heatmap.measure:Figure`,
    unit: $localize`:@@heatmap.unit:Unit`,
  };

  protected readonly rowLink = (row: Row) => {
    const answer = this.view.value();
    const cell = { x: String(row['x']), y: String(row['y']) };
    return answer ? cellLink(cell, answer, this.state.params()) : null;
  };

  protected choose(name: 'kind' | 'measure' | 'unit', value: string): void {
    this.state.setParams({ [name]: value });
  }

  protected pick(event: ECElementEvent): void {
    const answer = this.view.value();
    const cell = answer && cellAt(event.value, answer);
    const link = cell && cellLink(cell, answer, this.state.params());
    if (link) void this.router.navigate([...link.commands], { queryParams: link.queryParams });
  }
}

function hasCells(answer: HeatmapAnswer | undefined): answer is HeatmapAnswer {
  return answer?.rows.some(({ value }) => value !== null) ?? false;
}

function oneOf<T extends string>(choices: readonly [T, ...T[]], value: string | null): T {
  return choices.find((choice) => choice === value) ?? choices[0];
}

function kindText(kind: (typeof KINDS)[number]): string {
  return kind === 'weekday_hour'
    ? $localize`:@@heatmap.weekdayHour:Weekday × hour`
    : $localize`:@@heatmap.machineDay:Machine × day`;
}

function measureText(measure: Measure): string {
  switch (measure) {
    case 'availability':
      return $localize`:@@heatmap.availability:Availability`;
    case 'unplanned_down':
      return $localize`:@@heatmap.unplannedDown:Unplanned downtime`;
    case 'scrap_rate':
      return $localize`:@@heatmap.scrapRate:Scrap rate`;
  }
}

function columnText(answer: HeatmapAnswer | undefined): string {
  switch (answer?.grain) {
    case 'week':
      return $localize`:@@heatmap.week:week`;
    case 'month':
      return $localize`:@@heatmap.month:month`;
    default:
      return $localize`:@@heatmap.day:day`;
  }
}
