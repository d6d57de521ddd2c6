"""What the sensor of the inbox asks for, tick by tick."""

from __future__ import annotations

from dataclasses import replace

import pytest

from te_assets.automation.runs import REQUEST_TAG
from te_assets.lake.files import record, waiting_publications
from te_assets_tests.assets.deliveries import log_book, name_of, stop, wall
from te_assets_tests.automation.watching import DAY, EXPORTED, URGENT, Watch, confirmations_in, end_pauses

pytestmark = pytest.mark.stack


def test_empty_inbox_asks_for_nothing_and_says_so_in_numbers(watch: Watch) -> None:
    assert watch.reason("landing") == f"0 files in {watch.inbox}, 0 still growing, 0 publications wait for a run"


def test_a_growing_file_waits(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("te_assets.assets.receiving.QUIET_SECONDS", 3600.0)
    confirmations_in(watch.inbox)

    assert watch.reason("landing") == f"1 files in {watch.inbox}, 1 still growing, 0 publications wait for a run"


def test_a_settled_workbook_is_asked_for_once_per_model_and_again_as_long_as_it_waits(watch: Watch) -> None:
    log_book(watch.inbox / name_of("Log", EXPORTED), [stop(1, wall(DAY, 8), wall(DAY, 9))])
    confirmations_in(watch.inbox)
    first = watch.tick("landing")
    asked = first.run_requests or []

    assert [request.job_name for request in asked] == ["deliver_interactions", "deliver_confirmations"]
    for request in asked:
        key = request.tags[REQUEST_TAG]
        assert request.run_key == f"{request.job_name}:{key}"
        assert request.tags == {REQUEST_TAG: key, **URGENT}
    # Dagster drops a run key that it knows, so asking again is asking once.
    assert [r.run_key for r in watch.requests("landing", first.cursor)] == [r.run_key for r in asked]
    assert [r.run_key for r in watch.requests("landing", None)] == [r.run_key for r in asked]
    assert watch.stack.clickhouse.command("SELECT count() FROM te_ops.files") == 6  # 2 × SEEN, STORED, STORED as …


def test_while_a_delivery_is_queued_no_second_one_is_asked_for(watch: Watch) -> None:
    confirmations_in(watch.inbox)
    watch.queue("deliver_confirmations")

    assert watch.reason("landing") == f"1 files in {watch.inbox}, 0 still growing, 1 publications wait for a run"


def test_a_delivered_workbook_is_not_asked_for_even_if_the_cursor_is_thrown_away(watch: Watch) -> None:
    confirmations_in(watch.inbox)
    watch.tick("landing")
    client = watch.stack.clickhouse
    (waiting,) = waiting_publications(client, "confirmations")
    record(client, [replace(waiting, state="PUBLISHED")])

    assert watch.reason("landing", None).endswith("0 publications wait for a run")
    assert watch.reason("landing", "not the cursor of this sensor").endswith("0 publications wait for a run")


def test_a_failed_delivery_pauses_and_is_asked_for_again_under_another_key(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmations_in(watch.inbox)
    (request,) = watch.requests("landing")
    watch.fail(request)

    assert watch.reason("landing").endswith("1 publications wait for a run")

    end_pauses(monkeypatch)
    (again,) = watch.requests("landing")
    assert again.run_key == f"{request.run_key}#1"
    assert again.tags == request.tags


def test_another_workbook_beside_a_failed_one_is_another_request(watch: Watch) -> None:
    """A delivery failed at night; the day's workbooks must not wait until its pause is over."""
    confirmations_in(watch.inbox)
    (request,) = watch.requests("landing")
    watch.fail(request)
    confirmations_in(watch.inbox, 2)

    (other,) = watch.requests("landing")
    assert other.run_key is not None
    assert other.run_key != request.run_key
    assert "#" not in other.run_key
