"""`python -m bench.api`: each route of the dashboard's API over a year of a big plant, beside its bare queries.

The lake is that of bench.restatement: rows made inside ClickHouse, which take the way that all rows take, up to the
marts. A route and its floor are timed in turn: the same statements with the same values, sent to ClickHouse at the same
time, their answers read and thrown away. The dashboard is a process of its own, as `te-assets up` runs it.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import click
import requests

from bench.restatement import CONFIRMATIONS_PER_INTERACTION, DAYS, FIRST, bench_site, fill, restate, say, type_all
from te_assets.settings import Settings, environment, isolated
from te_assets.stack.clickhouse import ClickHouseServer
from te_assets.stack.connect import clickhouse_client, clickhouse_endpoint
from te_assets.stack.home import Home, free_port
from te_assets.stack.supervisor import Supervisor

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from te_assets.dashboard.lake import Lake

DAYS_AT_ONCE: Final = 7
AGGREGATE_MS, TABLE_MS, RATIO = 50.0, 150.0, 3.0
TABLES: Final = frozenset({"stops", "confirmations", "orders", "provenance", "rejected-rows", "timeline"})
"""Routes that the goal of tables holds for."""
_LAST: Final = FIRST + timedelta(days=DAYS - 1)


@dataclass
class Timed:
    """What a route took, in milliseconds, request by request.

    Attributes:
        bare: The same for its statements alone.
    """

    route: str
    api: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    worst: str = ""

    @property
    def goal(self) -> float:
        """Most milliseconds at the 95th percentile."""
        return TABLE_MS if self.route in TABLES else AGGREGATE_MS

    def percentile(self, share: float, of: Sequence[float] | None = None) -> float:
        """Of the API's times, or of others."""
        values = sorted(of or self.api)
        return values[min(len(values) - 1, int(share * len(values)))]

    @property
    def ratio(self) -> float:
        """Median beside the bare median."""
        return self.percentile(0.5) / self.percentile(0.5, self.bare)


def scenarios() -> Iterator[tuple[str, dict[str, Any]]]:
    """Routes with parameters, as people click: a week, a month, a quarter, the year; all machines, some, one."""
    periods = [
        {"from": str(_LAST - timedelta(days=days - 1)), "to": str(_LAST), **more}
        for days, more in ((7, {}), (30, {}), (90, {"grain": "week"}), (DAYS, {"grain": "month"}))
    ]
    places: list[dict[str, Any]] = [{}, {"work_center": ["W1", "W7", "W13"]}, {"line": "L", "shift": "early"}]
    views: list[tuple[str, dict[str, Any]]] = [
        ("overview", {}),
        ("availability", {}),
        ("availability", {"group": "line"}),
        ("scrap-rate", {}),
        ("scrap-rate", {"group": "material", "material": ["M3", "M5"]}),
        ("downtime-pareto", {}),
        ("downtime-pareto", {"level": "work_center", "measure": "stops"}),
        ("scrap-pareto", {}),
        ("scrap-pareto", {"level": "material"}),
        ("heatmap", {}),
        ("heatmap", {"measure": "scrap_rate"}),
        ("stops", {}),
        ("stops", {"sort": "-attributed_seconds", "offset": 500}),
        ("confirmations", {}),
        ("confirmations", {"only": "scrap", "sort": "-scrap_qty"}),
        ("provenance", {"mart": "scrap_rate"}),
    ]
    for period in periods:
        for place in places:
            for view, more in views:
                yield view, {**period, **place, **more}
    for period in periods[:2]:
        for place in places:
            yield "timeline", {**period, **place}
            yield "heatmap", {**period, **place, "kind": "weekday_hour"}
            yield "orders", {**period, **place}
    for _ in range(len(places)):
        yield "quality", periods[0]
        yield "rejected-rows", periods[0]
        yield "meta", {}
        yield "definitions", {}


class Recording:
    """Statements that a view sends, with their values."""

    def __init__(self, lake: Lake) -> None:
        from te_assets.dashboard.lake import statement

        self.sent: list[tuple[str, Mapping[str, Any]]] = []
        rows = lake.rows

        async def recorded(name: str, parameters: Mapping[str, Any], **identifiers: Any) -> list[dict[str, Any]]:
            self.sent.append((statement(name, **identifiers), dict(parameters)))
            return await rows(name, parameters, **identifiers)

        lake.rows = recorded  # type: ignore[method-assign]


