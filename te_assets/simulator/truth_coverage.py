"""What deliveries of the operator log cover, as it must come out; shares no code with the product."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from te_assets.simulator.calendar import Interval, milliseconds
from te_assets.simulator.exports import Export
from te_assets.simulator.plant import Scene
from te_assets.simulator.records import Stop, Verdict
from te_assets.simulator.truth import Coverage


@dataclass(frozen=True)
class Covered:
    """Periods that deliveries cover at a work center, milliseconds UTC, half-open; they may overlap."""

    periods: tuple[Interval, ...] = ()

    @property
    def horizon(self) -> int:
        """Newest instant that is covered; 0: none."""
        return max((until for _, until in self.periods), default=0)

    def of(self, begin: int, end: int) -> Coverage:
        """What is covered of a window that is clipped at the horizon: full from 99 % on."""
        covered, at = 0, begin
        for since, until in sorted(self.periods):
            since, until = max(at, since), min(end, until)
            if since < until:
                covered += until - since
                at = until
        if covered == 0:
            return "none"
        return "full" if covered * 100 >= (end - begin) * 99 else "partial"


NOTHING = Covered()


def covered_by(scene: Scene, exports: Iterable[Export[Stop]]) -> dict[str, Covered]:
    """What operator logs of a plant cover, per work center.

    A log that declares its period covers it for all work centers of the plant, but not beyond its export or its last
    end. Else it covers each work center from the first start to the last end of its accepted lines.
    """
    periods: dict[str, list[Interval]] = defaultdict(list)
    for export in exports:
        accepted = [row.content for row in export.rows if row.verdict is Verdict.ACCEPTED and row.content is not None]
        if not accepted:
            continue
        if export.period.is_declared:
            known = max(milliseconds(export.exported_at), max(_last(stop) for stop in accepted))
            for center in scene.plant.work_centers:
                periods[center.id].append((export.period.starts, min(export.period.ends, known)))
            continue
        for work_center in {stop.work_center for stop in accepted}:
            here = [stop for stop in accepted if stop.work_center == work_center]
            periods[work_center].append((min(stop.started for stop in here), max(_last(stop) for stop in here)))
    return {work_center: Covered(tuple(spans)) for work_center, spans in periods.items()}


def least(coverages: Sequence[Coverage]) -> Coverage:
    """The least of several coverages."""
    order: tuple[Coverage, ...] = ("none", "partial", "full")
    return min(coverages, key=order.index)


def _last(stop: Stop) -> int:
    return stop.started if stop.ended is None else stop.ended
