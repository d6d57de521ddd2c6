"""`python -m bench.restatement`: what one touched production day costs, with little and with much history around it.

Rows are made inside ClickHouse, straight into te_raw with their ledger lines; from there they take the way that all
rows take: typed into history, current rows, marts. Cost is to follow the touched day, not the history.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import click

from bench.servers import Servers, servers
from te_assets.stack.connect import clickhouse_client, endpoints

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from te_assets.site.model import Site

FIRST: Final = date(2025, 6, 1)
DAYS: Final = 365
WORK_CENTERS: Final = 60
CONFIRMATIONS_PER_INTERACTION: Final = 5
LINES_PER_MESSAGE: Final = 1_000
ROWS_PER_INSERT: Final = 500_000
GOAL_SECONDS, GOAL_RATIO = 1.0, 3.0
SETTINGS: Final = {"max_partitions_per_insert_block": 0, "async_insert": 0}


@dataclass(frozen=True)
class Curve:
    """One size of history.

    Attributes:
        confirmations: Rows of confirmations.
        interactions: Rows of interactions.
        filled: Seconds to type them into history.
        seconds: Median of restating one day of both models.
        steps: The same by step.
    """

    confirmations: int
    interactions: int
    filled: float
    seconds: float
    steps: dict[str, float]


def bench_site() -> Site:
    """A plant in Berlin with three shifts and a line."""
    from te_assets.site.model import Site

    spans = {"early": ("06:00", "14:00"), "late": ("14:00", "22:00"), "night": ("22:00", "06:00")}
    week = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    shifts = {name: {"starts": begin, "ends": end} for name, (begin, end) in spans.items()}
    period = {"valid_from": FIRST, "shifts": shifts, "week": {day: list(shifts) for day in week}}
    centers = [{"id": f"W{n}", "calendar": "three", "line": "L"} for n in range(WORK_CENTERS)]
    return Site.model_validate(
        {
            "name": "Bench",
            "since": FIRST - timedelta(days=1),
            "plants": [
                {
                    "id": "1000",
                    "time_zone": "Europe/Berlin",
                    "production_day_starts": "06:00",
                    "lines": [{"id": "L", "topology": "parallel"}],
                    "work_centers": centers,
                }
            ],
            "calendars": {"three": {"periods": [period]}},
            "reasons": {
                code: {"class": kind, "text": kind}
                for code, kind in (("T", "technical"), ("O", "organisational"), ("P", "planned"), ("S", "setup"))
            },
        }
    )


def fill(client: Client, model: str, rows: int, sha256: str, exported: str, first: str, seconds: int) -> None:
    """Rows of one file in raw, evenly over the seconds from `first` on, with the ledger lines of a load."""
    from te_assets.lake.models import MODELS
    from te_assets.lake.sql import rendered

    topic, topic_id = MODELS[model].topic, uuid4()
    contract = {"confirmations": "sap_confirmations@2", "interactions": "operator_log@2"}[model]
    statement = rendered((Path(__file__).parent / "sql" / "fill.sql").read_text(encoding="utf-8"), model=model)
    for skip in range(0, rows, ROWS_PER_INSERT):
        client.command(
            statement,
            parameters={
                "topic": topic,
                "topic_id": topic_id,
                "per_message": LINES_PER_MESSAGE,
                "sha256": sha256,
                "contract": contract,
                "exported": exported,
                "first": first,
                "seconds": seconds,
                "rows": rows,
                "skip": skip,
                "chunk": ROWS_PER_INSERT,
                "centers": WORK_CENTERS,
            },
            settings=SETTINGS,
        )
    messages = -(-rows // LINES_PER_MESSAGE)
    step = 50
    lines = [
        [topic, topic_id, 0, lo, min(lo + step, messages) - 1, min(lo + step, messages), step,
         min((lo + step) * LINES_PER_MESSAGE, rows) - lo * LINES_PER_MESSAGE, 0, "LOADED", uuid4()]
        for lo in range(0, messages, step)
    ]  # fmt: skip
    client.insert(
        "te_ops.load_ledger",
        lines,
        column_names=[
            *("topic", "topic_id", "partition", "lo", "hi", "next", "messages", "lines", "hash", "state", "plan_id")
        ],
    )


def type_all(client: Client) -> float:
    """Type what is in raw; seconds."""
    from te_assets.contracts.catalog import load_contracts
    from te_assets.contracts.compilation import compile_typing
    from te_assets.lake.history import type_history
    from te_assets.lake.models import MODELS

    begin = time.perf_counter()
    contracts = load_contracts(None)
    for model in MODELS.values():
        typing = {c.contract_id: compile_typing(c, bench_site().places()) for c in contracts if c.feeds == model.name}
        typed = type_history(client, model, typing, run_id="bench")
        if typed.verdicts.rejected:
            why = client.query("SELECT message, value, payload FROM te_staging.rejected_rows LIMIT 1").result_rows[0]
            raise RuntimeError(f"{typed.verdicts.rejected:,} rows of the benchmark were rejected: {why}")
    return time.perf_counter() - begin


def restate(client: Client, first: date, last: date) -> dict[str, float]:
    """Restate days of both models as the jobs do; seconds by step."""
    from te_assets.assets.graph import MARTS
    from te_assets.lake.concurrently import concurrently
    from te_assets.lake.current import restate_current
    from te_assets.lake.days import drop_shadow
    from te_assets.lake.marts import checks, compute, swap, table_of
    from te_assets.lake.models import MODELS
    from te_assets.lake.touched import DayRange

    steps: dict[str, float] = {}

    def timed(name: str, call: Callable[[], object]) -> None:
        begin = time.perf_counter()
        call()
        steps[name] = steps.get(name, 0.0) + time.perf_counter() - begin

    for model, marts in MARTS.items():
        run_id = uuid4().hex
        days = DayRange(first, last)
        timed(f"current {model}", partial(restate_current, client, MODELS[model], days, run_id=run_id))
        timed(f"marts of {model}", partial(compute, client, marts, first, last, run_id=run_id))
        timed("checks", partial(checks, client, marts, first, last, shadow_suffix=run_id))
        timed("swap", partial(concurrently, [partial(swap, client, mart, run_id, days.days) for mart in marts]))
        for mart in marts:
            drop_shadow(client, table_of(mart), run_id)
    return steps


def measure(running: Servers, confirmations: int, repeat: int, say: Callable[[str], None]) -> Curve:
    """Fill a lake of a size, touch a day in its middle by a later export, restate it `repeat` times."""
    from te_assets.lake.touched import waiting_days
    from te_assets.site.tables import apply_site

    running.empty()
    interactions = confirmations // CONFIRMATIONS_PER_INTERACTION
    client = clickhouse_client(endpoints(running.settings), send_receive_timeout=1_200)
    try:
        apply_site(client, bench_site(), today=FIRST + timedelta(days=DAYS + 7))
        year = DAYS * 86_400
        for model, rows in (("confirmations", confirmations), ("interactions", interactions)):
            fill(client, model, rows, f"{model[0]:0>64}", "2026-06-10 00:00:00", f"{FIRST} 06:00:00", year)
        filled = type_all(client)
        say(f"{confirmations:,} confirmations, {interactions:,} interactions: typed in {filled:.0f} s")
        client.command("TRUNCATE TABLE te_ops.touched_days")
        day = FIRST + timedelta(days=DAYS // 2)
        for model in ("confirmations", "interactions"):
            fill(client, model, 100, f"{'x' + model[0]:0>64}", "2026-06-11 00:00:00", f"{day} 06:00:00", 40_000)
        type_all(client)
        touched = sorted(waiting_days(client, "interactions"))
        runs = [restate(client, day, day) for _ in range(repeat + 1)][1:]  # the first one compiles
        say(f"touched by the later export: {len(touched)} days, {touched[0]} … {touched[-1]}")
    finally:
        client.close()
    steps = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    return Curve(confirmations, interactions, filled, statistics.median(sum(run.values()) for run in runs), steps)


@click.command()
@click.option("--rows", default="100000,1000000,10000000", show_default=True, help="Confirmations, smallest first.")
@click.option("--repeat", type=click.IntRange(1), default=5, show_default=True, help="Times that the day is restated.")
def main(rows: str, repeat: int) -> None:
    """Time the restatement of one production day amid ever more history over the same 365 days.

    Example: python -m bench.restatement --rows 100000,1000000
    """
    sizes = [int(size) for size in rows.split(",")]
    with servers(say) as running:
        curves = [measure(running, size, repeat, say) for size in sizes]
    _print(curves)


def _print(curves: Sequence[Curve]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("one production day restated, both models", *(f"{curve.confirmations:,} rows" for curve in curves))
    for name in curves[0].steps:
        table.add_row(f"  {name}", *(f"{curve.steps[name]:.3f} s" for curve in curves))
    table.add_row("all", *(f"{curve.seconds:.2f} s" for curve in curves))
    table.add_row("beside the smallest", *(f"{curve.seconds / curves[0].seconds:.2f} ×" for curve in curves))
    Console(width=140).print(table)
    last = curves[-1]
    if len(curves) == 1:
        return
    ratio = last.seconds / curves[0].seconds
    for name, value, goal in (("seconds", last.seconds, GOAL_SECONDS), ("ratio", ratio, GOAL_RATIO)):
        verdict = "reached" if value <= goal else "short"
        say(f"goal for {name} at {last.confirmations:,} confirmations: {goal:g}; measured {value:.2f}: {verdict}")


def say(line: str) -> None:
    """A line of progress."""
    click.echo(line, err=True)


if __name__ == "__main__":
    main()
