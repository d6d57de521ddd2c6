"""The order of the runs: all peers of a repetition one after the other, so that a slow minute hits all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final, Literal, get_args

from bench.bare_parse import run_bare_parse
from bench.chain import run_chain
from bench.files import BulkFile, bulk_file
from bench.goals import PANDAS_ROWS
from bench.isolation import in_fresh_process
from bench.kafka_engine import run_kafka_engine
from bench.measurement import Measurement, Peer, Timed
from bench.memory import peak_of, reset_peak
from bench.pandas_way import run_pandas_way
from bench.servers import Servers
from bench.through_dagster import run_through_dagster

Part = Literal["chain", "kafka-engine", "pandas"]
WARM_UP_ROWS: Final = 1_000
PARTS: Final[tuple[Part, ...]] = get_args(Part)

RUNS: Final[dict[Peer, Callable[[BulkFile], Timed]]] = {
    "chain": run_chain,
    "kafka engine": run_kafka_engine,
    "dagster": run_through_dagster,
    "bare parse": run_bare_parse,
    "pandas": run_pandas_way,
}
# The Kafka engine reads the topic that the chain has just published.
KEEPS_WHAT_IS_THERE: Final[frozenset[Peer]] = frozenset({"kafka engine", "bare parse"})


def peers_of(parts: Sequence[Part], rows: int) -> tuple[Peer, ...]:
    """Who is timed with a size, in order; the pandas way takes minutes beyond 100,000 rows and is left out there."""
    peers: list[Peer] = []
    if "chain" in parts or "kafka-engine" in parts:
        peers.append("chain")
    if "kafka-engine" in parts:
        peers.append("kafka engine")
    if "chain" in parts:
        peers += ["dagster", "bare parse"]
    if "pandas" in parts and rows <= PANDAS_ROWS:
        peers.append("pandas")
    return tuple(peers)


def measure(
    servers: Servers, files: Sequence[BulkFile], parts: Sequence[Part], repeat: int, say: Callable[[str], None]
) -> Iterator[Measurement]:
    """Time every peer with every file, `repeat` times.

    Before that the chain runs once without being timed: a new broker sets up its coordinators with the first
    transaction and the first group, and its code is compiled while it runs.

    Raises:
        WrongFigures: Marts do not show what a workbook holds.
    """
    say("warming up the servers")
    servers.empty()
    in_fresh_process(run_chain, bulk_file(WARM_UP_ROWS))
    for file in files:
        rows = file.expected.rows
        for repetition in range(1, repeat + 1):
            for peer in peers_of(parts, rows):
                if peer not in KEEPS_WHAT_IS_THERE:
                    servers.empty()
                reset_peak(servers.clickhouse_pid)
                timed = in_fresh_process(RUNS[peer], file)
                say(f"{rows:,} rows, {peer}, repetition {repetition}: {timed.seconds:.2f} s")
                yield Measurement(peer, rows, repetition, _with_engine_peak(timed, peer, servers.clickhouse_pid))


def _with_engine_peak(timed: Timed, peer: Peer, pid: int) -> Timed:
    """Add the memory of ClickHouse, where it had work to do and the system tells."""
    peak = peak_of(pid)
    if peer == "bare parse" or peak is None:
        return timed
    return replace(timed, peaks={**timed.peaks, "ClickHouse engine": peak})
