import type { ReasonClass } from '../api/model';
import type { components } from '../api/answers';

export type MachineState = components['schemas']['Span']['state'];

/**
 * Colours of Okabe and Ito, which people of all kinds of colour vision tell apart, made lighter or
 * darker where one of the two grounds asks for it. A pattern, symbol or text stands beside always.
 */
export interface Palette {
  readonly series: readonly string[];
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly ground: string;
  readonly good: string;
  readonly bad: string;
  readonly target: string;
  readonly classes: Readonly<Record<ReasonClass, string>>;
  readonly states: Readonly<Record<MachineState, string>>;
  /** From little to much of what is shown, for heatmaps. */
  readonly ramp: readonly string[];
}

const LIGHT_CLASSES: Record<ReasonClass, string> = {
  technical: '#c24e00',
  organisational: '#e69f00',
  other: '#8c6d1f',
  unclassified: '#4d4d4d',
  setup: '#b0558a',
  planned: '#56b4e9',
};

const DARK_CLASSES: Record<ReasonClass, string> = {
  technical: '#f07c3a',
  organisational: '#f0b429',
  other: '#c9ad62',
  unclassified: '#b8b8b8',
  setup: '#d98cbb',
  planned: '#6fc1ef',
};

export const LIGHT: Palette = {
  series: ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#b8860b', '#56b4e9', '#4d4d4d'],
  text: '#1b1f24',
  muted: '#4f5965',
  line: '#d5dae1',
  ground: '#ffffff',
  good: '#00664a',
  bad: '#b0301c',
  target: '#1b1f24',
  classes: LIGHT_CLASSES,
  states: {
    ...LIGHT_CLASSES,
    production: '#009e73',
    unexplained: '#a3b1a9',
    short_stop: '#f0e442',
    outside_calendar: '#e4e8ed',
    no_data: '#f6f7f9',
  },
  ramp: ['#eef5fb', '#b5d3ea', '#6fa8d3', '#2f78b0', '#0b4a7d'],
};

export const DARK: Palette = {
  series: ['#4ea8de', '#f07c3a', '#2fc49a', '#dd9ac0', '#e3c04d', '#8fd0f5', '#b8b8b8'],
  text: '#e6eaef',
  muted: '#aab4c0',
  line: '#343b44',
  ground: '#191d22',
  good: '#5cd6a8',
  bad: '#ffb09f',
  target: '#e6eaef',
  classes: DARK_CLASSES,
  states: {
    ...DARK_CLASSES,
    production: '#1fa37c',
    unexplained: '#66736c',
    short_stop: '#d9cf45',
    outside_calendar: '#2a3037',
    no_data: '#1e2329',
  },
  ramp: ['#1d2b38', '#214e72', '#2f78b0', '#6fa8d3', '#cfe4f4'],
};

/** Patterns of the classes where areas touch: `itemStyle: { decal: DECALS.technical }`. */
export const DECALS: Readonly<Record<ReasonClass, object>> = {
  technical: { symbol: 'none' },
  organisational: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: Math.PI / 4 },
  other: { symbol: 'circle', dashArrayX: [[8, 8], [0, 8, 8, 0]], dashArrayY: [6, 0], symbolSize: 0.5 },
  unclassified: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [1, 6], rotation: -Math.PI / 4 },
  setup: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: 0 },
  planned: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 8], rotation: Math.PI / 2 },
};

/** Of a machine's states: the classes as ever, time without a figure is dotted or left open. */
export const STATE_DECALS: Readonly<Record<MachineState, object>> = {
  ...DECALS,
  production: { symbol: 'none' },
  unexplained: { symbol: 'circle', dashArrayX: [[6, 6]], dashArrayY: [6, 2], symbolSize: 0.6 },
  short_stop: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [1, 3], rotation: Math.PI / 2 },
  outside_calendar: { symbol: 'none' },
  no_data: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [1, 8], rotation: Math.PI / 4 },
};
