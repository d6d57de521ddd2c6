"""Two months of two plants: what comes weeks later is there, and no file shows it earlier."""

from __future__ import annotations

from collections import Counter
from datetime import date
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest

from te_assets.simulator import Simulated, simulate

BERLIN, CHICAGO = "1000", "2000"


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    return simulate(tmp_path_factory.mktemp("simulated"), days=36, plants=2, seed=3)


@pytest.fixture(scope="module")
def cases(simulated: Simulated) -> pl.DataFrame:
    return pl.read_parquet(simulated.truth.cases)


def mart(simulated: Simulated, name: str) -> pl.DataFrame:
    return pl.read_parquet(simulated.truth.marts[name])


def names(paths: tuple[Path, ...]) -> list[str]:
    return [path.name.partition("_exported")[0] for path in paths]


@pytest.mark.long
def test_equal_arguments_give_equal_bytes_of_two_months_too(simulated: Simulated, tmp_path: Path) -> None:
    again = simulate(tmp_path, days=36, plants=2, seed=3)

    def content(made: Simulated) -> list[tuple[str, bytes]]:
        files = (*made.workbooks, *made.truth.marts.values(), made.truth.files, made.truth.cases)
        return [(path.name, sha256(path.read_bytes()).digest()) for path in files]

    assert content(again) == content(simulated)


@pytest.mark.long
def test_a_reversal_of_another_month_stands_in_a_file_of_that_month_alone(cases: pl.DataFrame) -> None:
    original = cases.filter(pl.col("case") == "original, reversed in a later month")
    cancelling = cases.filter(pl.col("case") == "cancelling row, reversed in a later month")

    assert original["file"].str.contains("2026-03").all()
    assert set(original["file"]).isdisjoint(cancelling["file"])
    assert Counter(file.split("_")[-4] for file in original["file"]) == {BERLIN: 3, CHICAGO: 3}
    assert cancelling["file"].str.contains("_2026-04-0").all()


def test_late_files_are_an_old_week_and_another_one_again(simulated: Simulated) -> None:
    assert simulated.late == simulated.workbooks[-len(simulated.late) :]
    assert names(simulated.late) == [
        "Störungen_1000_2026-03-02_2026-03-08",
        "Rückmeldungen_1000_2026-03-02_2026-03-08",
        *("Störungen_1000_2026-03-09_2026-03-12", "Rückmeldungen_1000_2026-03-09_2026-03-12"),
        *("Arrêts_1000_2026-03-09_2026-03-15", "Confirmations_OF_1000_2026-03-09_2026-03-15"),
        "Interactions_2000_2026-03-02_2026-03-08",
        "Confirmations_2000_2026-03-02_2026-03-08",
    ]


def test_what_moves_to_another_day_weeks_later_is_in_the_last_file_too(
    simulated: Simulated, cases: pl.DataFrame
) -> None:
    for case in (
        "moved to another day weeks later",
        "start moved to another day weeks later",
        "scrap corrected weeks later",
        "reason corrected weeks later",
    ):
        files = set(cases.filter(pl.col("case") == case)["file"])
        late = {path.name for path in simulated.late}
        assert len(files & late) == 2
        assert files - late


def test_a_machine_that_delivers_nothing_for_two_days_has_no_figure_there(simulated: Simulated) -> None:
    found = mart(simulated, "availability").filter(pl.col("plant") == CHICAGO)
    silent = found.filter(pl.col("coverage") == "none")

    assert silent.select("work_center", "production_day").unique().sort("production_day").rows() == [
        ("PRS02", date(2026, 3, 19)),
        ("PRS02", date(2026, 3, 20)),
    ]
    assert silent["availability"].is_null().all()
    partial = found.filter(pl.col("coverage") == "partial")
    assert partial["work_center"].n_unique() == 6
    day = mart(simulated, "availability_day").filter((pl.col("coverage") == "none") & (pl.col("plant") == CHICAGO))
    assert day["uncovered_ms"].to_list() == [24 * 3_600_000] * 2
    assert mart(simulated, "availability").filter(pl.col("plant") == BERLIN)["coverage"].unique().to_list() == ["full"]


def test_files_without_a_period_in_their_names_are_those_of_the_silent_week(simulated: Simulated) -> None:
    without = [path.name for path in simulated.workbooks if "_2026-" not in path.name]

    assert sorted(without) == [
        f"{kind}_2000_exported-{stamp}.xlsx"
        for kind in ("Confirmations", "Interactions")
        for stamp in ("20260320T111500", "20260323T111500")
    ]
