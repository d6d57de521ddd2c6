import { Component, computed, inject, input } from '@angular/core';
import { Params, Router, RouterLink } from '@angular/router';
import type { ECElementEvent } from 'echarts';
import { Api } from '../api/api';
import type { Answer } from '../api/model';
import { Site } from '../api/site';
import { ChartCard } from '../charts/chart-card';
import { ChartContexts } from '../charts/chart-context';
import { Notes } from '../feedback/notes';
import { ProblemNotice } from '../feedback/problem-notice';
import { changeFilters } from '../filters/codec';
import { FilterState } from '../filters/filter-state';
import { QuantityPipe } from '../format/pipes';
import { linkTo } from '../links';
import { Figures } from '../overview/figures';
import { rankedReasons } from '../overview/rankings';
import { Trends } from '../overview/trends';
import { stopOrigin } from '../stops/stop-links';
import { DataTable, Link, Row } from '../tables/data-table';
import { Ranking } from '../tables/ranking';
import { spanLink } from '../timeline/span-link';
import { dayLanes, lastDays, piecesOf } from './day-lanes';
import { dayLanesOption, lanesHeight, pieceSpan } from './day-lanes-option';
import { rankedScrapReasons, stateLink } from './machine-links';

/** Days that the states are shown of: more would be too low to be read. */
const MOST_DAYS = 14;
const MOST_REASONS = 8;
const STOPS = 10;

type StopRow = Answer<'stops'>['rows'][number];

/** All of one machine: `/machine/<plant>/<work center>`. Its path wins over filters by place. */
@Component({
  selector: 'te-machine',
  imports: [ChartCard, DataTable, Figures, Notes, ProblemNotice, QuantityPipe, Ranking, RouterLink, Trends],
  templateUrl: './machine.html',
  styleUrl: './machine.scss',
})
export class Machine {
  readonly plant = input.required<string>();
  readonly work_center = input.required<string>();

  private readonly api = inject(Api);
  private readonly router = inject(Router);
  private readonly state = inject(FilterState);
  private readonly site = inject(Site);
  private readonly context = inject(ChartContexts).context;

  private readonly place = computed(() => ({
    plant: [this.plant()],
    line: [],
    work_center: [this.work_center()],
  }));
  /** What links take along: the filters of the address, and the machine. */
  protected readonly query = computed(() => changeFilters(this.state.params(), this.place()));

  protected readonly overview = this.api.resource('overview', () => this.place());
  protected readonly reasons = this.api.resource('downtime-pareto', () => ({
    ...this.place(),
    level: 'reason' as const,
  }));
  protected readonly scrap = this.api.resource('scrap-pareto', () => ({
    ...this.place(),
    level: 'reason' as const,
  }));
  protected readonly stops = this.api.resource('stops', () => ({ ...this.place(), limit: STOPS }));
  // Days are known when the figures are there; of many the last ones are shown.
  protected readonly states = this.api.resource('timeline', () => {
    const about = this.overview.value()?.about;
    if (!about) return undefined;
    const from = lastDays(about.first_day, about.last_day, MOST_DAYS);
    return { ...this.place(), period: undefined, from, to: about.last_day, width: 4_000 };
  });

  /** There is no such machine, or the filters cannot be answered: all parts would say the same. */
  protected readonly isUnknown = computed(
    () => this.overview.value() === undefined && this.overview.problem()?.kind === 'invalid',
  );

  private readonly found = computed(() => {
    const plant = this.site.meta()?.plants.find((each) => each.plant === this.plant());
    const machine = plant?.work_centers.find((each) => each.work_center === this.work_center());
    const line = plant?.lines.find((each) => each.line === machine?.line);
    return { plant, machine, line };
  });
  protected readonly title = computed(() => this.found().machine?.name ?? this.work_center());
  protected readonly where = computed(() => {
    const { plant, machine, line } = this.found();
    const names = [plant?.name ?? this.plant(), line?.name, machine && this.work_center()];
    return names.filter(Boolean).join(' · ');
  });

  protected readonly ways = computed(() => {
    const query = this.query();
    const ways: [string, string][] = [
      ['availability', $localize`:@@nav.availability:Availability`],
      ['downtime', $localize`:@@machine.toDowntime:Downtime`],
      ['stops', $localize`:@@card.stops:Stops`],
      ['timeline', $localize`:@@nav.timeline:Timeline`],
      ['scrap', $localize`:@@card.scrap:Scrap`],
      ['confirmations', $localize`:@@machine.toConfirmations:Confirmations`],
    ];
    return ways.map(([path, label]) => ({ path, label, ...plain(linkTo(path, query)) }));
  });
  protected readonly toStops = computed(() => plain(linkTo('stops', this.query())));
  protected readonly toDowntime = computed(() => plain(linkTo('downtime', this.query())));
  protected readonly toScrap = computed(() => plain(linkTo('scrap', this.query())));

  private readonly lanes = computed(() => {
    const answer = this.states.value();
    return answer ? dayLanes(answer, this.found().plant) : [];
  });
  protected readonly statesHeight = computed(() => lanesHeight(this.lanes().length) / 16);
  protected readonly statesOption = computed(() => {
    const answer = this.states.value();
    if (!answer || answer.spans.length === 0) return null;
    return dayLanesOption(answer, this.lanes(), piecesOf(answer, this.lanes()), this.context());
  });
  protected readonly stateLink = (row: Row): Link => stateLink(row, this.query());

  protected readonly rankedReasons = computed(() =>
    rankedReasons(
      (this.reasons.value()?.rows ?? []).slice(0, MOST_REASONS),
      this.query(),
      this.context(),
    ),
  );
  protected readonly rankedScrap = computed(() =>
    rankedScrapReasons(
      (this.scrap.value()?.rows ?? []).slice(0, MOST_REASONS),
      this.query(),
      this.context(),
    ),
  );
  /** Which machine it is needs no column. */
  protected readonly stopColumns = computed(() =>
    (this.stops.value()?.columns ?? []).filter(
      ({ name }) => !['plant', 'work_center', 'name'].includes(name),
    ),
  );
  protected readonly stopLink = (row: Row): Link => stopOrigin(this.query(), row as unknown as StopRow);

  protected readonly names = {
    reason: $localize`:@@overview.reason:Reason`,
    time: $localize`:@@overview.time:Time`,
    stops: $localize`:@@card.stops:Stops`,
    scrap: $localize`:@@card.scrap:Scrap`,
    share: $localize`:@@machine.share:Share`,
  };

  protected pickState(event: ECElementEvent): void {
    const answer = this.states.value();
    const span = answer && pieceSpan(event.value, answer);
    const link = span && spanLink(span, answer, this.query(), this.site.meta());
    if (!link) return;
    const { commands, queryParams } = plain(link);
    void this.router.navigate(commands, { queryParams });
  }
}

function plain(link: Link): { commands: unknown[]; queryParams: Params } {
  return { commands: [...link.commands], queryParams: { ...link.queryParams } };
}
