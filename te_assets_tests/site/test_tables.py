from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client

from te_assets.site.profile import parse_site
from te_assets.site.tables import apply_site

pytestmark = pytest.mark.stack

TODAY = date(2026, 3, 2)
TABLES = (
    *("plants", "lines", "work_centers", "reasons", "scrap_reasons", "units", "targets", "policies"),
    *("production_days", "shift_windows", "calendar_breaks"),
)


def content(client: Client, table: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in client.query(f"SELECT * FROM te_ops.{table} ORDER BY ALL").result_rows]


def uuids(client: Client) -> set[str]:
    """Identities of the tables: an exchange gives each another one."""
    query = "SELECT toString(uuid) FROM system.tables WHERE database = 'te_ops' AND name IN {names:Array(String)}"
    return {uuid for (uuid,) in client.query(query, parameters={"names": list(TABLES)}).result_rows}


def test_profile_becomes_tables(clickhouse: Client, profile: str, extras: str) -> None:
    change = apply_site(clickhouse, parse_site(profile + extras), today=TODAY)

    assert (change.written, change.is_new_profile, change.previous_hash) == (True, True, None)
    assert content(clickhouse, "plants") == [
        ("1000", "Werk Nord", "Europe/Berlin", 360, date(2026, 1, 1)),
        ("2000", "", "America/Chicago", 360, date(2026, 1, 1)),
    ]
    assert content(clickhouse, "work_centers") == [
        ("1000", "PRS01", "Press 1", "L1"),
        ("1000", "PRS02", "", ""),
        ("1000", "PRS03", "", ""),
        ("2000", "PRS01", "", ""),
    ]
    assert content(clickhouse, "lines") == [("1000", "L1", "Line 1", "series")]
    assert content(clickhouse, "units") == [("CAR", "", "PC", Decimal(12)), ("CAR", "M-1", "PC", Decimal(10))]
    assert content(clickhouse, "targets") == [
        ("1000", "", "", date(2026, 1, 1), Decimal("0.85"), Decimal("0.025")),
        ("1000", "", "PRS01", date(2026, 3, 1), Decimal("0.9"), None),
    ]
    assert content(clickhouse, "scrap_reasons") == [("0001", "Surface")]
    assert content(clickhouse, "reasons") == [("110", "Material jam", "technical", "Mechanics")]
    assert dict(content(clickhouse, "policies"))["short_stop_minutes"] == "2.5"
    assert clickhouse.query(
        "SELECT work_center, shift, starts_at, ends_at FROM te_ops.shift_windows "
        "WHERE plant = '2000' AND production_day = '2026-03-07'"
    ).result_rows == [("PRS01", "night", datetime(2026, 3, 8, 4), datetime(2026, 3, 8, 11))]
    assert clickhouse.query(
        "SELECT plant, min(production_day), max(production_day), count() FROM te_ops.production_days "
        "GROUP BY plant ORDER BY plant"
    ).result_rows == [(plant, date(2026, 1, 1), date(2027, 4, 6), 461) for plant in ("1000", "2000")]
    assert clickhouse.query(
        "SELECT work_center, count() FROM te_ops.shift_windows GROUP BY 1 HAVING work_center = 'PRS02'"
    ).result_rows == [("PRS02", 461)]
    assert clickhouse.query("SELECT count() FROM te_ops.shift_windows WHERE work_center = 'PRS03'").result_rows == [
        (0,)
    ]


def test_same_profile_on_the_same_day_writes_nothing(clickhouse: Client, profile: str) -> None:
    apply_site(clickhouse, parse_site(profile), today=TODAY)
    before = uuids(clickhouse)

    change = apply_site(clickhouse, parse_site(profile), today=TODAY)

    assert (change.written, change.is_new_profile) == (False, False)
    assert uuids(clickhouse) == before
    assert clickhouse.query("SELECT count() FROM te_ops.site_versions").result_rows == [(1,)]


def test_next_day_moves_the_horizon_only(clickhouse: Client, profile: str) -> None:
    apply_site(clickhouse, parse_site(profile), today=TODAY)

    change = apply_site(clickhouse, parse_site(profile), today=date(2026, 3, 3))

    assert (change.written, change.is_new_profile, change.expanded_until) == (True, False, date(2027, 4, 7))


def test_edited_profile_replaces_the_old_one_and_is_on_record(clickhouse: Client, profile: str) -> None:
    first = apply_site(clickhouse, parse_site(profile), today=TODAY)

    second = apply_site(clickhouse, parse_site(profile.replace("class: technical", "class: other")), today=TODAY)

    assert (second.previous_hash, second.is_new_profile) == (first.hash, True)
    assert content(clickhouse, "reasons") == [("110", "Material jam", "other", "Mechanics")]
    versions = clickhouse.query("SELECT hash, yaml FROM te_ops.site_versions ORDER BY applied_at").result_rows
    assert [parse_site(yaml).hash for _, yaml in versions] == [first.hash, second.hash]


def test_shadows_are_gone_and_structure_stays(clickhouse: Client, profile: str) -> None:
    names = clickhouse.query("SHOW TABLES FROM te_ops").result_rows

    apply_site(clickhouse, parse_site(profile), today=TODAY)

    assert clickhouse.query("SHOW TABLES FROM te_ops").result_rows == names
    comment = "SELECT comment FROM system.columns WHERE database = 'te_ops' AND table = 'plants' AND name = 'since'"
    assert clickhouse.query(comment).result_rows == [("First production day",)]


def test_shift_that_is_no_longer_worked_disappears(clickhouse: Client, profile: str) -> None:
    apply_site(clickhouse, parse_site(profile), today=TODAY)

    apply_site(clickhouse, parse_site(profile.replace("monday: [early, late, night]", "monday: [early]")), today=TODAY)

    assert clickhouse.query(
        "SELECT shift FROM te_ops.shift_windows "
        "WHERE work_center = 'PRS01' AND plant = '1000' AND production_day = '2026-03-02'"
    ).result_rows == [("early",)]
