import type { Column } from '../api/model';
import * as format from '../format/format';

export type Row = Readonly<Record<string, unknown>>;

export interface CellContext {
  readonly locale: string;
  zoneOf(plant: string | null): string;
  readonly yes: string;
  readonly no: string;
}

/** A field as its column wants it shown, rounded as exports round. */
export function cellText(row: Row, column: Column, context: CellContext): string {
  const value = row[column.name];
  if (value === null || value === undefined || value === '') return format.NO_VALUE;
  const { locale } = context;
  switch (column.kind) {
    case 'day':
      return format.day(String(value), locale);
    case 'instant':
      return format.instant(String(value), locale, context.zoneOf(plantOf(row)), 'seconds');
    case 'seconds':
      return format.decimal(asNumber(value), locale, column.decimals);
    case 'hours':
      return format.hours(asNumber(value), locale, column.decimals);
    case 'minutes':
      return format.minutes(asNumber(value), locale, column.decimals);
    case 'percent':
    case 'rate':
      return format.percent(asNumber(value), locale, column.decimals);
    case 'quantity':
      return format.quantity(asNumber(value), locale, unitOf(row, column));
    case 'integer':
      return format.decimal(asNumber(value), locale, 0);
    case 'boolean':
      return value ? context.yes : context.no;
    case 'choice':
      return column.choices?.[String(value)] ?? String(value);
    case 'text':
      return String(value);
  }
}

const NUMERIC: readonly Column['kind'][] = [
  'seconds',
  'hours',
  'minutes',
  'percent',
  'rate',
  'quantity',
  'integer',
];

/** Numbers stand to the right, so that their digits stand below each other. */
export function isNumeric(column: Column): boolean {
  return NUMERIC.includes(column.kind);
}

/** Names of the columns shown: as chosen, in the order of the server; unknown names are ignored. */
export function shownColumns(columns: readonly Column[], chosen: readonly string[]): Column[] {
  const known = columns.filter((column) => chosen.includes(column.name));
  return known.length > 0 ? known : columns.filter((column) => !column.is_hidden);
}

/** The columns with some of them first, in the order named: what matters is to be seen at once. */
export function withFirst(columns: readonly Column[], names: readonly string[]): Column[] {
  const first = names.flatMap((name) => columns.find((column) => column.name === name) ?? []);
  return [...first, ...columns.filter((column) => !names.includes(column.name))];
}

function unitOf(row: Row, column: Column): string {
  const unit = column.unit_from ? row[column.unit_from] : null;
  return typeof unit === 'string' ? unit : '';
}

function plantOf(row: Row): string | null {
  const plant = row['plant'];
  return typeof plant === 'string' ? plant : null;
}

function asNumber(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
