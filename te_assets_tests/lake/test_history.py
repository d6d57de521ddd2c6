"""Raw → history → current: versions by content, touched days by interval, nothing lost or doubled by a kill."""

from __future__ import annotations

import itertools
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from clickhouse_connect.driver.client import Client

from te_assets.contracts.catalog import load_contracts
from te_assets.contracts.compilation import compile_typing
from te_assets.lake.current import restate_current
from te_assets.lake.history import Typed, type_history
from te_assets.lake.models import CONFIRMATIONS, INTERACTIONS, LakeModel
from te_assets.lake.sql import render
from te_assets.lake.touched import contiguous_pieces, waiting_days
from te_assets.site.model import Site
from te_assets.site.profile import parse_site
from te_assets.site.tables import apply_site
from te_assets_tests.conftest import Stack
from te_assets_tests.lake.raw_rows import RawLog

pytestmark = pytest.mark.stack

SITE = """
name: Test
since: 2026-01-01
plants:
  - id: "1000"
    name: One
    time_zone: UTC
    production_day_starts: "06:00"
    work_centers: [{id: W1, name: Press, calendar: shifts}, {id: W2, name: Mill, calendar: shifts}]
calendars:
  shifts:
    periods:
      - valid_from: 2026-01-01
        shifts:
          early: {starts: "06:00", ends: "14:00"}
          late: {starts: "14:00", ends: "22:00"}
          night: {starts: "22:00", ends: "06:00"}
        week:
          monday: &all [early, late, night]
          tuesday: *all
          wednesday: *all
          thursday: *all
          friday: *all
          saturday: *all
          sunday: *all
reasons: {"110": {text: Jam, class: technical}, "410": {text: Break, class: planned}}
"""


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def stop(number: int, start: str, end: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "plant": "1000",
        "work_center": "W1",
        "interaction_id": str(number),
        "started_at": start,
        "ended_at": end,
        "reason_code": "110",
        **more,
    }


class Lake:
    """Delivers rows and types them; restates what waits when asked for current rows."""

    def __init__(self, client: Client, site: Site) -> None:
        self.client, self.site = client, site
        apply_site(client, site, today=date(2026, 3, 31))
        self.log = RawLog(client, INTERACTIONS, "operator_log@2")
        contract = load_contracts(None).get("operator_log@2")
        self.typing = {"operator_log@2": compile_typing(contract, site.places())}

    def type(self, **options: Any) -> Typed:
        return type_history(self.client, INTERACTIONS, self.typing, run_id="test", **options)

    def deliver(self, name: str, exported_at: datetime, *rows: Any, **options: Any) -> Typed:
        self.log.file(name, exported_at, rows, **options)
        return self.type()

    def current(self) -> list[tuple[Any, ...]]:
        for piece in contiguous_pieces(waiting_days(self.client, "interactions"), 31):
            restate_current(self.client, INTERACTIONS, piece, run_id=uuid4().hex)
        rows = self.client.query(
            "SELECT interaction_id, toString(production_day), formatDateTime(started_at, '%d %H:%i'), "
            "formatDateTime(ended_at, '%d %H:%i') FROM te_staging.interactions ORDER BY ALL"
        ).result_rows
        return [tuple(row) for row in rows]

    def days(self, typed: Typed) -> list[str]:
        return sorted(day for _, day in typed.touched)


@pytest.fixture
def lake(clickhouse: Client) -> Lake:
    return Lake(clickhouse, parse_site(SITE))


def test_a_row_becomes_current_with_its_class_and_length(lake: Lake) -> None:
    lake.deliver(
        "a.xlsx",
        at(3),
        stop(1, "2026-03-02T07:00:00", "2026-03-02T07:04:00"),
        stop(2, "2026-03-02T08:00:00", "2026-03-02T08:05:00", reason_code="999"),
    )
    lake.current()

    rows = lake.client.query(
        "SELECT interaction_id, reason_class, is_short, logged_seconds, is_open, row FROM "
        "te_staging.interactions ORDER BY 1"
    ).result_rows
    assert [(r[0], r[1], r[2], float(r[3]), r[4], r[5]) for r in rows] == [
        ("1", "technical", True, 240.0, False, 2),
        ("2", "unclassified", False, 300.0, False, 3),
    ]


def test_older_export_arriving_later_changes_nothing(lake: Lake) -> None:
    """Friday's export was mailed again on Monday and overwrote Saturday's corrections."""
    lake.deliver("saturday.xlsx", at(7), stop(1, "2026-03-05T07:00:00", "2026-03-05T09:00:00"))
    before = lake.current()

    typed = lake.deliver("friday.xlsx", at(6), stop(1, "2026-03-05T07:00:00", "2026-03-05T08:00:00"))

    assert typed.touched == set()
    assert lake.current() == before == [("1", "2026-03-05", "05 07:00", "05 09:00")]


