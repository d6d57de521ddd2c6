"""One run from the topic to the marts, for messages that name their production days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import dagster as dg
import pytest

from te_assets.assets.graph import MARTS
from te_assets.automation.jobs import TOUCHED_ONLY, range_tags
from te_assets.automation.launch import Launcher
from te_assets.delivery.envelope import event_message
from te_assets.delivery.publisher import publish_events
from te_assets.lake.touched import DayRange, touch, waiting_days
from te_assets.stack.connect import kafka_config
from te_assets_tests.conftest import Stack

pytestmark = pytest.mark.stack

DAY = date(2026, 3, 3)
TABLES = {"te_staging.interactions", *(f"te_marts.{mart}" for mart in MARTS["interactions"])}


def all_of(day: date) -> dict[str, list[date]]:
    """The day in every table of the model."""
    return {table: [day] for table in TABLES}


class Line:
    """A plant that posts stops, and the runs that a sensor would ask for."""

    def __init__(self, stack: Stack, launcher: Launcher, instance: dg.DagsterInstance) -> None:
        self.stack, self._launcher, self.instance = stack, launcher, instance

    def post(self, number: int, day: date, minutes: int = 5) -> None:
        starts = datetime(day.year, day.month, day.day, 10, tzinfo=UTC) + timedelta(hours=number)
        event = {
            "plant": "1000",
            "work_center": "PRS01",
            "interaction_id": f"I-{number}",
            "reason_code": "110",
            "started_at": starts.isoformat(),
            "ended_at": (starts + timedelta(minutes=minutes)).isoformat(),
        }
        message = event_message(
            "interactions",
            event,
            machine="1000/PRS01",
            event_id=f"e{number}-{minutes}",
            time=starts + timedelta(minutes=minutes),
            contract="operator_log@2",
        )
        publish_events(kafka_config(self.stack.endpoints), [message])

    def stream(self, first: date, last: date) -> dict[str, list[date]]:
        """Run it for these days; table → production days that were swapped in."""
        client = self.stack.clickhouse
        before = client.query("SELECT now64(6, 'UTC')").result_rows[0][0]
        tags = {**range_tags(DayRange(first, last)), **TOUCHED_ONLY}
        self._launcher.run(self.instance, "stream_interactions", tags)
        rows = client.query(
            "SELECT table, groupArray(production_day) FROM te_ops.swaps "
            "WHERE at >= {since:DateTime64(6, 'UTC')} GROUP BY table",
            parameters={"since": before},
        ).result_rows
        return {table: sorted(days) for table, days in rows}

    def stops(self) -> list[tuple[date, str, int]]:
        rows = self.stack.clickhouse.query(
            "SELECT production_day, interaction_id, toUInt32(sum(attributed_seconds)) FROM te_marts.stops "
            "GROUP BY ALL ORDER BY ALL"
        ).result_rows
        return [tuple(row) for row in rows]


@pytest.fixture
def line(plant: Stack) -> Iterator[Line]:
    launcher = Launcher(plant.settings)
    with launcher.session() as instance:
        yield Line(plant, launcher, instance)


def test_an_event_is_in_its_marts_after_one_run_and_only_its_day_is_restated(line: Line) -> None:
    line.post(1, DAY)

    assert line.stream(DAY - timedelta(days=1), DAY + timedelta(days=1)) == all_of(DAY)
    assert line.stops() == [(DAY, "I-1", 300)]
    assert waiting_days(line.stack.clickhouse, "interactions") == {}


@pytest.mark.long
def test_without_anything_new_the_run_restates_nothing(line: Line) -> None:
    line.post(1, DAY)
    line.stream(DAY, DAY)

    assert line.stream(DAY, DAY) == {}
    assert line.stops() == [(DAY, "I-1", 300)]


@pytest.mark.long
def test_days_that_no_message_named_wait_for_the_next_run(line: Line) -> None:
    """The header is a hint; what was touched is the truth, and nothing is forgotten."""
    other = DAY + timedelta(days=9)
    line.post(1, DAY)
    line.post(2, other)

    assert line.stream(DAY, DAY) == all_of(DAY)
    # The stream of events covers what lies between its stops, too.
    between = {DAY + timedelta(days=n) for n in range(1, 9)}
    assert set(waiting_days(line.stack.clickhouse, "interactions")) == {*between, other}


@pytest.mark.long
def test_of_touched_days_apart_the_newest_are_restated_and_the_others_wait(line: Line) -> None:
    touch(line.stack.clickhouse, "interactions", "1000", [DAY, DAY + timedelta(days=2)], 1, "versions")

    assert line.stream(DAY, DAY + timedelta(days=2)) == all_of(DAY + timedelta(days=2))
    assert set(waiting_days(line.stack.clickhouse, "interactions")) == {DAY}
