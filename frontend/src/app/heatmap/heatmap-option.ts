import type { CustomSeriesOption, CustomSeriesRenderItem, EChartsOption } from 'echarts';
import type { ChartContext } from '../charts/chart-context';
import { escapeHtml, frame, periodLabel } from '../charts/options';
import * as format from '../format/format';
import { Cell, HeatmapAnswer, colorAt, scaleOf, textOn } from './scale';

const TOP = 52;
const ROW_HEIGHT = 30;

/** Pixels that the chart needs: all rows are to be read. */
export function heatmapHeight(rows: number): number {
  return TOP + 60 + Math.max(rows, 3) * ROW_HEIGHT;
}

/** Cells by two things at once; where there is no figure a cell is crossed out, and not coloured. */
export function heatmapOption(answer: HeatmapAnswer, width: number, ctx: ChartContext): EChartsOption {
  const { ramp, line, text } = ctx.palette;
  const scale = scaleOf(answer, ramp);
  const base = frame({}, ctx);
  const isNarrow = width > 0 && width < 560;
  const fontSize = ctx.isKiosk ? 15 : 11;
  const columns = columnLabels(answer, ctx);
  const rows = answer.y.map((axis) => (isNarrow ? shortLabel(axis, answer) : axis.label));
  const room = (width - (isNarrow ? 100 : 210)) / Math.max(1, columns.length);
  const labels = answer.rows.map(({ value }) => shortValue(value, answer, ctx));
  const longest = Math.max(0, ...labels.map((each) => each.length));
  const hasLabels = room >= longest * fontSize * 0.6 + 4;
  const { x, y } = positions(answer);
  const cells = answer.rows.filter(({ value }) => value !== null);
  return {
    ...base,
    grid: { ...base.grid, top: TOP, left: 4, right: 12 },
    tooltip: { confine: true, formatter: (item) => tooltip(item, answer, ctx) },
    xAxis: {
      type: 'category',
      data: columns,
      axisTick: { show: false },
      splitArea: { show: false },
      axisLabel: { fontSize, hideOverlap: true },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: rows,
      axisTick: { show: false },
      axisLabel: {
        fontSize: ctx.isKiosk ? 16 : 12,
        interval: 0,
        width: isNarrow ? 84 : 190,
        overflow: 'truncate',
      },
    },
    visualMap: {
      type: 'continuous',
      show: answer.rows.length > 0,
      min: scale.min,
      max: scale.max,
      dimension: 2,
      seriesIndex: 0,
      orient: 'horizontal',
      left: 4,
      top: 0,
      itemWidth: 14,
      itemHeight: isNarrow ? 140 : 220,
      inRange: { color: [...scale.colors] },
      // In a horizontal one the first text stands at the upper end, to the right.
      text: [axisValue(scale.max, answer, ctx), axisValue(scale.min, answer, ctx)],
      textStyle: { color: text, fontSize: 12 },
      calculable: false,
      hoverLink: false,
    },
    series: [
      {
        type: 'heatmap',
        data: cells.map((cell) => ({
          value: [x.get(cell.x) ?? -1, y.get(cell.y) ?? -1, cell.value ?? 0],
          label: { color: textOn(colorAt(cell.value ?? 0, scale)) },
        })),
        label: {
          show: hasLabels,
          fontSize,
          formatter: (item) => shortValue((item.value as number[])[2], answer, ctx),
        },
        itemStyle: { borderColor: ctx.palette.ground, borderWidth: 1 },
        emphasis: { itemStyle: { borderColor: text, borderWidth: 2 } },
        progressive: 0,
      },
      crosses(answer, x, y, line),
    ],
  };
}

/** The cell that a click of the chart was on. */
export function cellAt(value: unknown, answer: HeatmapAnswer): Cell | null {
  if (!Array.isArray(value)) return null;
  const [column, row] = [answer.x[Number(value[0])]?.key, answer.y[Number(value[1])]?.key];
  return answer.rows.find((cell) => cell.x === column && cell.y === row) ?? null;
}