def test_a_corrected_start_leaves_the_old_day_and_touches_both(lake: Lake) -> None:
    lake.deliver(
        "a.xlsx",
        at(6),
        stop(1, "2026-03-03T07:00:00", "2026-03-03T08:00:00"),
        stop(2, "2026-03-06T07:00:00", "2026-03-06T08:00:00"),
    )
    lake.current()

    typed = lake.deliver("b.xlsx", at(7), stop(1, "2026-03-05T07:00:00", "2026-03-05T08:00:00"))

    assert lake.days(typed) == ["2026-03-03", "2026-03-05"]
    assert [row[:2] for row in lake.current()] == [("1", "2026-03-05"), ("2", "2026-03-06")]


def test_a_stop_from_friday_night_to_monday_morning_touches_four_days(lake: Lake) -> None:
    typed = lake.deliver("a.xlsx", at(9), stop(1, "2026-03-06T22:00:00", "2026-03-09T06:30:00"))

    assert lake.days(typed) == ["2026-03-06", "2026-03-07", "2026-03-08", "2026-03-09"]


def test_a_stop_that_ends_when_the_day_ends_does_not_touch_the_next(lake: Lake) -> None:
    typed = lake.deliver("a.xlsx", at(9), stop(1, "2026-03-05T22:00:00", "2026-03-06T06:00:00"))

    assert lake.days(typed) == ["2026-03-05"]


@pytest.mark.parametrize(
    ("exported_at", "until"),
    [(at(4, 10), "2026-03-04 10:00"), (at(9), "2026-03-07 06:00"), (at(2, 7), "2026-03-02 08:00")],
    ids=["the export", "the end of the period", "the last row where the export says less"],
)
def test_a_declared_week_is_covered_up_to(lake: Lake, exported_at: datetime, until: str) -> None:
    row = stop(1, "2026-03-02T07:00:00", "2026-03-02T08:00:00")
    lake.deliver("week.xlsx", exported_at, row, period=("2026-03-02", "2026-03-06"))

    covered = lake.client.query(
        "SELECT formatDateTime(covers_from, '%F %R'), formatDateTime(covers_until, '%F %R'), origin "
        "FROM te_ops.coverage"
    ).result_rows
    assert covered == [("2026-03-02 06:00", until, "declared")]


@pytest.mark.long
def test_every_order_of_arrival_gives_the_same_current_rows(lake: Lake) -> None:
    exports = [
        ("a.xlsx", at(4), stop(1, "2026-03-02T07:00:00", "2026-03-02T08:00:00")),
        ("b.xlsx", at(5), stop(1, "2026-03-03T07:00:00", "2026-03-03T08:00:00")),
        ("c.xlsx", at(6), stop(1, "2026-03-02T09:00:00", "2026-03-02T10:00:00")),
    ]
    results = []
    for order in itertools.permutations(exports):
        for table in (
            "te_staging.interactions",
            "te_staging.interactions_history",
            "te_staging.interactions_keys",
            "te_ops.touched_days",
            "te_ops.coverage",
        ):
            lake.client.command(f"TRUNCATE TABLE {table}")
        for name, exported_at, row in order:
            lake.deliver(name, exported_at, row)
        results.append(lake.current())

    assert results == [[("1", "2026-03-02", "02 09:00", "02 10:00")]] * 6


def test_versions_of_one_file_in_one_batch_leave_one_current_row(lake: Lake) -> None:
    typed = lake.deliver(
        "a.xlsx",
        at(6),
        stop(1, "2026-03-02T07:00:00", "2026-03-02T08:00:00"),
        stop(1, "2026-03-04T07:00:00", "2026-03-04T08:00:00"),
    )

    assert lake.current() == [("1", "2026-03-04", "04 07:00", "04 08:00")]
    assert typed.verdicts.accepted == 2
    notes = lake.client.query("SELECT row, rule FROM te_staging.row_notes").result_rows
    assert notes == [(2, "later_row_wins")]


