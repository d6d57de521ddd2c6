/**
 * Figures and times as people read them. All functions are pure: locale and zone are arguments.
 *
 * Rounding is Intl's own: half away from zero on the shortest decimal that means the number, so
 * 0.8885 is 88.9 %. Exports round alike. Nothing is never shown as zero.
 */

/** What stands where there is no value. */
export const NO_VALUE = '–';

type Maybe<T> = T | null | undefined;

const numberFormats = new Map<string, Intl.NumberFormat>();
const dateFormats = new Map<string, Intl.DateTimeFormat>();

// Making a formatter takes some 50 µs, a table page has thousands of cells.
function numbers(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale + JSON.stringify(options);
  let format = numberFormats.get(key);
  if (!format) numberFormats.set(key, (format = new Intl.NumberFormat(locale, options)));
  return format;
}

function dates(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  let format = dateFormats.get(key);
  if (!format) dateFormats.set(key, (format = new Intl.DateTimeFormat(locale, options)));
  return format;
}

function isNumber(value: Maybe<number>): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** A ratio (0…1) as percent, one decimal unless told. */
export function percent(ratio: Maybe<number>, locale: string, decimals = 1): string {
  if (!isNumber(ratio)) return NO_VALUE;
  return numbers(locale, {
    style: 'percent',
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(ratio);
}

/** Difference of two ratios in percentage points, always with its sign: `+1.2`. */
export function points(difference: Maybe<number>, locale: string, decimals = 1): string {
  if (!isNumber(difference)) return NO_VALUE;
  // Of style percent for its exact shift by two places; the sign is left out, points are no percent.
  return numbers(locale, {
    style: 'percent',
    signDisplay: 'exceptZero',
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  })
    .formatToParts(difference)
    .filter((part) => part.type !== 'percentSign' && part.type !== 'literal')
    .map((part) => part.value)
    .join('');
}

/** Change as a share of what was before, always with its sign: `+12.5%`. */
export function percentChange(share: Maybe<number>, locale: string, decimals = 1): string {
  if (!isNumber(share)) return NO_VALUE;
  return numbers(locale, {
    style: 'percent',
    signDisplay: 'exceptZero',
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(share);
}

export function decimal(value: Maybe<number>, locale: string, decimals = 0): string {
  if (!isNumber(value)) return NO_VALUE;
  return numbers(locale, {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(value);
}

/** A quantity with as many decimals as it has, three at most, and its unit if there is one. */
export function quantity(value: Maybe<number>, locale: string, unit = ''): string {
  if (!isNumber(value)) return NO_VALUE;
  const text = numbers(locale, { maximumFractionDigits: 3 }).format(value);
  return unit ? `${text}\u00a0${unit}` : text;
}

/** A quantity at a glance: from a thousand on nobody reads decimals. */
export function roughQuantity(value: Maybe<number>, locale: string, unit = ''): string {
  if (!isNumber(value)) return NO_VALUE;
  const text = Math.abs(value) < 1_000 ? quantity(value, locale) : decimal(value, locale);
  return unit ? `${text}\u00a0${unit}` : text;
}

/** Seconds as hours and minutes, `7:05`; below a minute with seconds, `0:00:42`. */
export function clockDuration(seconds: Maybe<number>, locale: string): string {
  if (!isNumber(seconds)) return NO_VALUE;
  const sign = seconds < 0 ? '−' : '';
  const whole = Math.round(Math.abs(seconds));
  if (whole > 0 && whole < 60) return `${sign}0:00:${pad(whole)}`;
  const minutes = Math.round(whole / 60);
  return `${sign}${decimal(Math.floor(minutes / 60), locale)}:${pad(minutes % 60)}`;
}

export function hours(seconds: Maybe<number>, locale: string, decimals = 1): string {
  return isNumber(seconds) ? decimal(seconds / 3600, locale, decimals) : NO_VALUE;
}

/** Seconds in hours, for axes; nothing stays nothing. */
export function inHours(seconds: Maybe<number>): number | null {
  return isNumber(seconds) ? seconds / 3600 : null;
}

export function minutes(seconds: Maybe<number>, locale: string, decimals = 0): string {
  return isNumber(seconds) ? decimal(seconds / 60, locale, decimals) : NO_VALUE;
}

export type DayLength = 'short' | 'long' | 'axis';

const DAY_OPTIONS: Record<DayLength, Intl.DateTimeFormatOptions> = {
  short: { year: 'numeric', month: 'short', day: 'numeric' },
  long: { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' },
  axis: { month: 'short', day: 'numeric' },
};

/** A production day (`2026-03-02`). It bears no clock: the same everywhere. */
export function day(iso: Maybe<string>, locale: string, length: DayLength = 'short'): string {
  const date = dayAsUtc(iso);
  return date ? dates(locale, { ...DAY_OPTIONS[length], timeZone: 'UTC' }).format(date) : NO_VALUE;
}

/** Days from one to another, inclusive, without saying month and year twice. */
export function dayRange(from: Maybe<string>, to: Maybe<string>, locale: string): string {
  const [first, last] = [dayAsUtc(from), dayAsUtc(to)];
  if (!first || !last || last < first) return day(from, locale);
  return dates(locale, { ...DAY_OPTIONS.short, timeZone: 'UTC' }).formatRange(first, last);
}

/** A week by any of its days: ISO number and year, with the language's letter. */
export function week(iso: Maybe<string>, locale: string): string {
  const date = dayAsUtc(iso);
  if (!date) return NO_VALUE;
  const { year, number } = isoWeek(date);
  const letter = locale.startsWith('de') ? 'KW\u00a0' : locale.startsWith('fr') ? 'S' : 'W';
  return `${letter}${number}\u00a0${year}`;
}

export function month(iso: Maybe<string>, locale: string): string {
  const date = dayAsUtc(iso);
  return date
    ? dates(locale, { month: 'short', year: 'numeric', timeZone: 'UTC' }).format(date)
    : NO_VALUE;
}

/** An instant on the clock of `zone` (IANA). That of no plant, UTC, is named. */
export function instant(
  iso: Maybe<string | number | Date>,
  locale: string,
  zone: string,
  precision: 'minutes' | 'seconds' = 'minutes',
): string {
  const date = asDate(iso);
  if (!date) return NO_VALUE;
  return dates(locale, {
    ...DAY_OPTIONS.short,
    hour: '2-digit',
    minute: '2-digit',
    ...(precision === 'seconds' ? { second: '2-digit' } : {}),
    ...(zone === 'UTC' ? { timeZoneName: 'short' } : {}),
    timeZone: zone,
  }).format(date);
}

/** The time of day of an instant on the clock of `zone`. */
export function timeOfDay(
  iso: Maybe<string | number | Date>,
  locale: string,
  zone: string,
): string {
  const date = asDate(iso);
  return date
    ? dates(locale, { hour: '2-digit', minute: '2-digit', timeZone: zone }).format(date)
    : NO_VALUE;
}

/** The day of an instant on the calendar of `zone`. */
export function dayOfInstant(
  iso: Maybe<string | number | Date>,
  locale: string,
  zone: string,
): string {
  const date = asDate(iso);
  return date ? dates(locale, { ...DAY_OPTIONS.axis, timeZone: zone }).format(date) : NO_VALUE;
}

/** Weekday names from Monday on. */
export function weekdays(locale: string, length: 'short' | 'long' = 'short'): string[] {
  const monday = Date.UTC(2026, 0, 5);
  return [0, 1, 2, 3, 4, 5, 6].map((index) =>
    dates(locale, { weekday: length, timeZone: 'UTC' }).format(monday + index * 86_400_000),
  );
}

function isoWeek(date: Date): { year: number; number: number } {
  const thursday = new Date(date);
  thursday.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() || 7));
  const year = thursday.getUTCFullYear();
  const days = (thursday.getTime() - Date.UTC(year, 0, 1)) / 86_400_000;
  return { year, number: Math.floor(days / 7) + 1 };
}

function dayAsUtc(iso: Maybe<string>): Date | null {
  return iso && /^\d{4}-\d{2}-\d{2}/.test(iso) ? asDate(`${iso.slice(0, 10)}T00:00:00Z`) : null;
}

function asDate(value: Maybe<string | number | Date>): Date | null {
  if (value === null || value === undefined || value === '') return null;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? null : date;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
