import type { MachineState } from '../charts/palette';
import { reasonClassText } from '../filters/filter-text';

/** All states, in the order of the legend: what is meant to be, then losses, then what is no time of work. */
export const STATES: readonly MachineState[] = [
  'production',
  'technical',
  'organisational',
  'other',
  'unclassified',
  'short_stop',
  'setup',
  'planned',
  'unexplained',
  'no_data',
  'outside_calendar',
];

export function stateText(state: MachineState): string {
  switch (state) {
    case 'production':
      return $localize`:@@state.production:production`;
    case 'unexplained':
      return $localize`:@@state.unexplained:unexplained`;
    case 'short_stop':
      return $localize`:@@state.shortStop:short stop`;
    case 'outside_calendar':
      return $localize`:@@state.outsideCalendar:outside shifts`;
    case 'no_data':
      return $localize`:@@state.noData:not delivered`;
    default:
      return reasonClassText(state);
  }
}
