"""Receipts and outcomes: the same answer as before, also after a restart."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from te_assets.gateway.receipts import KEPT, Outcome, Receipts, opened
from te_assets.web.problems import Problem

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "receipts.sqlite"


@pytest.fixture
def receipts(path: Path) -> Iterator[Receipts]:
    with opened(path) as receipts:
        yield receipts


def test_the_first_receipt_of_a_file_counts(receipts: Receipts) -> None:
    assert receipts.receipt("aa") is None
    assert receipts.give("aa", "first") == ("first", True)
    assert receipts.give("aa", "second") == ("first", False)
    assert receipts.receipt("aa") == "first"


def test_of_many_at_once_one_is_new(receipts: Receipts) -> None:
    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(lambda n: receipts.give("aa", str(n)), range(40)))

    assert sum(is_new for _, is_new in given) == 1
    assert len({receipt for receipt, _ in given}) == 1


def test_a_receipt_waits_to_be_announced_also_after_a_restart(path: Path) -> None:
    with opened(path) as receipts:
        receipts.give("aa", "A")
        receipts.give("bb", "B")
        receipts.announced("aa")
    with opened(path) as receipts:
        assert receipts.to_announce() == ["B"]
        receipts.announced("bb")
        assert receipts.to_announce() == []
        assert receipts.receipt("bb") == "B"


def test_a_key_gives_what_became_of_it(path: Path) -> None:
    with opened(path) as receipts:
        assert receipts.claim("mes", "k", "request", AT) is None
        assert receipts.claim("mes", "k", "request", AT + timedelta(hours=1)) == Outcome(AT, None, None)
        receipts.end("mes", "k", 202, "{}")
    with opened(path) as receipts:
        assert receipts.claim("mes", "k", "request", AT + timedelta(hours=2)) == Outcome(AT, 202, "{}")


def test_a_key_belongs_to_its_bearer(receipts: Receipts) -> None:
    receipts.claim("mes", "k", "request", AT)

    assert receipts.claim("robot", "k", "another request", AT) is None


def test_a_key_of_another_request_is_refused(receipts: Receipts) -> None:
    receipts.claim("mes", "k", "request", AT)

    with pytest.raises(Problem) as caught:
        receipts.claim("mes", "k", "another request", AT)
    assert (caught.value.status, caught.value.kind) == (422, "key-used")


def test_outcomes_are_forgotten_after_a_week_and_receipts_are_not(receipts: Receipts) -> None:
    receipts.give("aa", "A")
    receipts.claim("mes", "old", "request", AT)
    receipts.claim("mes", "new", "request", AT + timedelta(seconds=1))

    assert receipts.forget(AT + KEPT + timedelta(milliseconds=1)) == 1
    assert receipts.claim("mes", "old", "another request", AT) is None
    assert receipts.claim("mes", "new", "request", AT) == Outcome(AT + timedelta(seconds=1), None, None)
    assert receipts.receipt("aa") == "A"
