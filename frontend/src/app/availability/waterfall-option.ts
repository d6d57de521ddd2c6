import type { EChartsOption } from 'echarts';
import type { AvailabilityRow, Column } from '../api/model';
import type { ChartContext } from '../charts/chart-context';
import { frame, numberAxis } from '../charts/options';
import { DECALS } from '../charts/palette';
import * as format from '../format/format';
import type { Row } from '../tables/cell';

export type StepName = 'pot' | 'plan' | 'pbt' | 'down' | 'setup' | 'apt';

/** A bar of the waterfall: what is left, or what is taken from it. */
export interface Step {
  readonly name: StepName;
  readonly isLoss: boolean;
  readonly start: number;
  readonly seconds: number;
  /** Of planned operation time. */
  readonly share: number | null;
}

/** From planned operation time to production time; each bar begins where the one before ends. */
export function steps(row: AvailabilityRow): Step[] {
  const pot = row.planned_operation_seconds;
  const step = (name: StepName, seconds: number, end: number, isLoss: boolean): Step => ({
    name,
    isLoss,
    start: isLoss ? end : 0,
    seconds,
    share: pot > 0 ? seconds / pot : null,
  });
  const pbt = row.planned_busy_seconds;
  const up = pbt - row.unplanned_down_seconds;
  return [
    step('pot', pot, 0, false),
    step('plan', row.planned_down_seconds, pbt, true),
    step('pbt', pbt, 0, false),
    step('down', row.unplanned_down_seconds, up, true),
    step('setup', row.setup_seconds, row.production_seconds, true),
    step('apt', row.production_seconds, 0, false),
  ];
}

export function stepText(name: StepName): string {
  switch (name) {
    case 'pot':
      return $localize`:@@waterfall.pot:Planned operation time (POT)`;
    case 'plan':
      return $localize`:@@waterfall.plan:Planned downtime`;
    case 'pbt':
      return $localize`:@@waterfall.pbt:Planned busy time (PBT)`;
    case 'down':
      return $localize`:@@waterfall.down:Unplanned downtime`;
    case 'setup':
      return $localize`:@@waterfall.setup:Set-up`;
    case 'apt':
      return $localize`:@@waterfall.apt:Production time (APT)`;
  }
}

/** Lies on its side, so that the names have room on a phone, too. */
export function waterfallOption(row: AvailabilityRow, ctx: ChartContext): EChartsOption {
  const bars = steps(row);
  const size = ctx.isKiosk ? 16 : 12;
  return {
    ...frame({}, ctx),
    grid: { left: 4, right: 12, top: 4, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    tooltip: {
      trigger: 'item',
      confine: true,
      formatter: (params) => {
        const { dataIndex } = Array.isArray(params) ? params[0] ?? { dataIndex: -1 } : params;
        const bar = bars[dataIndex];
        if (!bar) return '';
        const technical =
          bar.name === 'down'
            ? `<br>${$localize`:@@waterfall.technical:of which technical ${format.hours(row.technical_down_seconds, ctx.locale)}:HOURS: h`}`
            : '';
        return `${stepText(bar.name)}<br><b>${valueText(bar, ctx)}</b>${technical}`;
      },
    },
    xAxis: { ...numberAxis(ctx), splitNumber: 3 },
    yAxis: {
      type: 'category',
      inverse: true,
      data: bars.map((bar) => stepText(bar.name)),
      axisLine: { show: false },
      axisLabel: {
        interval: 0,
        formatter: (_: string, index: number) => {
          const bar = bars[index];
          return bar ? `{name|${stepText(bar.name)}}\n{value|${valueText(bar, ctx)}}` : '';
        },
        rich: {
          name: { fontSize: size, color: ctx.palette.muted, align: 'right', lineHeight: size * 1.5 },
          value: {
            fontSize: size + 1,
            color: ctx.palette.text,
            fontWeight: 'bold',
            align: 'right',
            lineHeight: size * 1.5,
          },
        },
      },
    },
    series: [
      {
        type: 'bar',
        stack: 'time',
        silent: true,
        itemStyle: { color: 'transparent' },
        tooltip: { show: false },
        data: bars.map((bar) => format.inHours(bar.start)),
      },
      {
        type: 'bar',
        name: $localize`:@@waterfall.hours:Hours`,
        stack: 'time',
        barCategoryGap: '30%',
        data: bars.map((bar) => ({
          value: format.inHours(bar.seconds),
          itemStyle: barStyle(bar, ctx),
        })),
      },
    ],
  };
}

/** The table beside it: made here, the API has these figures in one row. */
export function waterfallColumns(): Column[] {
  const column = (name: string, label: string, kind: Column['kind'], decimals: number): Column => ({
    name,
    label,
    kind,
    decimals,
    is_sortable: false,
    is_hidden: false,
    unit_from: null,
  });
  return [
    column('label', $localize`:@@waterfall.time:Time`, 'text', 0),
    column('seconds', $localize`:@@waterfall.hours:Hours`, 'hours', 2),
    column('share', $localize`:@@waterfall.share:Of POT`, 'percent', 1),
  ];
}

export function waterfallRows(row: AvailabilityRow): Row[] {
  return steps(row).map((step) => ({
    ...step,
    label: `${step.isLoss ? '− ' : ''}${stepText(step.name)}`,
  }));
}

function valueText(bar: Step, ctx: ChartContext): string {
  const sign = bar.isLoss ? '−' : '';
  const hours = `${sign}${format.hours(bar.seconds, ctx.locale)}\u00a0h`;
  return bar.share === null ? hours : `${hours} · ${format.percent(bar.share, ctx.locale)}`;
}

function barStyle(bar: Step, ctx: ChartContext): object {
  const { classes, series, states } = ctx.palette;
  switch (bar.name) {
    case 'plan':
      return { color: classes.planned, decal: DECALS.planned };
    case 'down':
      return { color: classes.technical, decal: DECALS.technical };
    case 'setup':
      return { color: classes.setup, decal: DECALS.setup };
    case 'apt':
      return { color: states.production };
    default:
      return { color: series[0] };
  }
}