function crosses(
  answer: HeatmapAnswer,
  x: ReadonlyMap<string, number>,
  y: ReadonlyMap<string, number>,
  line: string,
): CustomSeriesOption {
  const known = new Set(
    answer.rows.filter(({ value }) => value !== null).map((cell) => `${cell.x} ${cell.y}`),
  );
  const data = answer.x.flatMap((column) =>
    answer.y
      .filter((row) => !known.has(`${column.key} ${row.key}`))
      .map((row) => [x.get(column.key) ?? -1, y.get(row.key) ?? -1]),
  );
  return {
    type: 'custom',
    id: 'missing',
    data,
    encode: { x: 0, y: 1 },
    progressive: 0,
    renderItem: (_, api) => {
      const [middleX = 0, middleY = 0] = api.coord([api.value(0), api.value(1)]);
      const size = api.size?.([1, 1]);
      const [width = 0, height = 0] = Array.isArray(size) ? size : [];
      const [halfX, halfY] = [width / 2 - 1, height / 2 - 1];
      const style = { stroke: line, lineWidth: 1 };
      const shape = {
        x1: middleX - halfX,
        y1: middleY + halfY,
        x2: middleX + halfX,
        y2: middleY - halfY,
      };
      return {
        type: 'group',
        children: [
          {
            type: 'rect',
            shape: { x: shape.x1, y: shape.y2, width: 2 * halfX, height: 2 * halfY },
            style: { ...style, fill: 'transparent' },
          },
          { type: 'line', shape, style },
        ],
      } as ReturnType<CustomSeriesRenderItem>;
    },
  };
}

function positions({ x, y }: HeatmapAnswer) {
  const byKey = (axis: HeatmapAnswer['x']) =>
    new Map(axis.map(({ key }, position) => [key, position]));
  return { x: byKey(x), y: byKey(y) };
}

function columnLabels(answer: HeatmapAnswer, ctx: ChartContext): string[] {
  const { kind, grain, x } = answer;
  if (kind === 'weekday_hour') return x.map(({ label }) => label);
  return x.map(({ key }) => periodLabel({ period: key }, grain ?? 'day', ctx));
}

/** Where names would be cut, the code of the machine; of several plants the plant with it. */
function shortLabel(
  { label, plant, work_center }: HeatmapAnswer['y'][number],
  { y }: HeatmapAnswer,
): string {
  if (!work_center) return label;
  const isOneOfMany = y.some((each) => each.plant !== plant);
  return isOneOfMany ? `${plant ?? ''} ${work_center}` : work_center;
}

/** Without its unit, which stands above the chart: cells are small. */
function shortValue(value: number | null | undefined, answer: HeatmapAnswer, ctx: ChartContext): string {
  if (answer.measure === 'unplanned_down') return format.hours(value, ctx.locale);
  const decimals = answer.measure === 'scrap_rate' ? 1 : 0;
  return format.percent(value, ctx.locale, decimals).replace(/\s?%/, '');
}

function axisValue(value: number, answer: HeatmapAnswer, ctx: ChartContext): string {
  if (answer.measure === 'unplanned_down') return `${format.hours(value, ctx.locale, 0)}\u00a0h`;
  return format.percent(value, ctx.locale, 0);
}

function tooltip(item: unknown, answer: HeatmapAnswer, ctx: ChartContext): string {
  const { value } = item as { value?: unknown };
  if (!Array.isArray(value)) return '';
  const column = columnLabels(answer, ctx)[Number(value[0])] ?? '';
  const row = answer.y[Number(value[1])]?.label ?? '';
  const cell = cellAt(value, answer);
  const head = `<strong>${escapeHtml(row)}</strong><br>${escapeHtml(column)}`;
  return [head, ...valueLines(cell, answer, ctx).map(escapeHtml)].join('<br>');
}

function valueLines(cell: Cell | null, answer: HeatmapAnswer, { locale }: ChartContext): string[] {
  if (!cell || cell.value === null) return [$localize`:@@heatmap.noData:no data`];
  if (answer.measure === 'unplanned_down') return [`${format.hours(cell.value, locale, 2)} h`];
  const part = (value: number | null) =>
    answer.measure === 'availability'
      ? `${format.hours(value, locale, 2)} h`
      : format.quantity(value, locale, answer.unit ?? '');
  return [
    format.percent(cell.value, locale, answer.measure === 'scrap_rate' ? 2 : 1),
    `${part(cell.numerator)} / ${part(cell.denominator)}`,
  ];
}
