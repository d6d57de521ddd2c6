import { Component, DOCUMENT, computed, effect, inject, input, untracked } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { Router } from '@angular/router';
import type { ECElementEvent } from 'echarts';
import { Api, Params } from '../api/api';
import { Site } from '../api/site';
import { Chart, ZoomRange } from '../charts/chart';
import { ChartContexts } from '../charts/chart-context';
import { FilterState } from '../filters/filter-state';
import { clockDuration, instant } from '../format/format';
import { machineLink } from '../links';
import type { Link } from '../tables/data-table';
import { Icon } from '../ui/icon';
import { hostWidth } from '../ui/host-width';
import { TimelineAnswer, lanesOf, refined } from './lanes';
import { stateFills } from './state-fill';
import { spanLink } from './span-link';
import { chartHeight, spanAt, stateTimelineOption } from './state-timeline-option';
import { ticks } from './ticks';
import { Interval, changed, daysOf, formatZoom, intervalOf, parseZoom, percentOf } from './zoom';

/** How long a zoom has to stand still before the address bears it and finer states are asked for. */
const SETTLED_MS = 250;
const WIDEST = 4000;

/**
 * States of machines as bars over time: `<te-state-timeline [answer]="view.value()!" />`. What is
 * zoomed to stands in the address (`zoom`), and finer states of its days are asked for.
 */
@Component({
  selector: 'te-state-timeline',
  imports: [Chart, Icon, MatButton, MatIconButton],
  templateUrl: './state-timeline.html',
  styleUrl: './state-timeline.scss',
})
export class StateTimeline {
  readonly answer = input.required<TimelineAnswer>();
  /** What the answer was asked with beside the filters of the address. */
  readonly params = input<Params<'timeline'>>({});

  private readonly api = inject(Api);
  private readonly router = inject(Router);
  private readonly site = inject(Site);
  private readonly state = inject(FilterState);
  private readonly context = inject(ChartContexts).context;
  protected readonly isKiosk = this.state.isKiosk;
  private readonly document = inject(DOCUMENT);
  private readonly width = hostWidth();

  private readonly whole = computed<Interval>(() => this.answer());
  private readonly zoom = computed(
    () => parseZoom(this.state.param('zoom'), this.whole()) ?? this.whole(),
  );
  /** What the chart shows while somebody zooms; the address follows when it stands still. */
  private shown: Interval | null = null;
  private settling: ReturnType<typeof setTimeout> | undefined;

  protected readonly isZoomed = computed(
    () => formatZoom(this.zoom(), this.whole()) !== null,
  );
  private readonly finerParams = computed(() => this.askFiner());
  private readonly finer = this.api.resource('timeline', () => this.finerParams());
  private readonly spans = computed(() => refined(this.answer(), this.finer.value()));
  private readonly lanes = computed(() => lanesOf(this.answer(), this.site.meta()));
  protected readonly height = computed(() => chartHeight(this.lanes().length));
  /** Of the axis: that of the machines; of several zones it is UTC. */
  protected readonly zone = computed(() => {
    const zones = new Set(this.answer().machines.map((machine) => machine.time_zone));
    const [only] = zones;
    return zones.size === 1 && only ? only : 'UTC';
  });

  /** Length of the shortest states that are seen on their own here, unless it is that of the whole. */
  protected readonly finest = computed(() => {
    const pixel = this.isZoomed() ? this.finer.value()?.pixel : undefined;
    return pixel === undefined ? null : clockDuration(pixel / 1000, this.context().locale);
  });

  protected readonly option = computed(() => {
    const { start, end } = this.zoom();
    // A label takes some 60 pixels.
    const most = Math.max(2, Math.floor((this.width() || 800) / 72));
    const shown = untracked(() => this.shown) ?? this.zoom();
    return stateTimelineOption(
      {
        answer: this.answer(),
        spans: this.spans(),
        lanes: this.lanes(),
        fills: stateFills(this.context().palette, this.document),
        zone: this.zone(),
        ticks: ticks(start, end, this.zone(), most),
        zoom: percentOf(shown, this.whole()),
        width: this.width(),
      },
      this.context(),
    );
  });

  protected readonly description = computed(() => {
    const { machines } = this.answer();
    const names = machines.map((machine) => machine.name || machine.work_center).join(', ');
    return $localize`:@@timeline.description:States over time of ${names}:NAMES:, ${this.range()}:RANGE:; the table has the totals.`;
  });
  protected readonly range = computed(() => {
    const { start, end } = this.zoom();
    const { locale } = this.context();
    return `${instant(start, locale, this.zone())} – ${instant(end, locale, this.zone())}`;
  });

  constructor() {
    // Way back, or other filters: the address says what is shown, not the last move of the hand.
    effect(() => {
      this.zoom();
      this.shown = null;
      clearTimeout(this.settling);
    });
  }

  protected onZoom(range: ZoomRange): void {
    const whole = this.whole();
    this.shown = intervalOf(range, whole);
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.shown && this.goTo(this.shown, true), SETTLED_MS);
  }

  protected change(by: { factor?: number; move?: number }): void {
    this.goTo(changed(this.shown ?? this.zoom(), this.whole(), by));
  }

  protected reset(): void {
    this.goTo(this.whole());
  }

  protected pick(event: ECElementEvent): void {
    const link = event.componentType === 'yAxis' ? this.linkOfLane(event) : this.linkOfSpan(event);
    if (!link) return;
    void this.router.navigate([...link.commands], { queryParams: link.queryParams });
  }

  private linkOfSpan(event: ECElementEvent): Link | null {
    const span = spanAt(event.value, this.spans());
    return span && spanLink(span, this.answer(), this.state.params(), this.site.meta());
  }

  private linkOfLane(event: ECElementEvent): Link | null {
    const lane = this.lanes()[Number(event.value)];
    const machine = lane?.machine == null ? undefined : this.answer().machines[lane.machine];
    return machine ? machineLink(this.state.params(), machine.plant, machine.work_center) : null;
  }

  private goTo(zoom: Interval, replace = false): void {
    this.state.setParams({ zoom: formatZoom(zoom, this.whole()) }, replace);
  }

  private askFiner(): Params<'timeline'> | undefined {
    const answer = this.answer();
    const zoom = this.zoom();
    if (!this.isZoomed() || this.width() === 0) return undefined;
    const plants = this.plantsShown();
    if (plants.length === 0) return undefined;
    const days = daysOf(zoom, plants, answer.about);
    const asked = (Date.parse(days.to) - Date.parse(days.from)) / 86_400_000 + 1;
    const length = (zoom.end - zoom.start) / 86_400_000;
    const needed = Math.ceil((this.width() * Math.max(1, asked / length)) / 100) * 100;
    const width = Math.min(WIDEST, needed);
    const pixel = (asked * 86_400_000) / width;
    // Not worth asking: nothing finer would come.
    if (pixel >= answer.pixel * 0.8) return undefined;
    return { ...this.params(), ...days, period: null, width };
  }

  private plantsShown() {
    const shown = new Set(this.answer().machines.map(({ plant }) => plant));
    return (this.site.meta()?.plants ?? []).filter(({ plant }) => shown.has(plant));
  }
}
