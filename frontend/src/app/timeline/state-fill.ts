import type { MachineState, Palette } from '../charts/palette';
import { STATES } from './state-text';

/** A colour, or a tile of it with marks. */
export type Fill = string | { image: HTMLCanvasElement; repeat: 'repeat'; scaleX: number; scaleY: number };
export type Fills = Readonly<Record<MachineState, Fill>>;

type Mark = 'rising' | 'falling' | 'lying' | 'standing' | 'dense' | 'dots' | 'rings';

/** The patterns of `STATE_DECALS`, each drawn once: ECharts would draw one for every bar. */
const MARKS: Partial<Record<MachineState, Mark>> = {
  organisational: 'falling',
  other: 'rings',
  unclassified: 'rising',
  setup: 'lying',
  planned: 'standing',
  short_stop: 'dense',
  unexplained: 'dots',
  no_data: 'falling',
};
const TILE = 8;
const drawn = new Map<string, Fill>();

/** What bars of each state are filled with; a plain colour where nothing can be drawn on. */
export function stateFills(palette: Palette, document: Document): Fills {
  return Object.fromEntries(
    STATES.map((state) => [state, fill(palette.states[state], MARKS[state], document)]),
  ) as unknown as Fills;
}

function fill(color: string, mark: Mark | undefined, document: Document): Fill {
  if (!mark) return color;
  const key = `${color} ${mark}`;
  const known = drawn.get(key) ?? tile(color, mark, document);
  if (known) drawn.set(key, known);
  return known ?? color;
}

function tile(color: string, mark: Mark, document: Document): Fill | null {
  const scale = Math.ceil(document.defaultView?.devicePixelRatio ?? 1);
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = TILE * scale;
  const pen = canvas.getContext('2d');
  if (!pen) return null;
  pen.scale(scale, scale);
  pen.fillStyle = color;
  pen.fillRect(0, 0, TILE, TILE);
  pen.strokeStyle = pen.fillStyle = 'rgba(0, 0, 0, 0.38)';
  pen.lineWidth = 1.5;
  pen.beginPath();
  for (const [x1, y1, x2, y2] of LINES[mark] ?? []) {
    pen.moveTo(x1, y1);
    pen.lineTo(x2, y2);
  }
  pen.stroke();
  for (const [x, y] of mark === 'dots' || mark === 'rings' ? DOTS : []) {
    pen.beginPath();
    pen.arc(x, y, mark === 'dots' ? 1 : 1.6, 0, 2 * Math.PI);
    if (mark === 'dots') pen.fill();
    else pen.stroke();
  }
  return { image: canvas, repeat: 'repeat', scaleX: 1 / scale, scaleY: 1 / scale };
}

/** From and to; those that leave the tile go on in the next one. */
const LINES: Partial<Record<Mark, readonly (readonly [number, number, number, number])[]>> = {
  rising: [
    [-1, 9, 9, -1],
    [-1, 1, 1, -1],
    [7, 9, 9, 7],
  ],
  falling: [
    [-1, -1, 9, 9],
    [7, -1, 9, 1],
    [-1, 7, 1, 9],
  ],
  lying: [
    [0, 2, 8, 2],
    [0, 6, 8, 6],
  ],
  standing: [[4, 0, 4, 8]],
  dense: [
    [1, 0, 1, 8],
    [5, 0, 5, 8],
  ],
};
const DOTS = [
  [2, 2],
  [6, 6],
] as const;
