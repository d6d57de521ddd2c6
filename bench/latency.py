"""`python -m bench.latency`: seconds from an event or a small file to the row in the mart, on the whole stack.

Kafka, ClickHouse and Dagster run as `te-assets up` runs them; nothing but the sensors asks for runs. Events and files
come at random moments, so that they meet the sensors in every state.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from te_assets.site.calendar import production_day_at
from te_assets.stack.connect import clickhouse_client, endpoints, kafka_config

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from te_assets.settings import Settings
    from te_assets.site.model import Plant

LOOK_SECONDS: Final = 0.1
GIVE_UP_SECONDS: Final = 120.0
PAUSES: Final = (0.5, 8.0)  # seconds before the next one, at random
EVENT_GOALS: Final = {"median": 5.0, "p95": 8.0}
FILE_GOALS: Final = {"median": 10.0}
SEED: Final = 20_261_129


class NotShown(RuntimeError):
    """Something did not come to its mart in time."""


@dataclass(frozen=True)
class Latencies:
    """Seconds of one kind, in the order in which they were measured."""

    kind: str
    seconds: tuple[float, ...]

    def at(self, name: str) -> float:
        """`median`, `p95` or `longest`."""
        ordered = sorted(self.seconds)
        return {
            "median": statistics.median(ordered),
            "p95": ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))],
            "longest": ordered[-1],
        }[name]


@contextmanager
def whole_stack(say: Callable[[str], None], site: Path | None = None) -> Iterator[Settings]:
    """Kafka, ClickHouse and Dagster of a home of its own, with the simulator's site unless another is named."""
    from te_assets.settings import Settings, isolated
    from te_assets.stack.home import Home
    from te_assets.stack.services import build, to_start
    from te_assets.stack.supervisor import Supervisor

    with (
        tempfile.TemporaryDirectory(prefix="te-latency-", ignore_cleanup_errors=True) as folder,
        isolated(Path(folder) / "home", site or Settings().site_dir) as settings,
    ):
        home = Home.open(settings)
        with Supervisor(home, build(to_start(settings), home, settings, say), progress=say):
            yield settings


def until_shown(client: Client, query: str, since: float) -> float:
    """Seconds from `since` until the query finds a row."""
    while not client.query(query).result_rows:
        if time.perf_counter() - since > GIVE_UP_SECONDS:
            raise NotShown(f"not in its mart after {GIVE_UP_SECONDS:.0f} s: {query}")
        time.sleep(LOOK_SECONDS)
    return time.perf_counter() - since


def events(
    settings: Settings, client: Client, plant: Plant, number: int, chance: random.Random, name: str = "EVENT"
) -> Iterator[float]:
    """Publish interactions one by one; seconds from Kafka's acknowledgement to the row in te_marts.stops."""
    from te_assets.delivery.envelope import event_message
    from te_assets.delivery.publisher import publish_events

    kafka, centers = kafka_config(endpoints(settings)), _centers(plant)
    for n in range(number):
        time.sleep(chance.uniform(*PAUSES))
        center, ended = chance.choice(centers), datetime.now(UTC) - timedelta(minutes=2)
        started = ended - timedelta(minutes=7)
        days = {production_day_at(plant, instant).isoformat() for instant in (started, ended)}
        event = {
            "plant": plant.id,
            "work_center": center,
            "interaction_id": f"{name}-{n}",
            "started_at": started.isoformat(),
            "ended_at": ended.isoformat(),
        }
        message = event_message(
            "interactions",
            event,
            machine=f"{plant.id}/{center}",
            event_id=f"{name}-{n}",
            time=datetime.now(UTC),
            contract="operator_log@2",
            days=tuple(sorted(days)),
        )
        publish_events(kafka, [message])
        yield until_shown(
            client, f"SELECT 1 FROM te_marts.stops WHERE interaction_id = '{name}-{n}'", time.perf_counter()
        )


def files(settings: Settings, client: Client, plant: Plant, number: int, chance: random.Random) -> Iterator[float]:
    """Rename small workbooks into the inbox; seconds to their row in te_marts.stops."""
    from openpyxl import Workbook

    inbox, centers = settings.inbox_dir, _centers(plant)
    inbox.mkdir(parents=True, exist_ok=True)
    for n in range(number):
        time.sleep(chance.uniform(*PAUSES))
        ended = datetime.now(UTC).replace(tzinfo=None, microsecond=0) - timedelta(hours=8)
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.append(["Plant", "Work Center", "Interaction ID", "Start", "End", "Reason Code"])
        for row in range(20):
            start = ended - timedelta(minutes=10 * (row + 1))
            end = start + timedelta(minutes=chance.randint(1, 9))
            sheet.append([plant.id, chance.choice(centers), f"FILE-{n}-{row}", start, end, "110"])
        aside = inbox / f".log-{n}.xlsx"
        book.save(aside)
        aside.rename(inbox / f"log-{n}.xlsx")
        yield until_shown(
            client, f"SELECT 1 FROM te_marts.stops WHERE interaction_id = 'FILE-{n}-0'", time.perf_counter()
        )


def _centers(plant: Plant) -> list[str]:
    return [center.id for center in plant.work_centers]


@click.command()
@click.option("--events", "event_number", default=30, show_default=True, help="Events to publish.")
@click.option("--files", "file_number", default=30, show_default=True, help="Workbooks to drop.")
def main(event_number: int, file_number: int) -> None:
    """Time events and small files from their arrival to the mart, at random moments."""
    from te_assets.profile import Profile

    chance, measured = random.Random(SEED), []
    with whole_stack(say) as settings:
        client = clickhouse_client(endpoints(settings))
        plant = Profile.of(settings).site().plants[0]
        for kind, number, send in (("event", event_number, events), ("file", file_number, files)):
            seconds = []
            for second in send(settings, client, plant, number, chance):
                seconds.append(second)
                say(f"{kind} {len(seconds)}: {second:.1f} s")
            if seconds:
                measured.append(Latencies(kind, tuple(seconds)))
        client.close()
    report(measured)


def report(measured: Sequence[Latencies]) -> None:
    """Print what was measured beside the goals."""
    for one in measured:
        goals = EVENT_GOALS if one.kind == "event" else FILE_GOALS
        click.echo(f"{one.kind} → mart, {len(one.seconds)} at random moments:")
        for name in ("median", "p95", "longest"):
            goal = goals.get(name)
            verdict = "" if goal is None else f"  goal {goal:g} s: {'reached' if one.at(name) <= goal else 'short'}"
            click.echo(f"  {name:8} {one.at(name):6.2f} s{verdict}")


def say(line: str) -> None:
    """A line of progress."""
    click.echo(line, err=True)


if __name__ == "__main__":
    main()
