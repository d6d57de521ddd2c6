"""Write a site profile into te_ops: the profile's tables are replaced together, calendars expanded to UTC."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from te_assets.site.calendar import ShiftSpan, breaks, production_days, shift_windows
from te_assets.site.model import Plant, Site
from te_assets.site.units import factors

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

HORIZON = timedelta(days=400)
"""How far beyond today calendars are expanded."""

_INSERT_SETTINGS = {"async_insert": 0}

Columns = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class SiteChange:
    """What `apply_site` did.

    Attributes:
        hash: SHA-256 of the profile that now counts.
        previous_hash: Of the profile that counted before; None for the first one.
        expanded_until: Last production day that calendars are expanded for.
        written: Whether tables were written: the profile differs, or the horizon moved on.
    """

    hash: str
    previous_hash: str | None
    expanded_until: date
    written: bool

    @property
    def is_new_profile(self) -> bool:
        """Whether figures may change: the profile differs from the one before."""
        return self.hash != self.previous_hash


@dataclass(frozen=True)
class Shadows:
    """A profile in tables beside those that count."""

    tables: tuple[str, ...]
    suffix: str

    def of(self, table: str) -> str:
        """Full name of a table's shadow."""
        return f"te_ops.{table}{self.suffix}"


@contextmanager
def site_shadows(client: Client, site: Site, until: date) -> Iterator[Shadows]:
    """A profile's tables beside those that count, for as long as the block lasts.

    Args:
        client: A client that may write te_ops.
        site: The profile.
        until: Calendars are expanded from `site.since` to here.
    """
    contents = _contents(site, until)
    shadows = Shadows(tuple(contents), f"__site_{uuid4().hex[:12]}")
    _drop(client, _forgotten(client))
    try:
        for table, columns in contents.items():
            client.command(f"CREATE TABLE {shadows.of(table)} AS te_ops.{table}")
            if any(len(values) for values in columns.values()):
                client.insert(
                    shadows.of(table),
                    list(columns.values()),
                    column_names=list(columns),
                    column_oriented=True,
                    settings=_INSERT_SETTINGS,
                )
        yield shadows
    finally:
        _drop(client, [f"{table}{shadows.suffix}" for table in contents])


def horizon(site: Site, today: date) -> date:
    """Last production day that calendars are expanded for."""
    return max(today, site.since) + HORIZON


def apply_site(
    client: Client, site: Site, *, today: date, before_it_counts: Callable[[Shadows], None] | None = None
) -> SiteChange:
    """Make a profile the one that counts. Costs one small query when it already is.

    All tables change together; a kill in between leaves the old ones, and the next call starts again.

    Args:
        client: A client that may write te_ops.
        site: The profile.
        today: Calendars are expanded from `site.since` to `today` + 400 days.
        before_it_counts: Is shown the profile in shadows before they take the place of the tables that count.
    """
    until = horizon(site, today)
    known = client.query(
        "SELECT hash, expanded_until FROM te_ops.site_versions ORDER BY applied_at DESC LIMIT 1"
    ).result_rows
    previous = _text(known[0][0]) if known else None
    if known and previous == site.hash and known[0][1] >= until:
        return SiteChange(site.hash, previous, known[0][1], written=False)
    with site_shadows(client, site, until) as shadows:
        if before_it_counts is not None:
            before_it_counts(shadows)
        client.command(f"EXCHANGE TABLES {', '.join(f'te_ops.{t} AND {shadows.of(t)}' for t in shadows.tables)}")
    client.insert(
        "te_ops.site_versions",
        [[site.hash, site.canonical, until]],
        column_names=["hash", "yaml", "expanded_until"],
        settings=_INSERT_SETTINGS,
    )
    return SiteChange(site.hash, previous, until, written=True)


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _forgotten(client: Client) -> list[str]:
    """Shadows that a killed call left behind; one at work now is younger than an hour."""
    found = client.query(
        "SELECT name FROM system.tables WHERE database = 'te_ops' AND match(name, '__site_[0-9a-f]{12}$') "
        "AND metadata_modification_time < now() - INTERVAL 1 HOUR"
    )
    return [name for (name,) in found.result_rows]


