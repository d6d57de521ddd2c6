import type { ReasonClass } from '../api/model';
import type { QueryParams } from '../filters/codec';
import { linkTo, narrowed } from '../links';
import type { Link } from '../tables/data-table';
import type { HeatmapAnswer } from './scale';

const UNPLANNED: readonly ReasonClass[] = ['technical', 'organisational', 'other', 'unclassified'];

/** Where a cell of a machine and day leads: to what its figure is made of. */
export function cellLink(
  cell: { x: string; y: string },
  answer: HeatmapAnswer,
  query: QueryParams,
): Link | null {
  const machine = answer.y.find(({ key }) => key === cell.y);
  if (answer.kind !== 'work_center_day' || !machine?.plant || !machine.work_center) return null;
  const change = {
    ...narrowed({ period: cell.x }, answer.grain ?? 'day', answer.about),
    plant: [machine.plant],
    line: [],
    work_center: [machine.work_center],
  };
  switch (answer.measure) {
    case 'availability':
      return linkTo('timeline', query, change);
    case 'unplanned_down': {
      const chosen = [query['reason_class'] ?? []].flat();
      const classes = UNPLANNED.filter((each) => chosen.length === 0 || chosen.includes(each));
      return linkTo('stops', query, { ...change, reason_class: classes });
    }
    case 'scrap_rate':
      return linkTo('confirmations', query, change, {
        only: 'scrap',
        ...(answer.unit ? { unit: answer.unit } : {}),
      });
  }
}
