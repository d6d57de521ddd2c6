"""The same exports in any order, split, merged, sent twice: the same marts, to the last digit."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from clickhouse_connect.driver.client import Client

from te_assets.contracts.catalog import load_contracts
from te_assets.contracts.compilation import compile_typing
from te_assets.lake.current import restate_current
from te_assets.lake.history import type_history
from te_assets.lake.marts import MARTS, MARTS_OF, compute, swap
from te_assets.lake.models import MODELS
from te_assets.lake.touched import clear, contiguous_pieces, waiting_days
from te_assets.site.profile import parse_site
from te_assets.site.tables import apply_site
from te_assets_tests.lake.confirmations import confirmed
from te_assets_tests.lake.emptying import Emptying
from te_assets_tests.lake.raw_rows import RawLog
from te_assets_tests.lake.test_history import SITE, stop

pytestmark = [pytest.mark.stack, pytest.mark.long]

CONTRACTS = {"interactions": "operator_log@2", "confirmations": "sap_confirmations@2"}
WHOSE = ("file_sha256", "sheet", "row", "topic_id", "partition", "offset", "line")  # the file differs, not what it says
Marts = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Export:
    """A workbook of one model."""

    name: str
    model: str
    at: datetime
    rows: tuple[Mapping[str, Any], ...]


def at(day: int) -> datetime:
    return datetime(2026, 3, day, 12, tzinfo=UTC)


FIRST_LOG = Export(
    "first log",
    "interactions",
    at(4),
    (
        stop(1, "2026-03-02T07:00:00", "2026-03-02T08:00:00"),
        stop(2, "2026-03-02T21:00:00"),  # open
        stop(3, "2026-03-03T07:00:00", "2026-03-03T07:30:00", work_center="W2"),
    ),
)
CORRECTED_LOG = Export(
    "corrected log",
    "interactions",
    at(5),
    (
        stop(1, "2026-03-03T05:00:00", "2026-03-03T07:00:00"),  # moved over the start of the day
        stop(2, "2026-03-02T21:00:00", "2026-03-03T15:00:00", reason_code="410"),
    ),
)
OTHER_MACHINE = Export(
    "other machine",
    "interactions",
    at(5),
    (stop(4, "2026-03-03T12:00:00", "2026-03-03T13:00:00", work_center="W2"),),
)
CORRECTED_AGAIN = replace(CORRECTED_LOG, name="corrected log, exported again", at=at(6))
FIRST_LIST = Export(
    "first list", "confirmations", at(4), (confirmed("2026-03-02", "1"), confirmed("2026-03-03", "2", good_qty=7))
)
REVERSAL = Export(
    "reversal",
    "confirmations",
    at(5),
    (
        confirmed("2026-03-03", "3", cancelled_counter="1"),
        confirmed("2026-03-03", "4", good_qty=90, scrap_qty=14, operation="0020"),
    ),
)
LOGS = (FIRST_LOG, CORRECTED_LOG, OTHER_MACHINE, CORRECTED_AGAIN)
LISTS = (FIRST_LIST, REVERSAL)
ALL = (*LOGS, *LISTS)


def split(exports: Sequence[Export]) -> list[Export]:
    """A file per row."""
    return [
        replace(export, name=f"{export.name}, row {number}", rows=(row,))
        for export in exports
        for number, row in enumerate(export.rows)
    ]


def merged(exports: Sequence[Export]) -> list[Export]:
    """A file per model and export time."""
    together: dict[tuple[str, datetime], Export] = {}
    for export in exports:
        key = export.model, export.at
        known = together.get(key)
        together[key] = export if known is None else replace(known, name="merged", rows=(*known.rows, *export.rows))
    return list(together.values())


def twice(exports: Sequence[Export]) -> list[Export]:
    """Each file again under another name, the newest first."""
    return [*exports, *(replace(export, name=f"{export.name} again") for export in reversed(exports))]


class Lake:
    """Takes exports in the order in which they come; restates after each, or once at the end."""

    def __init__(self, client: Client, emptying: Emptying) -> None:
        self.client, self.emptying, self.site = client, emptying, parse_site(SITE)
        catalog = load_contracts(None)
        self.typing = {
            model: {name: compile_typing(catalog.get(name), self.site.places())} for model, name in CONTRACTS.items()
        }

    def marts(self, exports: Sequence[Export], *, restate_each: bool = False) -> Marts:
        """What the marts hold after the exports came into an empty lake."""
        self.emptying(self.client)
        apply_site(self.client, self.site, today=date(2026, 3, 31))
        logs = {model: RawLog(self.client, MODELS[model], name) for model, name in CONTRACTS.items()}
        for number, export in enumerate(exports, 1):
            logs[export.model].file(export.name, export.at, export.rows, period=("2026-03-02", "2026-03-04"))
            type_history(self.client, MODELS[export.model], self.typing[export.model], run_id="test")
            if restate_each or number == len(exports):
                self._restate()
        return {mart: self._rows(mart) for mart in MARTS}

    def _restate(self) -> None:
        for model, marts in MARTS_OF.items():
            for piece in contiguous_pieces(waiting_days(self.client, model), 31):
                run_id = uuid4().hex
                restate_current(self.client, MODELS[model], piece, run_id=run_id)
                compute(self.client, marts, piece.first, piece.last, run_id=run_id)
                for mart in marts:
                    swap(self.client, mart, run_id, piece.days)
                clear(self.client, model, run_id, piece.days)

    def _rows(self, mart: str) -> list[tuple[Any, ...]]:
        without = ", ".join(("refreshed_at", "run_id", *(WHOSE if mart == "stops" else ())))
        found = self.client.query(f"SELECT * EXCEPT ({without}) FROM te_marts.{mart} ORDER BY ALL").result_rows
        return [tuple(row) for row in found]


@pytest.fixture
def lake(clickhouse: Client, emptying: Emptying) -> Lake:
    return Lake(clickhouse, emptying)


@pytest.fixture
def expected(lake: Lake) -> Marts:
    marts = lake.marts(ALL)
    assert [row[4:6] for row in marts["stops"] if row[4] == "1"] == [("1", "technical")] * 2  # moved, in two days
    assert len(marts["scrap_rate"]) == 2  # counters 2 and 4
    return marts


@pytest.mark.parametrize("rearrange", [split, merged, twice])
def test_rearranged_exports_give_the_same_marts(lake: Lake, expected: Marts, rearrange: Any) -> None:
    assert lake.marts(rearrange(ALL), restate_each=rearrange is merged) == expected


@pytest.mark.timeout(1200)
def test_every_order_of_exports_gives_the_same_marts(lake: Lake, expected: Marts) -> None:
    """All orders of the logs, each with the lists before or after them, in one order or the other."""
    ways = itertools.cycle([(LISTS, True), (LISTS[::-1], False), (LISTS, False), (LISTS[::-1], True)])
    for number, (logs, (lists, come_first)) in enumerate(zip(itertools.permutations(LOGS), ways, strict=False)):
        order = (*lists, *logs) if come_first else (*logs, *lists)
        assert lake.marts(order, restate_each=number % 5 == 0) == expected, [export.name for export in order]