def _drop(client: Client, tables: Iterable[str]) -> None:
    for table in tables:
        client.command(f"DROP TABLE IF EXISTS te_ops.{table}")


def _contents(site: Site, until: date) -> dict[str, Columns]:
    """Table of te_ops → its columns."""
    machines = [(plant, work_center) for plant in site.plants for work_center in plant.work_centers]
    whole = [(plant.id, day) for plant in site.plants for day in production_days(plant, site.since, until)]
    policies = site.policies.as_text()
    lines = [(plant, line) for plant in site.plants for line in plant.lines]
    conversions = list(factors(site.units, site.material_units))
    return {
        "plants": {
            "plant": [plant.id for plant in site.plants],
            "name": [plant.name for plant in site.plants],
            "time_zone": [plant.time_zone for plant in site.plants],
            "day_start_minute": [plant.day_start_minute for plant in site.plants],
            "since": [site.since for _ in site.plants],
        },
        "work_centers": {
            "plant": [plant.id for plant, _ in machines],
            "work_center": [work_center.id for _, work_center in machines],
            "name": [work_center.name for _, work_center in machines],
            "line": [work_center.line or "" for _, work_center in machines],
        },
        "lines": {
            "plant": [plant.id for plant, _ in lines],
            "line": [line.id for _, line in lines],
            "name": [line.name for _, line in lines],
            "topology": [line.topology for _, line in lines],
        },
        "units": {
            "unit": [conversion.unit for conversion in conversions],
            "material": [conversion.material for conversion in conversions],
            "target_unit": [conversion.target for conversion in conversions],
            "factor": [conversion.factor for conversion in conversions],
        },
        "targets": {
            "plant": [target.plant for target in site.targets],
            "line": [target.line or "" for target in site.targets],
            "work_center": [target.work_center or "" for target in site.targets],
            "valid_from": [target.valid_from or site.since for target in site.targets],
            "availability": [_ratio(target.availability) for target in site.targets],
            "scrap_rate": [_ratio(target.scrap_rate) for target in site.targets],
        },
        "scrap_reasons": {
            "scrap_reason_code": list(site.scrap_reasons),
            "scrap_reason_text": [reason.text for reason in site.scrap_reasons.values()],
        },
        "reasons": {
            "reason_code": list(site.reasons),
            "reason_text": [reason.text for reason in site.reasons.values()],
            "reason_class": [reason.reason_class for reason in site.reasons.values()],
            "reason_group": [reason.group for reason in site.reasons.values()],
        },
        "policies": {"name": list(policies), "value": list(policies.values())},
        "production_days": {
            "plant": [plant for plant, _ in whole],
            "production_day": [day.day for _, day in whole],
            "starts_at": [day.starts_at for _, day in whole],
            "ends_at": [day.ends_at for _, day in whole],
        },
        "shift_windows": _per_work_center(site, until, shift_windows),
        "calendar_breaks": _per_work_center(site, until, breaks),
    }


def _ratio(percent: Decimal | None) -> Decimal | None:
    return None if percent is None else percent / 100


def _per_work_center(site: Site, until: date, expand: Any) -> Columns:
    """Spans of each work center; a calendar is expanded once per plant, whatever the number of its work centers."""
    columns: dict[str, list[Any]] = {
        name: [] for name in ("plant", "work_center", "production_day", "shift", "starts_at", "ends_at")
    }
    for plant in site.plants:
        expanded: dict[str, list[ShiftSpan]] = {}
        for work_center in plant.work_centers:
            if work_center.calendar is None:
                continue
            if work_center.calendar not in expanded:
                calendar = site.calendars[work_center.calendar]
                expanded[work_center.calendar] = list(expand(plant, calendar, site.since, until))
            _append(columns, plant, work_center.id, expanded[work_center.calendar])
    return columns


def _append(columns: dict[str, list[Any]], plant: Plant, work_center: str, spans: list[ShiftSpan]) -> None:
    columns["plant"] += [plant.id] * len(spans)
    columns["work_center"] += [work_center] * len(spans)
    columns["production_day"] += [span.day for span in spans]
    columns["shift"] += [span.shift for span in spans]
    columns["starts_at"] += [span.starts_at for span in spans]
    columns["ends_at"] += [span.ends_at for span in spans]
