"""Puts stops, confirmations and coverage straight into staging and reads marts back: marts without the way to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from clickhouse_connect.driver.client import Client

from te_assets.lake import marts
from te_assets.lake.days import drop_shadow
from te_assets.site.model import Site
from te_assets.site.tables import apply_site

TODAY = date(2026, 3, 10)

Row = Mapping[str, Any]


def site(
    work_centers: Iterable[str] = ("M1",),
    *,
    calendar: str = "day",
    lines: Mapping[str, tuple[str, Iterable[str]]] | None = None,
    units: Mapping[str, Any] | None = None,
    **policies: Any,
) -> Site:
    """A plant in Berlin; `lines` are topology and stations by name.

    Calendar `day` is worked from 06:00 to 14:00 with an hour's break, `shifts` has three, `always` one.
    """
    shift = {"starts": "06:00", "ends": "14:00", "breaks": [{"starts": "10:00", "ends": "11:00"}]}
    three = {
        "early": {"starts": "06:00", "ends": "14:00", "breaks": [{"starts": "13:30", "ends": "14:00"}]},
        "late": {"starts": "14:00", "ends": "22:00", "breaks": [{"starts": "14:00", "ends": "14:30"}]},
        "night": {"starts": "22:00", "ends": "06:00"},
    }
    line_of = {station: name for name, (_, stations) in (lines or {}).items() for station in stations}
    week = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return Site.model_validate(
        {
            "name": "Test",
            "since": "2026-01-01",
            "plants": [
                {
                    "id": "1000",
                    "time_zone": "Europe/Berlin",
                    "production_day_starts": "06:00",
                    "lines": [{"id": name, "topology": topology} for name, (topology, _) in (lines or {}).items()],
                    "work_centers": [
                        {"id": name, "calendar": calendar, "line": line_of.get(name)} for name in work_centers
                    ],
                }
            ],
            "calendars": {
                "day": {
                    "periods": [
                        {
                            "valid_from": "2026-01-01",
                            "shifts": {"early": shift},
                            "week": {day: ["early"] for day in week[:5]},
                        }
                    ]
                },
                "shifts": {
                    "periods": [
                        {"valid_from": "2026-01-01", "shifts": three, "week": {day: list(three) for day in week}}
                    ]
                },
                "always": {"always": True},
            },
            "reasons": {
                "P": {"class": "planned"},
                "P2": {"class": "planned"},
                "S": {"class": "setup"},
                "T": {"class": "technical"},
                "T2": {"class": "technical"},
                "O": {"class": "organisational"},
                "X": {"class": "other"},
            },
            "units": dict(units or {}),
            "policies": policies,
        }
    )


def utc(text: str) -> datetime:
    """`2026-03-02 06:00` UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass
class Workbench:
    """Staging of one test."""

    client: Client
    stops: list[Row] = field(default_factory=list)
    confirmations: list[Row] = field(default_factory=list)

    def apply(self, profile: Site) -> None:
        """Make it the site that counts."""
        apply_site(self.client, profile, today=TODAY)

    def stop(
        self, interaction_id: str, started_at: datetime, ended_at: datetime | None, reason: str, **other: Any
    ) -> None:
        """A stop of M1 unless another work center is named."""
        self.stops.append(
            {
                "plant": "1000",
                "work_center": "M1",
                "interaction_id": interaction_id,
                "started_at": started_at,
                "ended_at": ended_at,
                "is_open": ended_at is None,
                "reason_code": reason,
                "business_key": f"log|1000|{other.get('work_center', 'M1')}|{interaction_id}",
                "production_day": production_day(started_at),
                "exported_at": utc("2026-03-10 00:00"),
                **other,
            }
        )

    def confirm(self, confirmation: str, **other: Any) -> None:
        """A confirmation of M1: operation 0010 of order 1, pieces of A, on 2026-03-02."""
        row: dict[str, Any] = {
            "plant": "1000",
            "work_center": "M1",
            "order_id": "1",
            "operation": "0010",
            "confirmation": confirmation,
            "counter": "1",
            "material": "A",
            "unit": "PC",
            "started_at": None,
            "finished_at": None,
            "production_day": date(2026, 3, 2),
            "business_key": f"sap|1000|{confirmation}|{other.get('counter', '1')}",
            "exported_at": utc("2026-03-10 00:00"),
            "is_reversed": False,
            "cancelled_counter": "",
            "scrap_reason_code": "",
            "shift": None,
            "posted_at": None,
            **{name: Decimal(0) for name in ("good_qty", "scrap_qty", "rework_qty")},
            **other,
        }
        if row["finished_at"] is not None and "production_day" not in other:
            row["production_day"] = production_day(row["finished_at"] - timedelta(milliseconds=1))
        self.confirmations.append(row)

    def cover(self, first: datetime, until: datetime, work_center: str = "M1", file: str = "f1") -> None:
        """A delivery of interactions covers the period; an empty work center means all of the plant."""
        self.client.insert(
            "te_ops.coverage",
            [["interactions", "log", file, "log@1", "1000", work_center, first, until, "declared"]],
            column_names=[
                *("model", "source", "file_sha256", "contract", "plant", "work_center"),
                *("covers_from", "covers_until", "origin"),
            ],
        )

    def store(self) -> None:
        """Write what was given so far into history and current rows."""
        for model, rows in (("interactions", self.stops), ("confirmations", self.confirmations)):
            if rows:
                self.insert(f"te_staging.{model}_history", rows)
                self.insert(f"te_staging.{model}", rows)
                rows.clear()

    def insert(self, table: str, rows: list[Row]) -> None:
        """Rows into any table, by column name."""
        names = list(dict.fromkeys(name for row in rows for name in row))
        self.client.insert(table, [[row.get(name) for name in names] for row in rows], column_names=names)

    def mart(self, name: marts.Mart, first: str, last: str | None = None, *, order: str = "ALL") -> list[Row]:
        """Rows of a mart computed for the days, without `refreshed_at` and `run_id`."""
        self.store()
        days = (date.fromisoformat(first), date.fromisoformat(last or first))
        shadow = marts.compute(self.client, [name], *days, run_id="run")[name]
        try:
            result = self.client.query(f"SELECT * EXCEPT (refreshed_at, run_id) FROM {shadow} ORDER BY {order}")
            return [dict(zip(result.column_names, row, strict=True)) for row in result.result_rows]
        finally:
            drop_shadow(self.client, f"te_marts.{name}", "run")

    def window(self, day: str, shift: str = "early", work_center: str = "M1") -> Row:
        """The availability row of a window."""
        rows = self.mart("availability", day)
        (row,) = [row for row in rows if (row["shift"], row["work_center"]) == (shift, work_center)]
        return row

    def attributed(self, first: str, last: str | None = None) -> dict[tuple[str, str | None], int]:
        """Seconds per interaction and shift."""
        seconds: dict[tuple[str, str | None], int] = {}
        for row in self.mart("stops", first, last):
            key = (row["interaction_id"], row["shift"])
            seconds[key] = seconds.get(key, 0) + int(row["attributed_seconds"])
        return seconds


def production_day(instant: datetime) -> date:
    """Production day in Berlin, from 06:00 on."""
    from zoneinfo import ZoneInfo

    local = instant.astimezone(ZoneInfo("Europe/Berlin")).replace(tzinfo=None)
    return (local - timedelta(hours=6)).date()
