import {
  DestroyRef,
  Directive,
  ElementRef,
  InjectionToken,
  afterNextRender,
  effect,
  inject,
  input,
  output,
  signal,
} from '@angular/core';
import type { ECElementEvent, EChartsOption } from 'echarts';
import type { EChartsType } from 'echarts/core';
import { Theme } from '../ui/theme';

/** What part of an axis is shown, in percent of it. */
export interface ZoomRange {
  readonly start: number;
  readonly end: number;
}

export type InitChart = (element: HTMLElement, theme: string) => EChartsType;

/** Loads ECharts when the first chart is shown: it is larger than all the rest of the page. */
export const LOAD_ECHARTS = new InjectionToken<() => Promise<InitChart>>('ECharts', {
  factory: () => () =>
    import('./echarts').then(
      ({ init }) =>
        (element, theme) =>
          init(element, theme),
    ),
});

/** Components of an option that are taken as given; a zoom that somebody set stays. */
const REPLACED = ['series', 'xAxis', 'yAxis', 'grid', 'legend', 'visualMap'];

/** Shows an option of ECharts: `<div [teChart]="option()" [teChartLabel]="…"></div>`. */
@Directive({
  selector: '[teChart]',
  host: { role: 'img', '[attr.aria-label]': 'teChartLabel()' },
})
export class Chart {
  readonly teChart = input.required<EChartsOption>();
  /** What the chart tells, for those who do not see it. */
  readonly teChartLabel = input.required<string>();
  readonly picked = output<ECElementEvent>();
  /** Somebody zoomed or moved the chart; comes as often as the pointer moves. */
  readonly zoomed = output<ZoomRange>();

  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly theme = inject(Theme);
  private readonly load = inject(LOAD_ECHARTS);
  private readonly chart = signal<EChartsType | null>(null);
  private observer: ResizeObserver | undefined;
  /** The system asks for as little motion as possible. */
  private readonly isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
  private isDestroyed = false;
  private shownTheme = '';

  constructor() {
    afterNextRender(() => void this.create());
    inject(DestroyRef).onDestroy(() => {
      this.isDestroyed = true;
      this.observer?.disconnect();
      this.chart()?.dispose();
    });
    effect(() => {
      const chart = this.chart();
      const theme = this.themeName();
      if (!chart || theme === this.shownTheme) return;
      this.shownTheme = theme;
      chart.setTheme(theme);
    });
    effect(() => {
      const option = this.teChart();
      this.chart()?.setOption(this.isStill ? { ...option, animation: false } : option, {
        replaceMerge: REPLACED,
      });
    });
  }

  private async create(): Promise<void> {
    const init = await this.load();
    if (this.isDestroyed) return;
    this.shownTheme = this.themeName();
    const chart = init(this.element, this.shownTheme);
    chart.on('click', (event) => this.picked.emit(event as ECElementEvent));
    chart.on('datazoom', (event) => {
      const range = zoomRange(event);
      if (range) this.zoomed.emit(range);
    });
    this.observer = new ResizeObserver(() => chart.resize());
    this.observer.observe(this.element);
    this.chart.set(chart);
  }

  private themeName(): string {
    return this.theme.isDark() ? 'te-dark' : 'te-light';
  }
}

/** The slider tells its range itself, dragging and the wheel tell it as one of a batch. */
function zoomRange(event: unknown): ZoomRange | null {
  const { batch, ...own } = event as Partial<ZoomRange> & { batch?: Partial<ZoomRange>[] };
  const { start, end } = batch?.[0] ?? own;
  return typeof start === 'number' && typeof end === 'number' ? { start, end } : null;
}
