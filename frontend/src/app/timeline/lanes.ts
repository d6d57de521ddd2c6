import type { Answer, Meta } from '../api/model';

export type TimelineAnswer = Answer<'timeline'>;
export type Machine = TimelineAnswer['machines'][number];
export type Span = TimelineAnswer['spans'][number];

/** A row of the chart: a machine, or the name of the line that those below belong to. */
export interface Lane {
  /** Index in the machines of the answer; null: a heading. */
  readonly machine: number | null;
  readonly label: string;
}

/** The machines in the order of the site, below the names of their plants and lines where there are several. */
export function lanesOf(answer: TimelineAnswer, meta: Meta | undefined): Lane[] {
  const plants = new Set(answer.machines.map(({ plant }) => plant));
  const groups = new Set(answer.machines.map(groupKey));
  const lanes: Lane[] = [];
  let group = '';
  answer.machines.forEach((machine, index) => {
    if (groups.size > 1 && groupKey(machine) !== group) {
      group = groupKey(machine);
      lanes.push({ machine: null, label: groupLabel(machine, meta, plants.size > 1) });
    }
    lanes.push({ machine: index, label: machine.name || machine.work_center });
  });
  return lanes;
}

/** Index of the lane of each machine. */
export function laneOfMachine(lanes: readonly Lane[]): number[] {
  const found: number[] = [];
  lanes.forEach(({ machine }, lane) => {
    if (machine !== null) found[machine] = lane;
  });
  return found;
}

/**
 * The spans of an answer, in finer grain where a second answer, of some of its days, has them.
 * Spans that reach into these days end where the finer ones begin.
 */
export function refined(answer: TimelineAnswer, finer: TimelineAnswer | undefined): readonly Span[] {
  if (!finer || finer.pixel >= answer.pixel) return answer.spans;
  const key = (machine: Machine) => `${machine.plant}/${machine.work_center}`;
  const indexes = new Map(answer.machines.map((machine, index) => [key(machine), index]));
  const spans: Span[] = [];
  for (const span of answer.spans) {
    if (span.start < finer.start) spans.push({ ...span, end: Math.min(span.end, finer.start) });
    if (span.end > finer.end) spans.push({ ...span, start: Math.max(span.start, finer.end) });
  }
  for (const span of finer.spans) {
    const machine = finer.machines[span.machine];
    const index = machine && indexes.get(key(machine));
    if (index !== undefined) spans.push({ ...span, machine: index });
  }
  return spans;
}

function groupKey({ plant, line }: Machine): string {
  return `${plant}/${line}`;
}

function groupLabel({ plant, line }: Machine, meta: Meta | undefined, hasPlant: boolean): string {
  const found = meta?.plants.find((each) => each.plant === plant);
  const name = line
    ? (found?.lines.find((each) => each.line === line)?.name ?? line)
    : $localize`:@@timeline.noLine:without a line`;
  return hasPlant ? `${found?.name ?? plant} · ${name}` : name;
}