def statements_of(settings: Settings, asked: Sequence[tuple[str, dict[str, Any]]]) -> list[list[tuple[str, Any]]]:
    """For each request the statements that it costs, those of site and versions left out: they are kept."""
    from te_assets.dashboard.asking import Asking
    from te_assets.dashboard.catalog import VIEWS
    from te_assets.dashboard.known import Watch
    from te_assets.dashboard.lake import Lake
    from te_assets.dashboard.scope import resolve
    from te_assets.dashboard.texts import texts

    async def record() -> list[list[tuple[str, Any]]]:
        lake = Lake(settings)
        known = await Watch(lake).known()
        recording, found = Recording(lake), []
        for view, parameters in asked:
            recording.sent = []
            if view in VIEWS:
                query = VIEWS[view].query.model_validate(as_lists(VIEWS[view].query, parameters))
                await VIEWS[view].show(Asking(lake, resolve(query, known, texts("en"))), query)
            found.append(recording.sent)
        lake.close()
        return found

    return asyncio.run(record())


def as_lists(model: Any, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Single values of fields that take several, as FastAPI reads them."""
    several = {name for name, each in model.model_fields.items() if "list" in str(each.annotation).lower()}
    return {name: [v] if name in several and not isinstance(v, list) else v for name, v in parameters.items()}


class Floor:
    """ClickHouse alone: statements sent at the same time over kept connections, answers read and thrown away."""

    def __init__(self, settings: Settings) -> None:
        from clickhouse_connect.driver.binding import bind_query

        self._bind = bind_query
        self._where = clickhouse_endpoint(settings)
        self._pool = ThreadPoolExecutor(16)
        self._session = requests.Session()
        assert self._where.reader_password is not None
        self._session.headers.update(
            {
                "X-ClickHouse-User": self._where.reader,
                "X-ClickHouse-Key": self._where.reader_password.get_secret_value(),
            }
        )
        self._session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=16))

    def milliseconds(self, statements: Sequence[tuple[str, Mapping[str, Any]]]) -> float:
        """Until the last answer is read."""
        begin = time.perf_counter()
        list(self._pool.map(self._ask, statements))
        return 1000 * (time.perf_counter() - begin)

    def _ask(self, sent: tuple[str, Mapping[str, Any]]) -> None:
        text, bound = self._bind(sent[0], dict(sent[1]), None)
        query = text.decode() if isinstance(text, bytes) else text
        answer = self._session.post(self._where.url, params=bound, data=f"{query}\nFORMAT Native")
        answer.raise_for_status()


def time_routes(url: str, settings: Settings, repeat: int, say: Callable[[str], None]) -> list[Timed]:
    """Time every scenario `repeat` times, route and floor in turn."""
    asked = list(scenarios())
    statements = statements_of(settings, asked)
    floor, session = Floor(settings), requests.Session()
    routes = {view: Timed(view) for view, _ in asked}
    for number in range(repeat + 1):  # the first one warms
        say(f"round {number} of {repeat}: {len(asked)} requests")
        for (view, parameters), sent in zip(asked, statements, strict=True):
            address = f"{url}/api/v1/{view}?{urlencode(parameters, doseq=True)}"
            begin = time.perf_counter()
            answer = session.get(address)
            took = 1000 * (time.perf_counter() - begin)
            if not answer.ok:
                raise RuntimeError(f"{address}: {answer.status_code} {answer.text[:500]}")
            bare = floor.milliseconds(sent) if sent else took
            if number:
                route = routes[view]
                route.worst = address if took >= max(route.api, default=0) else route.worst
                route.api.append(took)
                route.bare.append(bare)
    return list(routes.values())


def filled(settings: Settings, confirmations: int, say: Callable[[str], None]) -> None:
    """A year of rows on their way to the marts, unless the home has it from an earlier time."""
    from te_assets.lake.marts import MARTS
    from te_assets.lake.migrate import migrate
    from te_assets.lake.months import gather
    from te_assets.site.tables import apply_site

    done = Path(settings.home_dir) / f"filled-{confirmations}"
    client: Client = clickhouse_client(clickhouse_endpoint(settings), send_receive_timeout=1_800)
    try:
        migrate(client)
        if done.exists():
            gathered = gather(client, datetime.now(UTC))
            say(f"copied by month: {gathered.months} months of marts")
            return
        apply_site(client, bench_site(), today=FIRST + timedelta(days=DAYS + 7))
        sizes = {"confirmations": confirmations, "interactions": confirmations // CONFIRMATIONS_PER_INTERACTION}
        for model, rows in sizes.items():
            fill(
                client,
                model,
                rows,
                f"{model[0]:0>64}",
                f"{_LAST + timedelta(days=2)} 00:00:00",
                f"{FIRST} 06:00:00",
                DAYS * 86_400,
            )
        say(f"typed in {type_all(client):.0f} s")
        begin = time.perf_counter()
        for start in range(0, DAYS, DAYS_AT_ONCE):
            first = FIRST + timedelta(days=start)
            restate(client, first, min(first + timedelta(days=DAYS_AT_ONCE - 1), _LAST))
            say(f"marts up to day {min(start + DAYS_AT_ONCE, DAYS)} of {DAYS}: {time.perf_counter() - begin:.0f} s")
        for mart in MARTS:
            rows = client.query(f"SELECT count() FROM te_marts.{mart}").result_rows[0][0]
            say(f"te_marts.{mart}: {rows:,} rows")
        gather(client, datetime.now(UTC), at_rest=timedelta(0))
        done.touch()
    finally:
        client.close()


@contextmanager
def dashboard(settings: Settings) -> Iterator[str]:
    """A dashboard of the home in a process of its own; its address."""
    port = free_port(avoid=set())
    process = subprocess.Popen(
        [sys.executable, "-m", "te_assets.dashboard", str(port)],
        env=environment(settings),
        stderr=(settings.home_dir / "logs" / "dashboard.log").open("ab"),
    )
    url = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 30
        while True:
            try:
                requests.get(f"{url}/api/v1/meta", timeout=10).raise_for_status()
                break
            except requests.RequestException:
                if time.monotonic() > until or process.poll() is not None:
                    raise
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(20)


@click.command()
@click.option("--confirmations", default=10_000_000, show_default=True, help="Rows; a fifth as many interactions.")
@click.option("--repeat", type=click.IntRange(1), default=5, show_default=True, help="Times that each request is made.")
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the lake here, and use the one that is there; else it is made and removed.",
)
@click.option("--json", "out", type=click.Path(dir_okay=False, path_type=Path), help="Write the figures here too.")
def main(confirmations: int, repeat: int, home: Path | None, out: Path | None) -> None:
    """Time the dashboard's API over a year of 60 machines, beside the same queries in ClickHouse alone.

    Example: python -m bench.api --confirmations 1000000
    """
    import tempfile

    from bench.files import bulk_site

    with tempfile.TemporaryDirectory(prefix="te-bench-", ignore_cleanup_errors=True) as folder:
        root = (home or Path(folder)).resolve()
        root.mkdir(parents=True, exist_ok=True)
        with isolated(root / "home", bulk_site(root / "site")) as settings:
            opened = Home.open(settings)
            with Supervisor(opened, [ClickHouseServer(opened, progress=say)], progress=say):
                filled(settings, confirmations, say)
                with dashboard(settings) as url:
                    routes = time_routes(url, settings, repeat, say)
    _print(routes, confirmations)
    if out:
        figures = {each.route: {"api": each.api, "bare": each.bare, "worst": each.worst} for each in routes}
        out.write_text(json.dumps(figures), encoding="utf-8")


def _print(routes: Sequence[Timed], confirmations: int) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(
        *("route", "requests", "p50 ms", "p95 ms", "goal", "bare p50 ms", "bare p95 ms", "p50 / bare", ""),
        title=f"{confirmations:,} confirmations, a year of 60 machines",
    )
    for each in sorted(routes, key=lambda route: route.route):
        p95, ratio = each.percentile(0.95), each.ratio
        kept = p95 <= each.goal and ratio <= RATIO
        table.add_row(
            each.route,
            str(len(each.api)),
            f"{each.percentile(0.5):.1f}",
            f"{p95:.1f}",
            f"{each.goal:.0f}",
            f"{each.percentile(0.5, each.bare):.1f}",
            f"{each.percentile(0.95, each.bare):.1f}",
            f"{ratio:.2f}",
            "reached" if kept else "short",
        )
    Console(width=140).print(table)
    aggregates = [value for each in routes if each.route not in TABLES for value in each.api]
    rows = [value for each in routes if each.route in TABLES for value in each.api]
    for name, values, goal in (("aggregates", aggregates, AGGREGATE_MS), ("tables and timeline", rows, TABLE_MS)):
        p95 = statistics.quantiles(values, n=20)[-1]
        say(f"{name}: p95 {p95:.1f} ms (goal {goal:.0f}): {'reached' if p95 <= goal else 'short'}")


if __name__ == "__main__":
    main()