def test_equal_rows_of_a_file_are_duplicates_and_the_file_adds_up(lake: Lake) -> None:
    row = stop(1, "2026-03-02T07:00:00", "2026-03-02T08:00:00")
    typed = lake.deliver("a.xlsx", at(6), row, row, {"plant": "1000", "work_center": "W1"}, row, "no json")

    assert (typed.verdicts.accepted, typed.verdicts.rejected, typed.verdicts.duplicates) == (1, 2, 2)
    assert lake.client.query(
        "SELECT raw, accepted, rejected, skipped, duplicates, difference FROM te_ops.conservation"
    ).result_rows == [(5, 1, 2, 0, 2, 0)]


def test_an_equal_row_after_another_version_is_no_duplicate(lake: Lake) -> None:
    first, second = (
        stop(1, "2026-03-02T07:00:00", "2026-03-02T08:00:00"),
        stop(1, "2026-03-02T07:00:00", "2026-03-02T09:00:00"),
    )
    lake.deliver("a.xlsx", at(6), first, second, first)

    assert lake.current() == [("1", "2026-03-02", "02 07:00", "02 08:00")]


def test_an_open_stop_is_closed_by_an_event_with_the_same_id(lake: Lake) -> None:
    lake.log.event("e1", at(2, 7), stop(5, "2026-03-02T07:00:00"))
    lake.type()
    opened = lake.current()
    lake.log.event("e2", at(4, 9), stop(5, "2026-03-02T07:00:00", "2026-03-04T09:00:00"))

    typed = lake.type()

    assert opened == [("5", "2026-03-02", "02 07:00", None)]
    assert lake.days(typed) == ["2026-03-02", "2026-03-03", "2026-03-04"]
    assert lake.current() == [("5", "2026-03-02", "02 07:00", "04 09:00")]


def test_the_same_event_twice_counts_once(lake: Lake) -> None:
    """A producer sent again what it could not know had arrived."""
    for _ in range(2):
        lake.log.event("e1", at(2, 9), stop(5, "2026-03-02T07:00:00", "2026-03-02T08:00:00"))
    typed = lake.type()

    assert (typed.verdicts.accepted, typed.verdicts.duplicates) == (1, 1)


def test_an_unknown_contract_is_rejected_and_its_neighbours_go_on(lake: Lake) -> None:
    lake.log.event("e1", at(2, 9), stop(5, "2026-03-02T07:00:00", "2026-03-02T08:00:00"), contract="nobody@7")
    lake.log.event("e2", at(2, 9), stop(6, "2026-03-02T07:00:00", "2026-03-02T08:00:00"))
    typed = lake.type()

    assert (typed.verdicts.accepted, typed.verdicts.rejected) == (1, 1)
    assert lake.client.query("SELECT rule, value FROM te_staging.rejected_rows").result_rows == [
        ("unknown_contract", "nobody@7")
    ]


class Killed(Exception):
    """Stands for SIGKILL at a step."""


@pytest.mark.parametrize("step", ["type", "write", "read_back", "done"])
def test_typing_killed_at_a_step_is_finished_by_the_next_call(lake: Lake, step: str) -> None:
    lake.deliver("a.xlsx", at(6), stop(1, "2026-03-03T07:00:00", "2026-03-03T08:00:00"))
    lake.current()
    lake.client.command("TRUNCATE TABLE te_ops.touched_days")
    lake.log.file(
        "b.xlsx",
        at(7),
        [stop(1, "2026-03-05T07:00:00", "2026-03-05T08:00:00"), stop(2, "2026-03-04T07:00:00"), "poison"],
    )

    def die(reached: str) -> None:
        if reached == step:
            raise Killed

    with pytest.raises(Killed):
        lake.type(on_step=die)
    typed = lake.type()

    assert (typed.verdicts.accepted, typed.verdicts.rejected) == (2, 1)
    assert {"2026-03-03", "2026-03-04", "2026-03-05"} <= set(lake.days(typed))
    assert [row[:2] for row in lake.current()] == [("1", "2026-03-05"), ("2", "2026-03-04")]
    assert lake.client.query("SELECT max(difference) FROM te_ops.conservation").result_rows == [(0,)]
    assert lake.client.command("SELECT count() FROM te_staging.interactions_history FINAL WHERE NOT is_superseded") == 3
    assert lake.type().units == 0


