"""Nightly upkeep of the lake: fewer parts and lines, the same rows and the same waiting days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from clickhouse_connect.driver.client import Client

from te_assets.lake.compaction import Compacted, compact
from te_assets.lake.touched import touch, waiting_days

pytestmark = pytest.mark.stack

NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
AT_ONCE = timedelta(0)
NOTHING = Compacted(days=0, parts=0, left=0, lines=0)


def sequence(days_ago: int, more: int = 0) -> int:
    return int((NOW - timedelta(days=days_ago)).timestamp()) * 1_000_000_000 + more


def version(client: Client, day: date, key: str, content: int) -> None:
    client.command(
        "INSERT INTO te_staging.interactions_history (production_day, business_key, content_hash, interaction_id) "
        "SETTINGS async_insert = 0 "
        f"VALUES ('{day}', '{key}', {content}, '{key}')"
    )


def parts(client: Client) -> dict[str, int]:
    rows = client.query(
        "SELECT partition, count() FROM system.parts WHERE active AND database = 'te_staging' "
        "AND table = 'interactions_history' GROUP BY partition"
    ).result_rows
    return {str(day): int(number) for day, number in rows}


def held(client: Client, table: str) -> list[object]:
    return list(client.query(f"SELECT * FROM {table} ORDER BY ALL").result_rows)


@pytest.fixture
def unmerged(clickhouse: Client) -> Iterator[Client]:
    """A lake whose history the engine itself leaves in pieces."""
    clickhouse.command("SYSTEM STOP MERGES te_staging.interactions_history")
    yield clickhouse
    clickhouse.command("SYSTEM START MERGES te_staging.interactions_history")


def test_days_in_several_parts_become_one_part_each_with_the_same_rows(clickhouse: Client) -> None:
    for content in range(3):
        version(clickhouse, MONDAY, f"key {content}", content)
    version(clickhouse, TUESDAY, "key", 1)
    before = held(clickhouse, "te_staging.interactions_history")

    done = compact(clickhouse, NOW, at_rest=AT_ONCE)

    assert (done.days, done.parts, done.left) in {(1, 3, 0), (1, 2, 0), (0, 0, 0)}  # the engine may have been first
    assert parts(clickhouse) == {str(MONDAY): 1, str(TUESDAY): 1}
    assert held(clickhouse, "te_staging.interactions_history") == before
    assert compact(clickhouse, NOW, at_rest=AT_ONCE) == NOTHING


def test_a_day_that_was_just_written_to_is_left_to_clickhouse(clickhouse: Client) -> None:
    for content in range(2):
        version(clickhouse, MONDAY, f"key {content}", content)

    assert compact(clickhouse, NOW) == NOTHING


def test_when_the_time_is_over_the_rest_waits_for_the_next_night(unmerged: Client) -> None:
    for day in (MONDAY, TUESDAY):
        for content in range(2):
            version(unmerged, day, f"key {content}", content)

    done = compact(unmerged, NOW, at_rest=AT_ONCE, longest=AT_ONCE)

    assert (done.days, done.left) == (0, 2)


def test_touches_that_were_cleared_long_ago_go_and_the_same_days_wait(clickhouse: Client) -> None:
    for ago in (40, 30, 20):
        touch(clickhouse, "interactions", "1000", [MONDAY], sequence(ago), "versions")
        cleared(clickhouse, MONDAY, sequence(ago))
    touch(clickhouse, "interactions", "1000", [TUESDAY], sequence(40), "versions")  # still waits
    touch(clickhouse, "interactions", "1000", [MONDAY], sequence(1), "versions")
    cleared(clickhouse, MONDAY, sequence(1))
    touch(clickhouse, "interactions", "1000", [MONDAY], sequence(0), "versions")
    waiting = waiting_days(clickhouse, "interactions")

    done = compact(clickhouse, NOW)

    assert done.lines == 6
    assert waiting_days(clickhouse, "interactions") == waiting == {MONDAY: sequence(0), TUESDAY: sequence(40)}
    assert clickhouse.query("SELECT count() FROM te_ops.touched_days").result_rows == [(4,)]
    assert compact(clickhouse, NOW).lines == 0


def test_the_newest_clearing_line_of_a_day_stays_however_old(clickhouse: Client) -> None:
    touch(clickhouse, "interactions", "1000", [MONDAY], sequence(400), "versions")
    cleared(clickhouse, MONDAY, sequence(300))

    assert compact(clickhouse, NOW).lines == 1
    touch(clickhouse, "interactions", "1000", [MONDAY], sequence(350), "versions")  # a late line of a killed run
    assert waiting_days(clickhouse, "interactions") == {}


def cleared(client: Client, day: date, upto: int) -> None:
    client.insert(
        "te_ops.touched_days",
        [["interactions", "", day, upto, "restated", "run", NOW]],
        column_names=["model", "plant", "production_day", "sequence", "why", "run_id", "cleared_at"],
    )


def test_days_of_an_earlier_site_profile_that_were_restated_are_forgotten(clickhouse: Client) -> None:
    for day, ago in ((MONDAY, 30), (TUESDAY, 1)):
        clickhouse.insert(
            "te_ops.stale_days",
            [["interactions", "1000", day, "shifts changed", [], "0" * 64, NOW - timedelta(days=ago)]],
            column_names=["model", "plant", "production_day", "why", "tables", "site_hash", "since"],
        )

    assert compact(clickhouse, NOW).lines == 1
    assert clickhouse.query("SELECT production_day FROM te_ops.stale_days").result_rows == [(TUESDAY,)]


def test_a_day_that_is_still_stale_stays(clickhouse: Client) -> None:
    clickhouse.insert(
        "te_ops.stale_days",
        [["interactions", "1000", MONDAY, "shifts changed", ["te_marts.stops"], "0" * 64, NOW - timedelta(days=300)]],
        column_names=["model", "plant", "production_day", "why", "tables", "site_hash", "since"],
    )

    assert compact(clickhouse, NOW) == NOTHING
