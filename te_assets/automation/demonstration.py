"""The demo: own home, own servers, a simulated company, the Dagster assets, the comparison with the truth."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from te_assets.automation.comparison import TABLES, Difference, PlantFigure, differences, plant_figures
from te_assets.automation.ingesting import FileReport, ingest
from te_assets.settings import Settings, isolated


@dataclass(frozen=True)
class Outcome:
    """What the demo found.

    Attributes:
        differences: Rows of the marts, or counts of files, that are not what the truth says.
        compared: Rows of the marts that were compared.
    """

    reports: Sequence[FileReport]
    figures: Sequence[PlantFigure]
    differences: Sequence[Difference]
    compared: int

    @property
    def agrees(self) -> bool:
        """Whether everything is what the truth says."""
        return not self.differences and all(figure.agrees for figure in self.figures) and self.compared > 0


def run_demo(settings: Settings, *, days: int, seed: int, start: date, say: Callable[[str], None]) -> Outcome:
    """Run the demo in `$TE_HOME/demo`.

    Args:
        settings: Its home is the parent of the demo's.
        days: Production days to simulate.
        seed: Of the simulation.
        start: First production day.
        say: Takes a line of progress.

    Raises:
        StackError: The servers could not be started.
        RunFailed: A Dagster run failed.
    """
    from te_assets.simulator.run import simulate
    from te_assets.stack.connect import clickhouse_client, endpoints

    home = settings.home_dir / "demo"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    say(f"simulating {days} production days of two plants")
    made = simulate(home / "company", days=days, plants=2, seed=seed, start=start)
    with isolated(home, made.site) as own, servers(own, say):
        reports = ingest(own, [path for path in made.workbooks if path not in made.late], say=say)
        if made.late:
            say("what comes weeks late: an old week, and another one again with corrections")
            reports += ingest(own, made.late, say=say)
        say("comparing with the truth")
        client = clickhouse_client(endpoints(own))
        try:
            truth = made.truth.marts
            wrong = [*differences(client, truth), *_count_differences(made.truth.files, reports)]
            sizes = [client.query(f"SELECT count() FROM te_marts.{table.name}").result_rows[0][0] for table in TABLES]
            return Outcome(reports, plant_figures(client, truth), wrong, sum(sizes))
        finally:
            client.close()


@contextmanager
def servers(settings: Settings, say: Callable[[str], None]) -> Iterator[None]:
    """Kafka and ClickHouse of a home, with databases and topics, for as long as the block lasts."""
    from te_assets.stack.connect import endpoints
    from te_assets.stack.home import Home
    from te_assets.stack.provision import provision
    from te_assets.stack.services import build, to_start
    from te_assets.stack.supervisor import Supervisor

    home = Home.open(settings)
    names = to_start(settings, ("kafka", "clickhouse"))
    with Supervisor(home, build(names, home, settings, say), progress=say):
        provision(endpoints(settings), settings.kafka_replication_factor)
        yield


def _count_differences(truth: Path, reports: Sequence[FileReport]) -> Iterator[Difference]:
    """Files whose counts of rows are not what the simulator wrote."""
    import polars as pl

    found: Mapping[str, FileReport] = {report.sha256: report for report in reports}
    for row in pl.read_parquet(truth).iter_rows(named=True):
        report = found[row["sha256"]]
        expected = {name: row[name] for name in ("rows_read", "accepted", "rejected", "skipped", "duplicates")}
        actual = {
            "rows_read": report.read,
            "accepted": report.accepted,
            "rejected": report.rejected,
            "skipped": report.skipped,
            "duplicates": report.duplicates,
        }
        if actual != expected or report.difference:
            yield Difference("files", (row["file"],), actual, expected)
