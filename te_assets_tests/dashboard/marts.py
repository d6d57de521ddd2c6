"""Rows straight into marts and staging, by column name: what a view shows, without the way to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from te_assets.site.model import Site
from te_assets.site.tables import apply_site
from te_assets_tests.lake.marts_workbench import TODAY, site

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

REFRESHED = {"refreshed_at": "2026-03-20 00:00:00", "run_id": "run"}


def apply_plants(client: Client, plants: Mapping[str, str], work_centers: Iterable[str], **more: Any) -> None:
    """A site with the same work centers in plants of several zones; id → zone."""
    profile = site(work_centers, **more).model_dump(mode="json", exclude_none=True)
    (first,) = profile["plants"]
    profile["plants"] = [{**first, "id": plant, "time_zone": zone} for plant, zone in plants.items()]
    apply_site(client, Site.model_validate(profile), today=TODAY)


def insert(client: Client, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows into a table."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    client.insert(table, [[row.get(name) for name in names] for row in rows], column_names=names)


def confirmation(number: int, **more: Any) -> dict[str, Any]:
    """A confirmation of M1 in plant 1000: 10 good pieces of A, order 1, on 2026-03-02."""
    return {
        "plant": "1000",
        "work_center": "M1",
        "order_id": "1",
        "operation": "0010",
        "confirmation": str(number),
        "counter": "1",
        "is_reversed": False,
        "cancelled_counter": "",
        "material": "A",
        "unit": "PC",
        "good_qty": 10,
        "scrap_qty": 0,
        "rework_qty": 0,
        "scrap_reason_code": "",
        "finished_at": None,
        "posted_at": None,
        "shift": None,
        "production_day": date(2026, 3, 2),
        "business_key": f"sap|1000|{number}|1",
        **more,
    }
