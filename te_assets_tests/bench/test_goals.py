"""What was measured is judged by the goals."""

from __future__ import annotations

from collections.abc import Mapping

from bench.goals import Verdict, dagster_own, judge
from bench.measurement import Measurement, Peer, Timed


def measured(
    peer: Peer,
    rows: int,
    seconds: float,
    steps: Mapping[str, float] | None = None,
    *,
    peaks: Mapping[str, int] | None = None,
    repetition: int = 1,
) -> Measurement:
    return Measurement(peer, rows, repetition, Timed(seconds, steps or {}, peaks=peaks or {"run": 1}))


def chain(rows: int, seconds: float, *, load: float = 1.0) -> Measurement:
    return measured("chain", rows, seconds, {"read": seconds - load, "load": load})


def verdict(measurements: list[Measurement], word: str) -> Verdict:
    (found,) = [verdict for verdict in judge(measurements) if word in verdict.goal]
    return found


def test_three_times_the_bare_parse_passes_and_more_falls_short() -> None:
    million = 1_000_000
    parse = measured("bare parse", million, 10.0)

    reached = verdict([chain(million, 28.0), measured("dagster", million, 30.0), parse], "bare parse")
    missed = verdict([chain(million, 28.0), measured("dagster", million, 30.1), parse], "bare parse")

    assert reached.outcome == "PASS"
    assert reached.reached == "3.00 x with 1,000,000 rows: 30.00 s, bare parse 10.00 s"
    assert missed.outcome == "SHORT"
    assert missed.why == "read 2.70 x, Dagster 0.21 x, load 0.10 x"


def test_a_goal_is_not_judged_by_another_size_than_its_own() -> None:
    found = verdict(
        [chain(5_000, 1.0), measured("dagster", 5_000, 2.0), measured("bare parse", 5_000, 1.0)], "bare parse"
    )

    assert found.outcome == "NOT JUDGED"
    assert found.reached.startswith("2.00 x with 5,000 rows")


def test_the_size_of_the_goal_is_taken_where_several_were_measured() -> None:
    runs = [
        *(measured("dagster", rows, seconds) for rows, seconds in ((100_000, 4.0), (1_000_000, 20.0))),
        *(measured("pandas", rows, seconds) for rows, seconds in ((50_000, 10.0), (100_000, 60.0))),
    ]

    found = verdict(runs, "pandas")

    assert found.outcome == "PASS"
    assert found.reached == "15.0 x with 100,000 rows: 4.00 s, the pandas way 60.00 s"


def test_the_load_alone_is_compared_with_the_kafka_engine() -> None:
    million = 1_000_000

    fast = verdict([chain(million, 20.0, load=4.0), measured("kafka engine", million, 6.0)], "Kafka engine")
    slow = verdict([chain(million, 20.0, load=4.1), measured("kafka engine", million, 6.0)], "Kafka engine")

    assert (fast.outcome, slow.outcome) == ("PASS", "SHORT")
    assert slow.reached == "1.46 x with 1,000,000 rows: 4.10 s, the engine 6.00 s"


def test_memory_counts_every_process_of_ours_and_no_other() -> None:
    million = 1_000_000
    ours = measured("chain", million, 1.0, peaks={"reader": 1_900_000_000, "ClickHouse engine": 3_000_000_000})
    pandas = measured("pandas", 100_000, 1.0, peaks={"pandas": 5_000_000_000})
    too_much = measured("dagster", million, 1.0, peaks={"Dagster run": 2_000_000_001})

    assert verdict([ours, pandas], "GB").outcome == "PASS"
    assert verdict([ours, pandas, too_much], "GB").outcome == "SHORT"


def test_nothing_is_judged_that_was_not_measured() -> None:
    assert judge([]) == ()
    assert [v.goal for v in judge([measured("pandas", 100_000, 60.0)])] == []


def test_medians_are_taken_over_the_repetitions() -> None:
    runs = [
        *(measured("chain", 10, seconds, repetition=n) for n, seconds in enumerate((1.0, 9.0, 2.0), start=1)),
        *(measured("dagster", 10, seconds, repetition=n) for n, seconds in enumerate((3.0, 3.5, 50.0), start=1)),
    ]

    assert dagster_own(runs, 10) == 1.5
    assert dagster_own(runs, 11) is None
