/** Between the clock of a zone and instants; needed where people type a local time. */

const clocks = new Map<string, Intl.DateTimeFormat>();

/** What the clock of `zone` shows at an instant, as `datetime-local` inputs write it. */
export function instantToLocal(instant: string | Date, zone: string): string {
  let clock = clocks.get(zone);
  if (!clock) {
    // Sweden writes days and times in the order of ISO 8601.
    clock = new Intl.DateTimeFormat('sv-SE', {
      timeZone: zone,
      dateStyle: 'short',
      timeStyle: 'medium',
    });
    clocks.set(zone, clock);
  }
  return clock.format(new Date(instant)).replace(' ', 'T').slice(0, 16);
}

/**
 * The instant at which the clock of `zone` shows `local` (`2026-03-02T14:30`), in UTC.
 * Of an hour that comes twice it is the first, in one that is left out the clock has gone on.
 */
export function localToInstant(local: string, zone: string): string | null {
  const wall = Date.parse(`${local}Z`);
  if (Number.isNaN(wall)) return null;
  const guesses = [86_400_000, -86_400_000].map((shift) => wall - offset(wall + shift, zone));
  const fitting = guesses.filter((guess) => guess + offset(guess, zone) === wall);
  const chosen = fitting.length > 0 ? Math.min(...fitting) : Math.max(...guesses);
  return new Date(chosen).toISOString().replace('.000Z', 'Z');
}

function offset(instant: number, zone: string): number {
  return Date.parse(`${instantToLocal(new Date(instant), zone)}Z`) - Math.floor(instant / 60_000) * 60_000;
}
