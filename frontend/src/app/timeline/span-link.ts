import type { Meta } from '../api/model';
import { QueryParams, REASON_CLASSES } from '../filters/codec';
import { linkTo } from '../links';
import type { Link } from '../tables/data-table';
import type { Span, TimelineAnswer } from './lanes';
import { productionDay } from './zoom';

/** Where a span leads: to its stop, or to the stops of its machine and day. */
export function spanLink(
  span: Span,
  answer: TimelineAnswer,
  query: QueryParams,
  meta: Meta | undefined,
): Link | null {
  const machine = answer.machines[span.machine];
  if (!machine) return null;
  const plant = meta?.plants.find((each) => each.plant === machine.plant);
  const days = plant
    ? { from: productionDay(span.start, plant), to: productionDay(span.end - 1, plant) }
    : {};
  const reasonClass = REASON_CLASSES.find((each) => each === span.state);
  return linkTo(
    'stops',
    query,
    {
      ...days,
      plant: [machine.plant],
      line: [],
      work_center: [machine.work_center],
      reason_class: reasonClass && !span.interaction_id ? [reasonClass] : [],
    },
    span.interaction_id ? { interaction_id: span.interaction_id } : {},
  );
}
