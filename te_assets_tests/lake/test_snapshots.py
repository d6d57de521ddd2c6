"""Files that are complete: what they no longer have is gone, whatever the order in which they arrive."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from clickhouse_connect.driver.client import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from te_assets.contracts.catalog import load_contracts
from te_assets.contracts.compilation import compile_typing
from te_assets.contracts.model import Contract
from te_assets.lake.corrections import correct, retraction
from te_assets.lake.current import restate_current
from te_assets.lake.history import type_history
from te_assets.lake.models import INTERACTIONS
from te_assets.lake.snapshots import Scope, settle_snapshots
from te_assets.lake.touched import contiguous_pieces, waiting_days
from te_assets.site.tables import apply_site
from te_assets_tests.lake.marts_workbench import site
from te_assets_tests.lake.raw_rows import RawLog

pytestmark = pytest.mark.stack

DAYS = tuple(date(2026, 3, day) for day in range(2, 12))
Rows = Mapping[tuple[str, str], int]
"""(work center, interaction) → index of its day."""


def snapshot_contract() -> Contract:
    """The operator log as a list that is complete for the days in its name."""
    settings = load_contracts(None).of_source("operator_log").model_dump(mode="json", by_alias=True)
    return Contract.model_validate({**settings, "delivers": "snapshot", "changed_at": None})


class Snapshots:
    """Delivers snapshots and says which interactions count."""

    def __init__(self, client: Client, scope: Scope = "work_center") -> None:
        contract, plant = snapshot_contract(), site(["M1", "M2"])
        self.client, self.scopes = client, {contract.contract_id: scope}
        self.log = RawLog(client, INTERACTIONS, contract.contract_id)
        apply_site(client, plant, today=DAYS[-1])
        self.typing = {contract.contract_id: compile_typing(contract, plant.places())}

    def deliver(self, name: str, exported: int, period: tuple[int, int] | None, rows: Rows) -> list[str]:
        """Production days that a file touches."""
        lines = [self.row(work_center, number, day) for (work_center, number), day in rows.items()]
        days = None if period is None else (str(DAYS[period[0]]), str(DAYS[period[1]]))
        self.log.file(name, datetime(2026, 3, 20, exported, tzinfo=UTC), lines, period=days)
        typed = type_history(self.client, INTERACTIONS, self.typing, run_id="test")
        assert typed.verdicts.rejected == 0
        touched = {date.fromisoformat(day) for _, day in typed.touched}
        left = settle_snapshots(self.client, INTERACTIONS, self.scopes, touched, run_id="test")
        return sorted({str(day) for day in touched} | {day for _, _, day in left})

    @staticmethod
    def row(work_center: str, number: str, day: int) -> dict[str, Any]:
        return {
            "plant": "1000",
            "work_center": work_center,
            "interaction_id": number,
            "reason_code": "T",
            "started_at": f"{DAYS[day]}T08:00:00",
            "ended_at": f"{DAYS[day]}T09:00:00",
        }

    def current(self) -> dict[tuple[str, str], int]:
        """What counts, once every waiting day is restated."""
        for piece in contiguous_pieces(waiting_days(self.client, "interactions"), 31):
            restate_current(self.client, INTERACTIONS, piece, run_id=uuid4().hex)
        rows = self.client.query(
            "SELECT work_center, interaction_id, production_day FROM te_staging.interactions"
        ).result_rows
        assert len({(row[0], row[1]) for row in rows}) == len(rows)
        return {(work_center, number): DAYS.index(day) for work_center, number, day in rows}


@pytest.fixture
def lake(clickhouse: Client) -> Snapshots:
    return Snapshots(clickhouse)


def test_a_row_that_a_later_snapshot_no_longer_has_is_gone(lake: Snapshots) -> None:
    lake.deliver("first", 1, (0, 4), {("M1", "a"): 0, ("M1", "b"): 2, ("M1", "c"): 3})
    assert set(lake.current()) == {("M1", "a"), ("M1", "b"), ("M1", "c")}
    touched = lake.deliver("second", 2, (1, 4), {("M1", "c"): 3})
    assert str(DAYS[2]) in touched
    assert lake.current() == {("M1", "a"): 0, ("M1", "c"): 3}  # a lies before the period of the second


def test_a_corrected_start_without_an_id_of_its_own_leaves_one_stop(lake: Snapshots) -> None:
    lake.deliver("first", 1, (0, 4), {("M1", "M1 08:00"): 2})
    lake.deliver("second", 2, (0, 4), {("M1", "M1 08:05"): 2})
    assert lake.current() == {("M1", "M1 08:05"): 2}


def test_other_work_centers_are_outside_of_the_scope_unless_it_is_the_plant(clickhouse: Client) -> None:
    for scope, left in (("work_center", {("M2", "x"): 1}), ("plant", {})):
        lake = Snapshots(clickhouse, scope)  # type: ignore[arg-type]
        _empty(clickhouse)
        lake.deliver("first", 1, (0, 4), {("M1", "a"): 1, ("M2", "x"): 1})
        lake.deliver("second", 2, (0, 4), {("M1", "b"): 1})
        assert lake.current() == {("M1", "b"): 1, **left}


def test_an_older_file_that_comes_late_does_not_bring_rows_back(lake: Snapshots) -> None:
    lake.deliver("second", 2, (0, 4), {("M1", "c"): 3})
    lake.deliver("first", 1, (0, 4), {("M1", "a"): 0, ("M1", "c"): 2})
    assert lake.current() == {("M1", "c"): 3}


def test_a_row_that_comes_back_in_a_newer_snapshot_counts_again(lake: Snapshots) -> None:
    lake.deliver("first", 1, (0, 4), {("M1", "a"): 0})
    lake.deliver("second", 2, (0, 4), {("M1", "c"): 3})
    lake.deliver("third", 3, (0, 4), {("M1", "a"): 0, ("M1", "c"): 3})
    assert lake.current() == {("M1", "a"): 0, ("M1", "c"): 3}


def test_a_file_that_declares_no_period_takes_nothing_out(lake: Snapshots) -> None:
    lake.deliver("first", 1, (0, 4), {("M1", "a"): 0})
    lake.deliver("second", 2, None, {("M1", "c"): 3})
    assert set(lake.current()) == {("M1", "a"), ("M1", "c")}


def test_what_a_retracted_snapshot_took_out_counts_again(lake: Snapshots) -> None:
    lake.deliver("first", 1, (0, 4), {("M1", "a"): 0, ("M1", "c"): 2})
    lake.deliver("second", 2, (0, 4), {("M1", "c"): 3})
    assert lake.current() == {("M1", "c"): 3}
    sha256 = lake.client.query("SELECT any(sha256) FROM te_ops.files WHERE name = 'second'").result_rows[0][0]
    correct(lake.client, retraction(lake.client, sha256, "wrong"))
    assert lake.current() == {("M1", "a"): 0, ("M1", "c"): 2}
    correct(lake.client, retraction(lake.client, sha256, "right", undo=True))
    assert lake.current() == {("M1", "c"): 3}


def test_settling_again_changes_nothing_and_conservation_holds(lake: Snapshots) -> None:
    lake.deliver("first", 1, (0, 4), {("M1", "a"): 0})
    lake.deliver("second", 2, (0, 4), {("M1", "c"): 3})
    lines = "SELECT count() FROM te_staging.interactions_history"
    before = lake.client.query(lines).result_rows
    assert settle_snapshots(lake.client, INTERACTIONS, lake.scopes, DAYS, run_id="again") == frozenset()
    assert lake.client.query(lines).result_rows == before
    assert lake.client.query("SELECT sum(difference) FROM te_ops.conservation").result_rows == [(0,)]


def _empty(client: Client) -> None:
    for table in (
        *("te_ops.files", "te_ops.snapshots", "te_ops.coverage", "te_ops.touched_days", "te_ops.load_ledger"),
        *("te_ops.typing_ledger", "te_raw.interactions", "te_staging.interactions", "te_staging.interactions_history"),
        "te_staging.interactions_keys",
    ):
        client.command(f"TRUNCATE TABLE {table}")


files = st.lists(
    st.tuples(
        st.tuples(st.integers(0, 5), st.integers(0, 4)),
        st.dictionaries(
            st.tuples(st.sampled_from(("M1", "M2")), st.sampled_from(("a", "b", "c"))), st.integers(0, 9), max_size=4
        ),
    ),
    min_size=2,
    max_size=4,
)


@pytest.mark.parametrize("examples", [2, pytest.param(60, marks=pytest.mark.long)])
def test_any_order_of_arrival_ends_in_what_the_order_of_export_gives(clickhouse: Client, examples: int) -> None:
    lake = Snapshots(clickhouse)

    @settings(max_examples=examples, deadline=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
    @given(files, st.randoms(use_true_random=False))
    def compare(exports: list[tuple[tuple[int, int], dict[tuple[str, str], int]]], random: Any) -> None:
        expected: dict[tuple[str, str], int] = {}
        for (first, length), rows in exports:
            scope = {work_center for work_center, _ in rows}
            for key, day in list(expected.items()):
                if key[0] in scope and first <= day <= first + length and key not in rows:
                    del expected[key]
            expected |= rows
        order = list(enumerate(exports))
        random.shuffle(order)
        _empty(clickhouse)
        for number, ((first, length), rows) in order:
            lake.deliver(f"f{number}", number, (first, first + length), rows)
        assert lake.current() == expected

    compare()
