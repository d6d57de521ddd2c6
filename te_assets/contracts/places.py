"""What typing has to know of the site: where a plant lies in time, and which work centers it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Places:
    """Plants and work centers of the site, as the compiled SQL needs them.

    Attributes:
        zones: IANA time zone per plant.
        day_start_minutes: Start of the production day per plant, minutes after local midnight.
        since: First production day per plant; an earlier row is a fault.
        plant_of_work_center: Plant per work center id or alias, for layouts without a plant column.
        work_center_ids: Work center id per (plant, id or alias).
    """

    zones: Mapping[str, str]
    day_start_minutes: Mapping[str, int]
    since: Mapping[str, date]
    plant_of_work_center: Mapping[str, str] = field(default_factory=dict)
    work_center_ids: Mapping[tuple[str, str], str] = field(default_factory=dict)
