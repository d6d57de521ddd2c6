"""Who is timed with which size, and how the command line says it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from bench.__main__ import Parts, Sizes, main
from bench.files import bulk_file
from bench.measurement import Clock
from bench.memory import own_peak, parse_peak
from bench.order import PARTS, peers_of


def test_the_kafka_engine_follows_the_chain_whose_topic_it_reads() -> None:
    assert peers_of(PARTS, 100_000) == ("chain", "kafka engine", "dagster", "bare parse", "pandas")
    assert peers_of(("kafka-engine",), 100_000) == ("chain", "kafka engine")


def test_the_pandas_way_is_left_out_beyond_100_000_rows() -> None:
    assert peers_of(PARTS, 1_000_000) == ("chain", "kafka engine", "dagster", "bare parse")
    assert peers_of(("pandas",), 1_000_000) == ()


def test_sizes_come_once_and_smallest_first() -> None:
    assert Sizes().convert("20000,5000,20000", None, None) == (5_000, 20_000)


def test_parts_keep_their_order() -> None:
    assert Parts().convert("pandas, chain", None, None) == ("chain", "pandas")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--rows", "many"], "many: not numbers of rows"),
        (["--rows", "2000000"], "a sheet has 1 to 1,048,575 rows"),
        (["--only", "chain,spark"], "spark: no such part. There are chain, kafka-engine, pandas."),
    ],
)
def test_wrong_usage_is_told_before_anything_starts(arguments: list[str], said: str) -> None:
    result = CliRunner().invoke(main, arguments)

    assert result.exit_code == 2
    assert said in " ".join(result.output.split())


def test_a_workbook_is_written_once_and_its_totals_are_kept(tmp_path: Path) -> None:
    made = bulk_file(200, tmp_path)
    written = made.path.stat().st_mtime_ns

    again = bulk_file(200, tmp_path)

    assert again == made
    assert again.path.stat().st_mtime_ns == written
    assert made.expected.rows == 200
    assert made.expected.good_qty > made.expected.scrap_qty > 0


def test_steps_add_up() -> None:
    clock = Clock()
    clock.add("read", 1.0)
    clock.add("load", 2.0)
    clock.add("read", 0.5)

    assert clock.steps == {"read": 1.5, "load": 2.0}
    assert clock.total == 3.5


def test_the_peak_is_read_from_the_process_status() -> None:
    assert parse_peak("Name:\tpython\nVmHWM:\t  123456 kB\nVmRSS:\t 1 kB\n") == 126_418_944
    assert parse_peak("Name:\tkthreadd\n") is None
    assert own_peak() > 10_000_000
