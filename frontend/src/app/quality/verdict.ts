import type { Answer } from '../api/model';
import { dayRange, decimal } from '../format/format';

export type QualityAnswer = Answer<'quality'>;

/** `bad`: figures may be wrong; `warn`: right for what was delivered, which is not all. */
export type Level = 'good' | 'warn' | 'bad';

export interface Finding {
  readonly level: Level;
  readonly text: string;
  /** Id of the section that shows it. */
  readonly section: SectionId;
}

export type SectionId =
  | 'files'
  | 'freshness'
  | 'rules'
  | 'drift'
  | 'shares'
  | 'late'
  | 'stale';

export interface Verdict {
  readonly level: Level;
  readonly headline: string;
  readonly findings: readonly Finding[];
}

/** From this share of planned busy time on, time without a reason is told of. */
const NOTABLE_SHARE = 0.1;

/** Whether the figures can be trusted, in words, with what speaks against it. */
export function verdictOf(answer: QualityAnswer, locale: string): Verdict {
  const findings = [
    ...filesFinding(answer, locale),
    ...staleFinding(answer, locale),
    ...freshnessFinding(answer, locale),
    ...rulesFinding(answer, locale),
    ...driftFinding(answer, locale),
    ...sharesFinding(answer, locale),
  ];
  const level: Level = findings.some((each) => each.level === 'bad')
    ? 'bad'
    : findings.length > 0
      ? 'warn'
      : 'good';
  return { level, headline: headlineOf(level), findings };
}

function headlineOf(level: Level): string {
  switch (level) {
    case 'good':
      return $localize`:@@quality.good:The figures can be trusted: every row that was delivered is accounted for, and the data are fresh.`;
    case 'warn':
      return $localize`:@@quality.warn:The figures are right for what they count, but they do not count everything:`;
    case 'bad':
      return $localize`:@@quality.bad:Do not rely on the figures before this is cleared up:`;
  }
}

function filesFinding({ files }: QualityAnswer, locale: string): Finding[] {
  if (files.differing === 0) return [];
  const count = decimal(files.differing, locale);
  return [
    {
      level: 'bad',
      section: 'files',
      text: $localize`:@@quality.differing:Rows were lost or doubled, files concerned: ${count}:COUNT:.`,
    },
  ];
}

function staleFinding({ stale }: QualityAnswer, locale: string): Finding[] {
  const [first] = stale.rows;
  if (!first) return [];
  const from = stale.rows.reduce((day, row) => (row.first_day < day ? row.first_day : day), first.first_day);
  const to = stale.rows.reduce((day, row) => (row.last_day > day ? row.last_day : day), first.last_day);
  const days = dayRange(from, to, locale);
  return [
    {
      level: 'bad',
      section: 'stale',
      text: $localize`:@@quality.staleDays:Days between ${days}:DAYS: still show figures of an earlier site profile; a backfill restates them.`,
    },
  ];
}

function freshnessFinding({ freshness }: QualityAnswer, locale: string): Finding[] {
  const old = freshness.rows.filter((row) => !row.is_fresh);
  if (old.length === 0) return [];
  const plants = [...new Set(old.map((row) => row.name || row.plant))].join(', ');
  const count = decimal(old.length, locale);
  const all = decimal(freshness.rows.length, locale);
  return [
    {
      level: 'warn',
      section: 'freshness',
      text: $localize`:@@quality.old:New data are missing: ${count}:COUNT: of ${all}:ALL: sources are out of date (${plants}:PLANTS:).`,
    },
  ];
}

function rulesFinding({ rules }: QualityAnswer, locale: string): Finding[] {
  if (rules.total === 0) return [];
  const count = decimal(rules.total, locale);
  return [
    {
      level: 'warn',
      section: 'rules',
      text: $localize`:@@quality.open:Rejected and not yet repaired, so in no figure: ${count}:COUNT: rows.`,
    },
  ];
}

function driftFinding({ drift }: QualityAnswer, locale: string): Finding[] {
  if (drift.rows.length === 0) return [];
  const count = decimal(drift.rows.length, locale);
  return [
    {
      level: 'warn',
      section: 'drift',
      text: $localize`:@@quality.drifted:Exports have columns that nobody reads, layouts concerned: ${count}:COUNT:.`,
    },
  ];
}

function sharesFinding({ shares }: QualityAnswer, locale: string): Finding[] {
  const notable = shares.rows.filter(
    (row) => Math.max(row.unexplained_share ?? 0, row.unclassified_share ?? 0) >= NOTABLE_SHARE,
  );
  if (notable.length === 0) return [];
  const names = notable.map((row) => row.name || row.work_center);
  const shown = names.slice(0, 5).join(', ');
  const count = decimal(names.length, locale);
  return [
    {
      level: 'warn',
      section: 'shares',
      text: $localize`:@@quality.notable:A tenth of the time or more has no reason or no class at ${count}:COUNT: machines: ${shown}:NAMES:${names.length > 5 ? ' …' : ''}:MORE:.`,
    },
  ];
}
