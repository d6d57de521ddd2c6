"""What a company delivers while it happens: each fact when it is known, the same whenever it is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from te_assets.contracts.catalog import load_contracts
from te_assets.gateway.events import SOURCES, event_model, parse
from te_assets.simulator.live import EventsDue, FileDue, LiveCompany, live_company
from te_assets.simulator.pace import deliver

START = date(2026, 3, 3)
HOUR = 3_600_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> LiveCompany:
    return live_company(tmp_path_factory.mktemp("live"), days=2, plants=2, seed=5, start=START, step=HOUR)


def events(made: LiveCompany, model: str) -> list[tuple[int, Mapping[str, Any]]]:
    return [
        (piece.due, event)
        for piece in made.pieces
        if isinstance(piece, EventsDue) and piece.model == model
        for event in piece.events
    ]


def instant(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def test_pieces_stand_in_order_of_time_and_each_has_a_key_of_its_own(made: LiveCompany) -> None:
    keys = Counter(piece.key for piece in made.pieces if isinstance(piece, EventsDue))

    assert all(earlier.due <= later.due for earlier, later in pairwise(made.pieces))
    assert set(keys.values()) == {1}


def test_a_stop_is_told_when_it_begins_and_again_when_it_ends(made: LiveCompany) -> None:
    told: dict[str, list[tuple[int, Mapping[str, Any]]]] = {}
    for due, stop in events(made, "interactions"):
        told.setdefault(stop["interaction_id"], []).append((due, stop))
    twice = [versions for versions in told.values() if len(versions) == 2]

    assert len(twice) > 10
    for (begun, first), (ended, last) in twice:
        assert "ended_at" not in first
        assert begun - HOUR < instant(first["started_at"]) <= begun
        assert ended - HOUR < instant(last["ended_at"]) <= ended
        assert {**first, "ended_at": last["ended_at"]} == last
    for ((due, only),) in (versions for versions in told.values() if len(versions) == 1):
        # within one step, or it lasts beyond the last day
        assert "ended_at" not in only or instant(only["started_at"]) > due - HOUR


def test_a_confirmation_is_told_once_when_it_is_entered(made: LiveCompany) -> None:
    told = events(made, "confirmations")
    ids = Counter((event["confirmation"], event["counter"]) for _, event in told)

    assert set(ids.values()) == {1}
    for due, event in told:
        assert due - HOUR < instant(event["entered_at"]) <= due
        assert instant(event["started_at"]) < instant(event["finished_at"]) < instant(event["entered_at"])


def test_each_day_of_each_plant_is_exported_when_it_is_over(made: LiveCompany) -> None:
    files = [(piece.due, piece.path.name.split("_exported")[0]) for piece in made.pieces if isinstance(piece, FileDue)]

    assert sorted(name for _, name in files) == sorted(
        f"{title}_{plant}_{day}_{day}"
        for plant, titles in (("1000", ("Störungen", "Rückmeldungen")), ("2000", ("Interactions", "Confirmations")))
        for title in titles
        for day in ("2026-03-03", "2026-03-04")
    )
    for due, name in files:
        assert due > instant(f"{name[-10:]}T00:00:00+00:00") + 24 * HOUR


@pytest.mark.parametrize("model", ["interactions", "confirmations"])
def test_every_event_fits_the_interface(made: LiveCompany, model: str) -> None:
    contract = load_contracts(None).of_source(SOURCES[model])  # type: ignore[index]
    sent = [event for _, event in events(made, model)]

    assert len(sent) > 50
    for begin in range(0, len(sent), 1000):
        parse(event_model(contract), sent[begin : begin + 1000])


def test_the_same_company_delivers_the_same(made: LiveCompany, tmp_path: Path) -> None:
    again = live_company(tmp_path, days=2, plants=2, seed=5, start=START, step=HOUR)

    def sent(company: LiveCompany) -> list[object]:
        return [piece if isinstance(piece, EventsDue) else piece.path.read_bytes() for piece in company.pieces]

    assert sent(again) == sent(made)


@dataclass
class Wall:
    """A clock, and a gateway that looks at it."""

    at: float
    seen: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.at

    def pause(self, seconds: float) -> None:
        assert seconds > 0
        self.at += seconds

    def send_events(self, model: str, events: Sequence[Mapping[str, Any]], *, key: str) -> int:
        self.seen.append(self.at)
        return len(events)

    def send_file(self, path: Path) -> None:
        self.seen.append(self.at)


DAY = datetime(2026, 3, 3, tzinfo=UTC)
PIECES = [
    EventsDue(round((DAY + timedelta(hours=hour)).timestamp() * 1000), "interactions", ({}, {}), str(hour))
    for hour in (1, 2, 12)
] + [FileDue(round((DAY + timedelta(hours=24)).timestamp() * 1000), Path("a.xlsx"))]
BEGINS = round(DAY.timestamp() * 1000)


def test_a_fast_clock_begins_with_the_first_day() -> None:
    wall = Wall((DAY + timedelta(days=10)).timestamp())
    begun = wall.at

    done = deliver(PIECES, wall, begins=BEGINS, speed=3600, now=wall.now, pause=wall.pause)

    assert [round(at - begun, 3) for at in wall.seen] == [1, 2, 12, 24]
    assert (done.events, done.files) == (6, 1)


def test_a_fast_clock_waits_for_what_lies_ahead() -> None:
    """The lake refuses events of the future."""
    wall = Wall((DAY + timedelta(hours=6)).timestamp())

    deliver(PIECES, wall, begins=BEGINS, speed=3600, now=wall.now, pause=wall.pause)

    assert [round((at - DAY.timestamp()) / 3600, 2) for at in wall.seen] == [6, 6, 12, 24]


def test_at_speed_one_what_is_over_comes_at_once_and_the_rest_in_its_time() -> None:
    wall = Wall((DAY + timedelta(hours=3)).timestamp())

    deliver(PIECES, wall, begins=BEGINS, speed=1, now=wall.now, pause=wall.pause)

    assert [(at - DAY.timestamp()) / 3600 for at in wall.seen] == [3, 3, 12, 24]