def test_days_that_the_horizon_passes_are_touched_whatever_was_killed(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a killed attempt had covered was taken for an earlier delivery: days in between kept empty windows."""
    lake.deliver("a.xlsx", at(6), stop(1, "2026-03-03T07:00:00", "2026-03-03T08:00:00"))
    lake.client.command("TRUNCATE TABLE te_ops.touched_days")
    lake.log.file("b.xlsx", at(7), [stop(2, "2026-03-06T07:00:00", "2026-03-06T08:00:00")])
    command = lake.client.command

    def die(query: str, *arguments: Any, **options: Any) -> Any:
        if "INSERT INTO te_ops.touched_days" in query:
            raise Killed
        return command(query, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(lake.client, "command", die)
        with pytest.raises(Killed):
            lake.type()
    typed = lake.type()

    assert set(lake.days(typed)) == {"2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06"}


@pytest.mark.parametrize("step", ["", "write", "read_back", "done"])
def test_of_an_event_that_kafka_has_twice_the_first_line_is_current_whatever_was_killed(lake: Lake, step: str) -> None:
    """Kafka was away, an event was posted again by its key and came twice; a recomputation then showed another line."""
    lake.log.event("k/0000", at(3), stop(1, "2026-03-03T07:00:00", "2026-03-03T08:00:00"))
    lake.type()
    lake.log.event("k/0000", at(3), stop(1, "2026-03-03T07:00:00", "2026-03-03T08:00:00"))

    def die(reached: str) -> None:
        if reached == step:
            raise Killed

    with suppress(Killed):
        lake.type(on_step=die)
    lake.type()

    assert lake.current() == [("1", "2026-03-03", "03 07:00", "03 08:00")]
    assert lake.client.query("SELECT offset FROM te_staging.interactions").result_rows == [(0,)]
    assert lake.client.query("SELECT max(difference) FROM te_ops.conservation").result_rows == [(0,)]


def test_shifts_close_at_their_end_and_days_at_theirs(clickhouse: Client) -> None:
    """A batch confirmed at 14:00:00 was booked to the late shift, one at 06:00:00 to the next day."""
    site = parse_site(SITE)
    apply_site(clickhouse, site, today=date(2026, 3, 31))
    log = RawLog(clickhouse, CONFIRMATIONS, "sap_confirmations@2")
    typing = {"sap_confirmations@2": compile_typing(load_contracts(None).get("sap_confirmations@2"), site.places())}
    ends = {
        "1": "2026-03-02T14:00:00",
        "2": "2026-03-02T14:00:01",
        "3": "2026-03-03T06:00:00",
        "4": "2026-03-03T06:00:00.001",
    }
    rows = [
        {
            "plant": "1000",
            "work_center": "W1",
            "order_id": "1",
            "operation": "10",
            "confirmation": n,
            "counter": "1",
            "material": "M",
            "unit": "ST",
            "good_qty": 5,
            "scrap_qty": 1,
            "finished_at": end,
        }
        for n, end in ends.items()
    ]
    log.file("c.xlsx", at(4), rows)
    typed = type_history(clickhouse, CONFIRMATIONS, typing, run_id="test")
    for piece in contiguous_pieces(waiting_days(clickhouse, "confirmations"), 31):
        restate_current(clickhouse, CONFIRMATIONS, piece, run_id=uuid4().hex)

    found = clickhouse.query(
        "SELECT toUInt32(confirmation), toString(production_day), shift FROM te_staging.confirmations ORDER BY 1"
    ).result_rows
    assert typed.verdicts.accepted == 4
    assert found == [
        (1, "2026-03-02", "early"),
        (2, "2026-03-02", "late"),
        (3, "2026-03-02", "night"),
        (4, "2026-03-03", "early"),
    ]


@pytest.mark.parametrize("model", [INTERACTIONS, CONFIRMATIONS], ids=lambda model: model.name)
def test_the_table_of_a_batch_has_the_types_of_what_every_contract_yields(stack: Stack, model: LakeModel) -> None:
    places = parse_site(SITE).places()
    contracts = [contract for contract in load_contracts(None) if contract.feeds == model.name]
    stack.clickhouse.command(render("staging", "batch_table", model=model, batch="te_staging.batch"))
    kept = "SELECT name, type FROM system.columns WHERE database = 'te_staging' AND table = 'batch' ORDER BY position"
    table = [tuple(row) for row in stack.clickhouse.query(kept).result_rows]
    assert len(contracts) >= 2
    for contract in contracts:
        select = render(
            "staging",
            "batch",
            model=model,
            lines=f"te_raw.{model.name}",
            ranges="1",
            typing=compile_typing(contract, places),
        )
        yielded = stack.clickhouse.query(f"DESCRIBE ({select})", parameters={"contract": contract.contract_id})
        assert [(name, _on_one_line(kind)) for name, kind, *_ in yielded.result_rows] == table


def _on_one_line(kind: str) -> str:
    """As system.columns prints a type; a Bool is an UInt8 to conditions."""
    return kind.replace("(\n    ", "(").replace(",\n    ", ", ").replace("UInt8", "Bool")
