"""te_ops.files: the state that counts is the furthest one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from clickhouse_connect.driver.client import Client

from te_assets.lake.files import FileState, State, of_file, record, waiting_publications

pytestmark = pytest.mark.stack

EXPORTED = datetime(2026, 3, 9, 6, 15, tzinfo=UTC)


def publication(digit: str, state: State = "STORED", contract: str = "sap_confirmations@2") -> FileState:
    model = "interactions" if contract.startswith("operator_log") else "confirmations"
    return FileState(
        sha256=digit * 64,
        state=state,
        name=f"{digit}.xlsx",
        size=4_711,
        contract=contract,
        model=model,
        exported_at=EXPORTED,
        exported_at_origin="file_name",
        manifest="{}",
    )


def test_what_is_recorded_is_read_back_whole(clickhouse: Client) -> None:
    state = replace(
        publication("a", "PUBLISHED"), rows_read=3, rows_published=3, lines_hash=2**64 - 1, run_id="r", reason="keiner"
    )
    record(clickhouse, [state])

    assert of_file(clickhouse, state.sha256) == [state]
    assert of_file(clickhouse, "b" * 64) == []


def test_recording_nothing_is_no_failure(clickhouse: Client) -> None:
    record(clickhouse, [])

    assert clickhouse.command("SELECT count() FROM te_ops.files") == 0


def test_the_file_and_each_of_its_publications_have_a_state_of_their_own(clickhouse: Client) -> None:
    file = FileState(sha256="a" * 64, state="STORED", name="a.xlsx", size=1)
    log, confirmations = publication("a", contract="operator_log@2"), publication("a")
    record(clickhouse, [file, log, confirmations])
    record(clickhouse, [replace(log, state="PUBLISHED")])

    assert of_file(clickhouse, file.sha256) == [file, replace(log, state="PUBLISHED"), confirmations]
    assert waiting_publications(clickhouse, "interactions") == []
    assert waiting_publications(clickhouse, "confirmations") == [confirmations]


def test_states_recorded_at_the_same_instant_count_in_their_order(clickhouse: Client) -> None:
    """One insert has one time stamp."""
    stored = publication("a")
    record(clickhouse, [replace(stored, state="PUBLISHED"), replace(stored, state="READ")])

    assert [state.state for state in of_file(clickhouse, stored.sha256)] == ["PUBLISHED"]


@pytest.mark.parametrize(
    ("state", "waits"),
    [("STORED", True), ("READ", True), ("PUBLISHED", False), ("REJECTED", False), ("RETRACTED", False)],
)
def test_a_publication_waits_until_it_is_published_or_refused(clickhouse: Client, state: State, waits: bool) -> None:
    stored = publication("a")
    record(clickhouse, [stored])
    record(clickhouse, [replace(stored, state=state)])

    assert bool(waiting_publications(clickhouse, "confirmations")) == waits


def test_publications_wait_in_the_order_in_which_they_came(clickhouse: Client) -> None:
    for digit in "cab":
        record(clickhouse, [publication(digit)])
    record(clickhouse, [publication("c", "READ")])

    assert [state.name for state in waiting_publications(clickhouse, "confirmations")] == [
        "c.xlsx",
        "a.xlsx",
        "b.xlsx",
    ]


def test_texts_are_bound_and_never_become_sql(clickhouse: Client) -> None:
    hostile = replace(
        publication("a", "REJECTED"), name="x'); DROP TABLE te_ops.files; --.xlsx", reason="{x:String} %s"
    )
    record(clickhouse, [hostile])

    assert of_file(clickhouse, hostile.sha256) == [hostile]
    assert of_file(clickhouse, "' OR 1 = 1 --") == []


@pytest.fixture
def machine_in_chicago(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose clock does not run on UTC."""
    with monkeypatch.context() as zone:
        zone.setenv("TZ", "America/Chicago")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("machine_in_chicago")
def test_the_export_time_survives_each_further_state_wherever_the_machine_stands(clickhouse: Client) -> None:
    """Run by run the export moved by the offset of the server's time zone, and an older one won."""
    record(clickhouse, [publication("a")])
    further: tuple[State, ...] = ("READ", "PUBLISHED")
    for state in further:
        (known,) = of_file(clickhouse, "a" * 64)
        record(clickhouse, [replace(known, state=state)])

    times = clickhouse.query("SELECT DISTINCT toUnixTimestamp(exported_at) FROM te_ops.files").result_rows
    assert times == [(int(EXPORTED.timestamp()),)]
