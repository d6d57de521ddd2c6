"""The table and the JSON of a benchmark."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.goals import judge
from bench.measurement import Measurement, Timed
from bench.report import Line, lines, print_report, write_json

MEASUREMENTS = [
    Measurement("chain", 100, 1, Timed(2.0, {"read": 1.5, "load": 0.5}, {"load: insert": 0.25}, {"reader": 10**9})),
    Measurement("chain", 100, 2, Timed(4.0, {"read": 3.0, "load": 1.0}, {"load: insert": 0.75}, {"reader": 2 * 10**9})),
    Measurement("dagster", 100, 1, Timed(5.0, {"job deliver": 3.0, "job restate": 2.0})),
    Measurement("bare parse", 100, 1, Timed(1.0, {"parse": 1.0})),
]


def test_the_table_shows_each_way_with_its_steps() -> None:
    assert lines(MEASUREMENTS, 100) == [
        Line("fastexcel's bare parse", 1.0, 1.0, 1.0),
        Line("te_assets, file to marts, without Dagster", 3.0, 2.0, 4.0),
        Line("  read", 2.25, 1.5, 3.0),
        Line("  load", 0.75, 0.5, 1.0),
        Line("  [load: insert]", 0.5, 0.25, 0.75),
        Line("te_assets, file to marts, through Dagster's jobs", 5.0, 5.0, 5.0),
        Line("  job deliver", 3.0, 3.0, 3.0),
        Line("  job restate", 2.0, 2.0, 2.0),
        Line("  [Dagster's own: events, metadata; the difference to the chain]", 2.0, 2.0, 2.0),
    ]


def test_the_printed_report_keeps_brackets_and_names_the_peak(capsys: pytest.CaptureFixture[str]) -> None:
    print_report(MEASUREMENTS, judge(MEASUREMENTS), ["a note"])

    printed = capsys.readouterr().out
    assert "[load: insert]" in printed
    assert "chain, reader 2.00 GB" in printed
    assert "NOT JUDGED file to marts, Dagster included, in at most 3 x fastexcel's bare parse" in printed
    assert "5.00 x with 100 rows: 5.00 s, bare parse 1.00 s" in printed
    assert printed.rstrip().endswith("a note")


def test_the_json_holds_every_measurement(tmp_path: Path) -> None:
    path = tmp_path / "out" / "result.json"

    write_json(path, MEASUREMENTS, judge(MEASUREMENTS), ["a note"], {"cpus": 2})

    content = json.loads(path.read_text(encoding="utf-8"))
    assert content["environment"] == {"cpus": 2}
    assert [m["timed"]["seconds"] for m in content["measurements"]] == [2.0, 4.0, 5.0, 1.0]
    assert content["measurements"][0]["timed"]["steps"] == {"read": 1.5, "load": 0.5}
    assert {v["outcome"] for v in content["verdicts"]} == {"NOT JUDGED"}
