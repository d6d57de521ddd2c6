"""`python -m bench.backlog`: what a backlog of a million confirmations does to those who wait for an event.

A workbook of 1 M rows is dropped into the inbox of the whole stack. Until it is in its marts, interactions are
published at random moments and timed to their row in the mart; so is an event of the model of the backlog itself.
"""

from __future__ import annotations

import random
import shutil
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import click

from bench.files import BulkFile, bulk_file, bulk_site
from bench.latency import SEED, Latencies, events, report, say, until_shown, whole_stack
from te_assets.delivery.envelope import event_message
from te_assets.delivery.publisher import publish_events
from te_assets.profile import Profile
from te_assets.stack.connect import clickhouse_client, endpoints, kafka_config

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from te_assets.settings import Settings
    from te_assets.site.model import Plant

OWN_GOAL: Final = 60.0  # seconds from the backlog's end to an event of the same model
MOST_EVENTS: Final = 60
LONGEST: Final = 900.0  # seconds that a backlog may take


class Backlog:
    """Watches a workbook on its way, on a thread of its own."""

    def __init__(self, settings: Settings, file: BulkFile) -> None:
        """The watch begins at once."""
        self.seconds: float | None = None
        self._settings = settings
        self._rows = file.expected.rows
        self._begun = time.perf_counter()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    @property
    def is_over(self) -> bool:
        """Whether the marts show all of it, or the time is over."""
        return not self._thread.is_alive()

    @property
    def ended_at(self) -> float:
        """On the clock of `time.perf_counter`."""
        assert self.seconds is not None, f"the backlog was not in its marts within {LONGEST:.0f} s"
        return self._begun + self.seconds

    def wait(self) -> None:
        """Until it is over."""
        self._thread.join()

    def _watch(self) -> None:
        client = clickhouse_client(endpoints(self._settings))
        shown = "SELECT sum(confirmations) FROM te_marts.scrap_rate WHERE material != 'LATE'"
        while time.perf_counter() - self._begun < LONGEST:
            if (client.query(shown).result_rows[0][0] or 0) >= self._rows:
                self.seconds = time.perf_counter() - self._begun
                break
            time.sleep(0.5)
        client.close()


def publish_confirmation(settings: Settings, plant: Plant) -> None:
    """One confirmation of today, of an order that no workbook knows."""
    now = datetime.now(UTC) - timedelta(minutes=2)
    center = plant.work_centers[0].id
    event = {
        "plant": plant.id,
        "work_center": center,
        "order_id": "999999999999",
        "operation": "0010",
        "confirmation": "0999999999",
        "counter": "00000001",
        "material": "LATE",
        "unit": "ST",
        "good_qty": 7,
        "scrap_qty": 1,
        "finished_at": now.isoformat(),
    }
    message = event_message(
        "confirmations",
        event,
        machine=f"{plant.id}/{center}",
        event_id="late",
        time=datetime.now(UTC),
        contract="sap_confirmations@2",
        days=(now.date().isoformat(),),
    )
    publish_events(kafka_config(endpoints(settings)), [message])


def others_meanwhile(settings: Settings, client: Client, plant: Plant, backlog: Backlog) -> list[float]:
    """Seconds of interactions that are published while the backlog is worked off."""
    seconds: list[float] = []
    for second in events(settings, client, plant, MOST_EVENTS, random.Random(SEED)):
        if backlog.is_over:
            break
        seconds.append(second)
        say(f"interaction {len(seconds)}: {second:.1f} s")
    return seconds


def runs_of(client: Client) -> Sequence[str]:
    """Runs that loaded confirmations, with their lines, oldest first."""
    rows = client.query(
        "SELECT run_id, sum(lines) FROM te_ops.load_ledger WHERE topic = 'te.confirmations.v1' AND state = 'LOADED' "
        "GROUP BY run_id ORDER BY min(at)"
    ).result_rows
    return [f"{run[:8]} {lines:,} lines" for run, lines in rows]


@click.command()
@click.option("--rows", default=1_000_000, show_default=True, help="Rows of the backlog.")
def main(rows: int) -> None:
    """Time events of both models while a backlog of confirmations is worked off."""
    file = bulk_file(rows)
    with TemporaryDirectory(prefix="te-backlog-") as folder, whole_stack(say, bulk_site(Path(folder))) as settings:
        client = clickhouse_client(endpoints(settings))
        plant = Profile.of(settings).site().plants[0]
        for second in events(settings, client, plant, 2, random.Random(SEED + 1), "WARM"):  # the first one warms up
            say(f"before the backlog: {second:.1f} s")
        settings.inbox_dir.mkdir(parents=True, exist_ok=True)
        aside = settings.inbox_dir / ".backlog.xlsx"
        shutil.copyfile(file.path, aside)
        aside.rename(settings.inbox_dir / "backlog.xlsx")
        backlog = Backlog(settings, file)
        late = threading.Timer(15.0, publish_confirmation, (settings, plant))
        late.start()
        meanwhile = others_meanwhile(settings, client, plant, backlog)
        backlog.wait()
        until_shown(client, "SELECT 1 FROM te_marts.scrap_rate WHERE material = 'LATE'", time.perf_counter())
        own = max(time.perf_counter() - backlog.ended_at, 0.0)
        loaded = runs_of(client)
        client.close()
    click.echo(f"{rows:,} rows from the inbox to their marts: {backlog.seconds:.1f} s, loaded in {len(loaded)} runs:")
    for line in loaded:
        click.echo(f"  {line}")
    report([Latencies("event", tuple(meanwhile))])
    verdict = "reached" if own <= OWN_GOAL else "short"
    click.echo(f"event of the same model, published amid the backlog, shown {own:.1f} s after its end")
    click.echo(f"  goal {OWN_GOAL:g} s: {verdict}")


if __name__ == "__main__":
    main()
