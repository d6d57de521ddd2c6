"""What the dashboard knows of the site and of the marts: read once per version of these, and then kept."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from te_assets.dashboard.lake import Lake

_FRESH_SECONDS: Final = 0.5
MOST_OTHERS: Final = 60
"""Days that were not copied; with more, a monthly copy saves little."""


@dataclass(frozen=True)
class WorkCenter:
    """A work center of the site; `line` is empty where it has none."""

    plant: str
    work_center: str
    name: str
    line: str


@dataclass(frozen=True)
class Target:
    """What a place aims at from a day on; an empty line or work center: not of one."""

    plant: str
    line: str
    work_center: str
    valid_from: date
    availability: float | None
    scrap_rate: float | None


@dataclass(frozen=True)
class Plant:
    """A plant.

    Attributes:
        day_start_minute: Minute of the local day at which a production day begins.
        first_day: First production day with data; None: there is none.
        data_until: Newest instant that deliveries cover, UTC.
    """

    plant: str
    name: str
    time_zone: str
    day_start_minute: int
    shifts: tuple[str, ...]
    first_day: date | None
    last_day: date | None
    data_until: datetime | None

    def today(self, now: datetime) -> date:
        """Production day of an instant."""
        local = now.astimezone(ZoneInfo(self.time_zone))
        return (local - timedelta(minutes=self.day_start_minute)).date()


@dataclass(frozen=True)
class Known:
    """Site and marts at one version.

    Attributes:
        version: Changes with marts, site profile, files and rejected rows.
        refreshed_at: When a mart was refreshed last, UTC; None: never.
        first_as_of: Earliest instant that figures can be shown as of.
        converts: Whether the site converts units at all.
        not_gathered: Mart → production days that its monthly copy does not have as they are now.
    """

    version: str
    refreshed_at: datetime | None
    first_as_of: datetime | None
    plants: Mapping[str, Plant]
    work_centers: Sequence[WorkCenter]
    lines: Sequence[Mapping[str, str]]
    targets: Sequence[Target]
    policies: Mapping[str, str]
    converts: bool
    not_gathered: Mapping[str, Sequence[date]]

    def mart(self, name: str) -> str:
        """A mart in FROM, for a long range: its monthly copy, but for days that this does not have as they are now."""
        return gathered(name, self.not_gathered.get(name, ()))

    def name_of(self, plant: str, work_center: str) -> str:
        """Name of a work center for people; its id where the site does not know it any more."""
        found = self._by_id.get((plant, work_center))
        return found.name if found else work_center

    def line_of(self, plant: str, work_center: str) -> str:
        """Line of a work center; empty: none."""
        found = self._by_id.get((plant, work_center))
        return found.line if found else ""

    def name_of_line(self, plant: str, line: str) -> str:
        """Name of a line, or of the plant where there is no line."""
        if not line:
            return self.plants[plant].name if plant in self.plants else plant
        return next((each["name"] for each in self.lines if (each["plant"], each["line"]) == (plant, line)), line)

    @cached_property
    def _by_id(self) -> Mapping[tuple[str, str], WorkCenter]:
        return {(each.plant, each.work_center): each for each in self.work_centers}

    def target(self, plant: str, line: str, work_center: str, day: date) -> Target | None:
        """The targets that hold on a day: of each figure that of the work center, else of the line or plant."""
        found: Target | None = None
        narrower = ((plant, "", work_center), (plant, line, ""))  # without a work center or a line it is the plant
        for place in (*(each for each in narrower if each[1:] != ("", "")), (plant, "", "")):
            holding = [
                each
                for each in self.targets
                if (each.plant, each.line, each.work_center) == place and each.valid_from <= day
            ]
            newest = max(holding, key=lambda each: each.valid_from, default=None)
            if found is None or newest is None:
                found = found or newest
                continue
            found = replace(
                found,
                availability=newest.availability if found.availability is None else found.availability,
                scrap_rate=newest.scrap_rate if found.scrap_rate is None else found.scrap_rate,
            )
        return found


def gathered(name: str, others: Sequence[date]) -> str:
    """A mart in FROM, read from its monthly copy but for `others`: days that this does not have (lake/months.py)."""
    if len(others) > MOST_OTHERS:
        return f"te_marts.{name}"
    days = "[" + ", ".join(f"'{day}'" for day in others) + "]::Array(Date)"
    copy = f"SELECT * EXCEPT (swapped_at) FROM te_marts.{name}_months"
    if not others:
        return f"({copy})"
    return (
        f"({copy} WHERE NOT has({days}, production_day) "
        f"UNION ALL SELECT * FROM te_marts.{name} WHERE production_day IN {days})"
    )


class Watch:
    """Looks at the versions now and then; many who ask at once cost one query."""

    def __init__(self, lake: Lake) -> None:
        """Nothing is known yet."""
        self._lake = lake
        self._known: Known | None = None
        self._looked_at = 0.0
        self._lock = asyncio.Lock()

    async def known(self) -> Known:
        """What is known now, at most half a second old.

        Raises:
            Problem: ClickHouse does not answer.
        """
        async with self._lock:
            if self._known is None or time.monotonic() - self._looked_at > _FRESH_SECONDS:
                begin = time.monotonic()
                versions = await self._lake.row("versions", {})
                version = hashlib.sha256(repr(sorted(versions.items())).encode()).hexdigest()[:20]
                if self._known is None or self._known.version != version:
                    self._known = await self._read(version, versions)
                self._looked_at = begin
            return self._known

    async def _read(self, version: str, versions: Mapping[str, Any]) -> Known:
        days = {row["mart"]: row["days"] for row in await self._lake.rows("not_gathered", {})}
        marts = {name: gathered(name, days.get(name, ())) for name in ("availability", "scrap_rate")}
        plants = await self._lake.rows("plants", {}, **marts)
        work_centers = await self._lake.rows("work_centers", {})
        lines = await self._lake.rows("lines", {})
        targets = await self._lake.rows("targets", {})
        policies = await self._lake.rows("policies", {})
        return Known(
            version=version,
            refreshed_at=utc(versions["swapped_at"]),
            first_as_of=utc(versions["first_swapped_at"]),
            plants={
                row["plant"]: Plant(
                    row["plant"],
                    row["name"],
                    row["time_zone"],
                    row["day_start_minute"],
                    tuple(row["shifts"]),
                    row["first_day"],
                    row["last_day"],
                    utc(row["data_until"]),
                )
                for row in plants
            },
            work_centers=[WorkCenter(**row) for row in work_centers],
            lines=lines,
            targets=[
                Target(
                    row["plant"],
                    row["line"],
                    row["work_center"],
                    row["valid_from"],
                    _ratio(row["availability"]),
                    _ratio(row["scrap_rate"]),
                )
                for row in targets
            ],
            policies={row["name"]: row["value"] for row in policies},
            converts=bool(versions["converts"]),
            not_gathered=days,
        )


def utc(at: datetime | None) -> datetime | None:
    """An instant of ClickHouse, which its client gives without the zone that it is in: UTC."""
    return at if at is None or at.tzinfo else at.replace(tzinfo=UTC)


def _ratio(value: Any) -> float | None:
    return None if value is None else float(value)
