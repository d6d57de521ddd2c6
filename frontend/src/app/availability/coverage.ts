import type { Coverage } from '../api/model';
import type { ChartContext } from '../charts/chart-context';

/** Deliveries do not cover all machines and shifts alike: such figures are marked, not hidden. */

export type Gap = Exclude<Coverage, 'full'>;

export function coverageText(coverage: Coverage): string {
  switch (coverage) {
    case 'none':
      return $localize`:@@coverage.none:nothing delivered`;
    case 'partial':
      return $localize`:@@coverage.partial:partly delivered`;
    case 'full':
      return $localize`:@@coverage.full:delivered`;
  }
}

/** Hatched areas: dense where nothing is known, wide where a part is. */
export function hatch(gap: Gap, ctx: ChartContext) {
  return {
    color: ctx.isDark ? 'rgba(170,180,192,0.08)' : 'rgba(79,89,101,0.06)',
    decal: {
      symbol: 'rect',
      color: ctx.isDark ? 'rgba(170,180,192,0.5)' : 'rgba(79,89,101,0.4)',
      dashArrayX: [1, 0],
      dashArrayY: gap === 'none' ? [1, 4] : [1, 9],
      rotation: gap === 'none' ? Math.PI / 4 : -Math.PI / 4,
    },
  };
}
