import { Component, computed, inject } from '@angular/core';
import { LANGUAGE, LOCALES } from '../../locale/language';
import { Api } from '../api/api';
import type { Answer } from '../api/model';
import { Site } from '../api/site';
import { FilterState } from '../filters/filter-state';
import { MultiSelect } from '../filters/multi-select';
import { Narrowed, Narrowing } from '../filters/narrowing';
import { values } from '../filters/view-params';
import { clockDuration, decimal } from '../format/format';
import type { Row } from '../tables/data-table';
import { TableCard } from '../tables/table-card';
import { stopOrigin } from './stop-links';

type StopRow = Answer<'stops'>['rows'][number];

/** All stops under the filters, a line per stop, production day and shift. */
@Component({
  selector: 'te-stops',
  imports: [MultiSelect, Narrowing, TableCard],
  templateUrl: './stops.html',
})
export class Stops {
  private readonly state = inject(FilterState);
  private readonly site = inject(Site);
  private readonly locale = LOCALES[inject(LANGUAGE)];

  protected readonly narrowed: readonly Narrowed[] = [
    {
      param: 'reason_code',
      label: $localize`:@@stops.reason:Reason`,
      text: (code) => this.options().find((option) => option.value === code)?.label ?? code,
    },
    { param: 'interaction_id', label: $localize`:@@stops.stop:Stop` },
  ];
  protected readonly reasonLabel = $localize`:@@stops.reasons:Reasons`;
  protected readonly options = computed(() =>
    (this.site.meta()?.reasons ?? []).map(({ reason_code, reason_text }) => ({
      value: reason_code,
      label: reason_text ? `${reason_code} · ${reason_text}` : reason_code,
    })),
  );
  protected readonly chosen = computed(() => values(this.state.params(), 'reason_code'));

  private readonly asked = computed(() => {
    const stop = this.state.param('interaction_id');
    return {
      reason_code: [...this.chosen()],
      ...(stop ? { interaction_id: stop } : {}),
    };
  });
  protected readonly view = inject(Api).resource('stops', () => ({
    ...this.asked(),
    ...this.state.paging(),
  }));
  protected readonly exportParams = this.asked;
  protected readonly totals = computed(() => {
    const answer = this.view.value();
    return (
      answer && {
        stops: decimal(answer.total_stops, this.locale),
        time: clockDuration(answer.total_seconds, this.locale),
      }
    );
  });

  /** What a stop cost and why is to be seen before the rest. */
  protected readonly first = [
    ...['production_day', 'plant', 'work_center', 'started_at', 'ended_at'],
    ...['attributed_seconds', 'reason_text', 'reason_class'],
  ];
  protected readonly originLink = (row: Row) =>
    stopOrigin(this.state.params(), row as unknown as StopRow);

  protected choose(codes: readonly string[]): void {
    this.state.setParams({ reason_code: codes.length > 0 ? codes : null, offset: null });
  }
}
