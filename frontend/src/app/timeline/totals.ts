import type { Column } from '../api/model';
import type { MachineState } from '../charts/palette';
import type { Row } from '../tables/data-table';
import type { TimelineAnswer } from './lanes';
import { STATES, stateText } from './state-text';

export interface Totals {
  readonly columns: Column[];
  readonly rows: Row[];
}

/** Time per machine and state: a row per machine, a column per state that occurs. */
export function totalsOf(answer: TimelineAnswer): Totals {
  const occurring = STATES.filter((state) =>
    answer.machines.some((machine) => machine.seconds[state] !== undefined),
  );
  const known = (name: string) => answer.columns.find((column) => column.name === name);
  const places = ['work_center', 'name', 'plant'].flatMap((name) => known(name) ?? []);
  return {
    columns: [...places, ...occurring.map(stateColumn)],
    rows: answer.machines.map(({ plant, work_center, name, seconds }) => ({
      plant,
      work_center,
      name,
      ...seconds,
    })),
  };
}

function stateColumn(state: MachineState): Column {
  return {
    name: state,
    label: $localize`:@@timeline.hours:${stateText(state)}:STATE: (h)`,
    kind: 'hours',
    decimals: 2,
    is_sortable: false,
    is_hidden: false,
    unit_from: null,
  };
}
