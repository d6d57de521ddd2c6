import { Component, computed, inject } from '@angular/core';
import { Params, RouterLink } from '@angular/router';
import { LANGUAGE, LOCALES } from '../../locale/language';
import { Api } from '../api/api';
import type { ScrapRow } from '../api/model';
import { Site } from '../api/site';
import { measureText } from '../availability/measures';
import { ChartContexts } from '../charts/chart-context';
import { Notes } from '../feedback/notes';
import { ProblemNotice } from '../feedback/problem-notice';
import { FilterState } from '../filters/filter-state';
import { basisText } from '../filters/filter-text';
import { dayRange, instant } from '../format/format';
import { linkTo } from '../links';
import type { Link } from '../tables/data-table';
import { Ranking } from '../tables/ranking';
import { Figures } from './figures';
import { rankedMachines, rankedReasons, rankedScrap } from './rankings';
import { unitsOf } from './scrap-trend-option';
import { Trends } from './trends';

/** Machines with the highest scrap rate, where there are several units. */
const MOST_OF_A_UNIT = 3;

/** All at a glance, for a desk, a phone, and a wallboard (`?kiosk=1`). */
@Component({
  selector: 'te-overview',
  imports: [Figures, Notes, ProblemNotice, Ranking, RouterLink, Trends],
  templateUrl: './overview.html',
  styleUrl: './overview.scss',
  host: { '[class.kiosk]': 'isKiosk()' },
})
export class Overview {
  private readonly state = inject(FilterState);
  private readonly context = inject(ChartContexts).context;
  private readonly locale = LOCALES[inject(LANGUAGE)];
  protected readonly site = inject(Site);
  protected readonly isKiosk = this.state.isKiosk;
  protected readonly query = this.state.params;
  protected readonly view = inject(Api).resource('overview');

  protected readonly answer = this.view.value;
  private readonly basis = computed(() => this.answer()?.about.basis ?? 'operation');
  protected readonly basisName = computed(() => basisText(this.basis()));

  protected readonly scope = computed(() => {
    const answer = this.answer();
    if (!answer) return null;
    const { about } = answer;
    const zone = this.site.zone();
    const time = about.as_of ?? about.data_until;
    return {
      days: dayRange(about.first_day, about.last_day, this.locale),
      before: dayRange(answer.previous_first_day, answer.previous_last_day, this.locale),
      isAsOf: about.as_of !== null,
      time: time ? instant(time, this.locale, zone) : null,
      zone,
    };
  });

  protected readonly machines = computed(() =>
    rankedMachines(this.answer()?.worst_work_centers ?? [], this.query(), this.context()),
  );
  protected readonly reasons = computed(() =>
    rankedReasons(this.answer()?.worst_reasons ?? [], this.query(), this.context()),
  );
  protected readonly scrap = computed(() => {
    const answer = this.answer();
    if (!answer) return [];
    const units = unitsOf(answer);
    const place = (row: ScrapRow) => units.indexOf(row.unit);
    const rows = [...answer.worst_scrap].sort((one, other) => place(one) - place(other));
    // A wallboard has room for five; elsewhere the other cards beside this one have five lines.
    const most = units.length > 1 ? MOST_OF_A_UNIT : Infinity;
    const shown = this.isKiosk()
      ? rows.filter((row) => row.unit === units[0])
      : units.flatMap((unit) => rows.filter((row) => row.unit === unit).slice(0, most));
    return rankedScrap(shown, this.query(), this.context());
  });

  protected readonly measureShort = measureText('availability');
  protected readonly names = {
    machine: $localize`:@@overview.machine:Machine`,
    reason: $localize`:@@overview.reason:Reason`,
    lost: $localize`:@@overview.lost:Lost`,
    time: $localize`:@@overview.time:Time`,
    stops: $localize`:@@card.stops:Stops`,
    rate: $localize`:@@overview.rate:Rate`,
    scrap: $localize`:@@card.scrap:Scrap`,
  };

  protected readonly links = computed(() => {
    const query = this.query();
    const link = (path: string) => linkTo(path, query);
    return [link('availability'), link('downtime'), link('scrap')].map(plain);
  });
}

function plain(link: Link): { commands: unknown[]; queryParams: Params } {
  return { commands: [...link.commands], queryParams: { ...link.queryParams } };
}
