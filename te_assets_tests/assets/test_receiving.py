"""Files that arrive: landed once, judged, put on record; the inbox and its cursor."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from te_assets.assets.receiving import InboxSeen, Received, receive, receive_inbox
from te_assets.contracts.catalog import load_contracts
from te_assets.contracts.model import Contract
from te_assets.intake.landing import FileUnavailable, LandingStore
from te_assets.workbook.request import OperatorPolicy
from te_assets_tests.assets.deliveries import (
    CONFIRMATIONS_HEADER,
    STOPS_HEADER,
    confirmation,
    confirmation_book,
    name_of,
    stop,
    wall,
    write,
    write_bad,
)
from te_assets_tests.conftest import Stack

pytestmark = pytest.mark.stack

EXPORTED = datetime(2026, 3, 9, 6, tzinfo=UTC)
DAY = date(2026, 3, 3)


class Post:
    """Receives files into a lake and a landing store, as sensor and command line do."""

    def __init__(self, stack: Stack, folder: Path) -> None:
        self.client, self.store = stack.clickhouse, LandingStore(folder / "landing")
        self.inbox = folder / "inbox"
        self.inbox.mkdir()
        self.contracts: Sequence[Contract] = load_contracts(None).newest
        self._operator = OperatorPolicy("drop")

    def receive(self, path: Path, only: str | None = None) -> Received:
        return receive(self.client, self.store, path, self.contracts, self._operator, only=only)

    def look(self, cursor: str | None = None) -> InboxSeen:
        return receive_inbox(self.client, self.store, self.inbox, self.contracts, self._operator, cursor)

    def states(self) -> dict[str, list[str]]:
        """States of the file itself and of its publications, per file name, in order."""
        rows = self.client.query("SELECT name, contract, state FROM te_ops.files ORDER BY at, state").result_rows
        found: dict[str, list[str]] = {}
        for name, contract, state in rows:
            found.setdefault(name, []).append(f"{state} {contract}".strip())
        return found

    def confirmations(self, number: int = 1) -> Path:
        path = self.inbox / name_of(f"Confirmations {number}", EXPORTED)
        return confirmation_book(path, [confirmation(number, DAY)])


@pytest.fixture
def post(stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Post:
    monkeypatch.setattr("te_assets.assets.receiving.QUIET_SECONDS", 0.0)
    return Post(stack, tmp_path)


def test_a_workbook_is_landed_and_each_publication_is_on_record(post: Post) -> None:
    path = post.confirmations()
    received = post.receive(path)
    (publication,) = received.publications

    assert received.rejection is None
    assert not received.was_known
    assert (publication.state, publication.contract, publication.model) == (
        "STORED",
        "sap_confirmations@2",
        "confirmations",
    )
    assert (publication.exported_at, publication.exported_at_origin) == (EXPORTED, "file_name")
    assert post.store.path_of(publication.sha256).read_bytes() == path.read_bytes()
    assert post.states() == {publication.name: ["SEEN", "STORED", "STORED sap_confirmations@2"]}


def test_the_same_bytes_under_another_name_give_nothing_new(post: Post) -> None:
    path = post.confirmations()
    first = post.receive(path)
    again = post.receive(Path(shutil.copy(path, post.inbox / "Kopie von Confirmations.xlsx")))

    assert again.was_known
    assert again.publications == first.publications
    assert list(post.states()) == [first.landed.name]


def test_a_workbook_with_two_layouts_gives_a_publication_of_each(post: Post) -> None:
    path = both_layouts(post.inbox)

    assert {p.contract for p in post.receive(path).publications} == {"operator_log@2", "sap_confirmations@2"}


def test_a_source_does_not_hide_the_other_layouts_of_a_workbook_from_later_deliveries(post: Post) -> None:
    """Someone tried one sheet by hand; the nightly mail with the same workbook then brought nothing of the other."""
    path = both_layouts(post.inbox)
    post.receive(path, only="operator_log")
    later = post.receive(path)

    assert {p.contract for p in later.publications} == {"operator_log@2", "sap_confirmations@2"}
    assert not later.was_known


def test_a_published_layout_is_not_stored_again_when_it_is_asked_for_by_name(post: Post) -> None:
    path = both_layouts(post.inbox)
    post.receive(path)
    before = post.states()
    again = post.receive(path, only="operator_log")

    assert again.was_known
    assert [p.contract for p in again.publications] == ["operator_log@2"]
    assert post.states() == before


def test_a_rejected_file_keeps_its_reason_and_is_judged_again_when_it_comes_again(post: Post) -> None:
    """The site added the missing header to its contract and dropped the same file once more."""
    path = confirmation_book(
        post.inbox / name_of("Own", EXPORTED),
        [confirmation(1, DAY)],
        header=[f"Eigene Spalte {number}" for number in range(len(CONFIRMATIONS_HEADER))],
    )
    rejected = post.receive(path)
    own = {f"Eigene Spalte {at}": header for at, header in enumerate(CONFIRMATIONS_HEADER)}
    post.contracts = [with_aliases(contract, own) for contract in post.contracts]
    accepted = post.receive(path)

    assert rejected.publications == ()
    assert rejected.rejection is not None
    assert path.name in rejected.rejection
    assert [p.contract for p in accepted.publications] == ["sap_confirmations@2"]
    assert post.states()[path.name] == ["SEEN", "STORED", "REJECTED", "SEEN", "STORED", "STORED sap_confirmations@2"]
    reason = post.client.command("SELECT reason FROM te_ops.files WHERE state = 'REJECTED'")
    assert reason == rejected.rejection


def test_a_file_that_cannot_be_read_from_disk_leaves_no_trace(post: Post) -> None:
    with pytest.raises(FileUnavailable, match=r"gone\.xlsx: cannot be read"):
        post.receive(post.inbox / "gone.xlsx")

    assert post.states() == {}


def test_a_rejected_file_in_the_inbox_does_not_hold_up_its_neighbours(post: Post) -> None:
    for name in ("empty.xlsx", "password.xlsx", "flipped.xlsx"):
        write_bad(post.inbox, name)
    good = post.confirmations()
    seen = post.look()

    assert (seen.files, seen.unsettled, seen.landed) == (4, 0, 4)
    assert {name: states[-1] for name, states in post.states().items()} == {
        "empty.xlsx": "REJECTED",
        "password.xlsx": "REJECTED",
        "flipped.xlsx": "REJECTED",
        good.name: "STORED sap_confirmations@2",
    }
    assert sorted(path.name for path in post.inbox.iterdir()) == sorted(post.states())


def test_a_look_with_the_cursor_takes_nothing_twice(post: Post) -> None:
    post.confirmations()
    write_bad(post.inbox, "empty.xlsx")
    first = post.look()
    before = post.states()
    second = post.look(first.cursor)

    assert (second.files, second.landed) == (2, 0)
    assert post.states() == before


def test_without_its_cursor_a_look_finds_every_workbook_known(post: Post) -> None:
    post.confirmations()
    post.look()
    before = post.states()

    for lost in (
        None,
        "",
        "{",
        "[]",
        "7",
        '{"a.xlsx": 7}',
        '{"a.xlsx": [{"size": 1}, true]}',
        '{"a.xlsx": [[1], true]}',
    ):
        assert post.look(lost).landed == 1
    assert post.states() == before


def test_a_file_replaced_under_its_name_is_taken_again(post: Post) -> None:
    path = post.confirmations(1)
    first = post.look()
    confirmation_book(path, [confirmation(1, DAY, good=91)])
    second = post.look(first.cursor)

    assert second.landed == 1
    assert post.client.command("SELECT uniqExact(sha256) FROM te_ops.files") == 2


def test_a_file_that_is_gone_leaves_the_cursor(post: Post) -> None:
    path = post.confirmations(1)
    first = post.look()
    path.unlink()
    second = post.look(first.cursor)

    assert list(json.loads(first.cursor)) == [path.name]
    assert (second.files, second.cursor) == (0, "{}")


def test_a_file_that_still_grows_is_taken_at_a_later_look(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    post.confirmations()
    monkeypatch.setattr("te_assets.assets.receiving.QUIET_SECONDS", 3600.0)
    first = post.look()
    monkeypatch.setattr("te_assets.assets.receiving.QUIET_SECONDS", 0.0)
    second = post.look(first.cursor)

    assert (first.unsettled, first.landed) == (1, 0)
    assert (second.unsettled, second.landed) == (0, 1)


def test_an_inbox_that_does_not_exist_has_no_files(post: Post) -> None:
    post.inbox.rmdir()

    assert post.look() == InboxSeen(0, 0, 0, "{}")


def both_layouts(folder: Path) -> Path:
    sheets = {
        "Stops": [STOPS_HEADER, stop(1, wall(DAY, 8), wall(DAY, 9))],
        "COOIS": [CONFIRMATIONS_HEADER, confirmation(1, DAY)],
    }
    return write(folder / name_of("Both", EXPORTED), sheets)


def with_aliases(contract: Contract, own: dict[str, str]) -> Contract:
    """The contract with more headers for those that it knows."""
    if contract.feeds != "confirmations":
        return contract
    from te_assets.contracts.headers import dictionary_of

    names = dictionary_of(contract)
    more = {names.field_of(header): alias for alias, header in own.items()}
    columns = {
        field: column.model_copy(update={"aliases": (*column.aliases, *([more[field]] if field in more else []))})
        for field, column in contract.columns.items()
    }
    return contract.model_copy(update={"columns": columns})
