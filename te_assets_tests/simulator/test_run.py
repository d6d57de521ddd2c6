from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from te_assets.simulator import Simulated, run, simulate
from te_assets.simulator.layouts import SheetLayout, layouts_of
from te_assets.simulator.world import demo_world

GRAIN = ["plant", "work_center", "production_day", "shift"]


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    """Three plants, hence all languages; a week with the clock change in Chicago."""
    return simulate(tmp_path_factory.mktemp("simulated"), days=7, plants=3, seed=11)


@pytest.fixture(scope="module")
def files(simulated: Simulated) -> pl.DataFrame:
    return pl.read_parquet(simulated.truth.files)


@pytest.fixture(scope="module")
def cases(simulated: Simulated) -> pl.DataFrame:
    return pl.read_parquet(simulated.truth.cases)


def rows_of(path: Path, sheet: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Row numbers and values of the non-blank rows."""
    workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
    for number, values in enumerate(workbook[sheet].iter_rows(values_only=True), start=1):
        if any(value is not None for value in values):
            yield number, values
    workbook.close()


def layout_of(file: dict[str, Any]) -> SheetLayout:
    language = next(plant.language for plant in demo_world(3).plants if plant.id == file["plant"])
    return next(layout for layout in layouts_of(file["model"], language) if layout.sheet == file["sheet"])


def test_equal_arguments_give_equal_bytes_and_other_seeds_do_not(tmp_path: Path) -> None:
    def contents(name: str, seed: int) -> dict[str, str]:
        simulate(tmp_path / name, days=2, plants=2, seed=seed)
        found = sorted(path for path in (tmp_path / name).rglob("*") if path.is_file())
        return {str(path.relative_to(tmp_path / name)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}

    first, again, other = contents("first", 3), contents("again", 3), contents("other", 4)

    assert len(first) == 8 + 24 + 1
    assert first == again
    assert {name for name in first if first[name] == other[name]} == {"site/site.yaml"}


def test_plants_in_processes_of_their_own_give_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = simulate(tmp_path / "one", days=1, plants=2, seed=3)
    monkeypatch.setattr(run, "_MACHINE_DAYS_AT_ONCE", 0)
    apart = simulate(tmp_path / "apart", days=1, plants=2, seed=3)

    for name, path in one.truth.marts.items():
        assert path.read_bytes() == apart.truth.marts[name].read_bytes()
    assert [path.read_bytes() for path in one.workbooks] == [path.read_bytes() for path in apart.workbooks]


def test_file_names_tell_plant_period_and_export_time(simulated: Simulated) -> None:
    assert [path.name for path in simulated.workbooks[:6]] == [
        "Störungen_1000_2026-03-02_2026-03-08_exported-20260309T051500.xlsx",
        "Rückmeldungen_1000_2026-03-02_2026-03-08_exported-20260309T051500.xlsx",
        "Arrêts_1000_2026-03-02_2026-03-05_exported-20260306T051500.xlsx",
        "Confirmations_OF_1000_2026-03-02_2026-03-05_exported-20260306T051500.xlsx",
        "Downtime_2000_2026-03-02_2026-03-05_exported-20260306T121500.xlsx",
        "Confirmações_2000_2026-03-02_2026-03-05_exported-20260306T121500.xlsx",
    ]


def test_document_properties_state_the_export_time(simulated: Simulated, files: pl.DataFrame) -> None:
    for path, file in zip(simulated.workbooks, files.to_dicts(), strict=True):
        modified = openpyxl.load_workbook(path, read_only=True).properties.modified
        assert file["exported_at"].replace(tzinfo=None) == modified


def test_files_hold_the_rows_that_the_truth_counts(simulated: Simulated, files: pl.DataFrame) -> None:
    for path, file in zip(simulated.workbooks, files.to_dicts(), strict=True):
        layout = layout_of(file)
        rows = dict(rows_of(path, file["sheet"]))
        header = rows[file["header_row"]]
        data = [number for number in rows if number > file["header_row"]]
        assert header == tuple(column.header for column in layout.columns)
        assert len(data) == file["rows_read"]
        assert file["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        judged = file["accepted"] + file["rejected"] + file["skipped"] + file["duplicates"]
        assert judged == file["rows_read"]


def test_some_layouts_have_a_title_a_cover_sheet_and_a_blank_row(simulated: Simulated) -> None:
    german_log, german_confirmations = simulated.workbooks[:2]
    workbook = openpyxl.load_workbook(german_confirmations)

    assert workbook.sheetnames == ["Deckblatt", "Rückmeldungen"]
    assert dict(rows_of(german_log, "Störungen"))[1][0] == "Störungsprotokoll Werk Nord"
    numbers = [number for number, _ in rows_of(german_log, "Störungen")]
    assert set(range(1, max(numbers))) - set(numbers) == {2, *(n for n in range(4, max(numbers)) if n not in numbers)}
    assert len(set(range(4, max(numbers))) - set(numbers)) == 1


def test_cases_stand_where_the_truth_says(simulated: Simulated, cases: pl.DataFrame) -> None:
    """Each kind of dirt is looked up in its cell."""
    by_name = {path.name: path for path in simulated.workbooks}
    name = "Confirmations_2000_2026-03-02_2026-03-08_exported-20260309T111500.xlsx"
    rows = dict(rows_of(by_name[name], "Confirmations"))
    headers = rows[1]
    found = {
        case["case"]: dict(zip(headers, rows[case["row"]], strict=False))
        for case in cases.filter(pl.col("file") == name).to_dicts()
    }

    assert found["quantity is a word"]["Confirmed Yield (MEINH)"] == "zwölf"
    assert found["quantity is an error cell"]["Confirmed scrap (MEINH)"] == "#N/A"
    assert found["work center missing"]["Work Center"] is None
    assert found["plant unknown to the site"]["Plant"] == "9999"
    assert found["end is no date of the calendar"]["Fin. Execution (Date)"] == "31.02.2026"
    assert found["number and dates as text"]["Confirmed Yield (MEINH)"] == "12"
    assert found["repeated header"]["Order"] == "Order"
    assert found["subtotal"]["Order"] == "Total"
    assert found["original, reversed in the same export"]["Document Has Been Reversed"] == "X"
    cancelling = found["cancelling row, reversed in the same export"]
    assert cancelling["STZHL"] == found["original, reversed in the same export"]["Confirm. counter"]
    assert cancelling["Confirmed Yield (MEINH)"] > 0


def test_quantities_dates_and_times_are_cells_of_their_kind(simulated: Simulated) -> None:
    path = next(path for path in simulated.workbooks if path.name.startswith("Confirmations_2000"))
    (_, headers), *rows = rows_of(path, "Confirmations")
    found = [dict(zip(headers, values, strict=True)) for _, values in rows]
    row = next(row for row in found if row["Fin. Execution (Time)"] is not None)

    assert (row["Plant"], len(row["Activity"]), len(row["Confirm. counter"])) == (2000, 4, 8)
    assert isinstance(row["Confirmed Yield (MEINH)"], int | float)
    assert isinstance(row["Fin. Execution (Date)"], datetime)
    assert isinstance(row["Fin. Execution (Time)"], time)


def test_every_demanded_case_is_there_for_every_plant(cases: pl.DataFrame, files: pl.DataFrame) -> None:
    verdicts = cases.join(files.select("file", "plant"), on="file").select("plant", "case", "verdict").unique()
    plants_of = Counter((row["case"], row["verdict"]) for row in verdicts.to_dicts())
    once_german = {("total", "skipped")}
    once_in_chicago = {(f"{how} the clock change", "accepted") for how in ("over", "ends at", "starts at")}

    assert {case for case, plants in plants_of.items() if plants != 3} == once_german | once_in_chicago
    assert len(plants_of) > 80


def test_availability_has_every_scheduled_window_and_its_parts_add_up(simulated: Simulated) -> None:
    truth = pl.read_parquet(simulated.truth.marts["availability"])

    assert truth.select(GRAIN).is_duplicated().sum() == 0
    # Five days of three, Saturday of one or two, seven days of three, five days of two, seven days of one window.
    assert len(truth) == 3 * (3 * (15 + 2) + 21 + 10 + 7)
    parts = truth.select(
        whole=pl.col("planned_operation_ms"),
        sum=pl.col("planned_down_ms") + pl.col("unplanned_down_ms") + pl.col("setup_ms") + pl.col("production_ms"),
    )
    assert parts.filter(pl.col("whole") != pl.col("sum")).is_empty()
    assert truth.filter(pl.col("production_ms") < 0).is_empty()
    assert truth["unexplained_ms"].sum() > 0
    assert truth["open_stops"].sum() >= 3
    assert truth.filter(pl.col("unexplained_ms") > pl.col("production_ms")).is_empty()


def test_reasons_add_up_to_the_parts(simulated: Simulated) -> None:
    parts = pl.read_parquet(simulated.truth.marts["availability"])
    reasons = pl.read_parquet(simulated.truth.marts["downtime_reasons"])
    kind = pl.col("reason_class").replace({"planned": "planned_down_ms", "setup": "setup_ms"})
    sums = (
        reasons.with_columns(
            part=pl.when(pl.col("reason_class").is_in(["planned", "setup"]))
            .then(kind)
            .otherwise(pl.lit("unplanned_down_ms"))
        )
        .group_by([*GRAIN, "part"])
        .agg(pl.col("attributed_ms").sum())
    )
    expected = parts.unpivot(
        on=["planned_down_ms", "setup_ms", "unplanned_down_ms"], index=GRAIN, variable_name="part", value_name="whole"
    )
    compared = expected.join(sums, on=[*GRAIN, "part"], how="full", coalesce=True).fill_null(0)

    assert compared.filter(pl.col("whole") != pl.col("attributed_ms")).is_empty()
    assert compared["whole"].sum() > 0


def test_scrap_has_fractions_a_place_outside_the_calendar_and_days_of_the_period(simulated: Simulated) -> None:
    truth = pl.read_parquet(simulated.truth.marts["scrap_rate"])

    assert truth.schema["good_qty"] == pl.Decimal(18, 3)
    assert (
        truth.select(
            *("plant", "work_center", "production_day", "shift", "material", "operation", "unit"),
            *("is_last_operation", "is_first_operation"),
        )
        .is_unique()
        .all()
    )
    assert truth.filter(
        pl.col("produced_qty") != pl.col("good_qty") + pl.col("scrap_qty") + pl.col("rework_qty")
    ).is_empty()
    assert truth.filter((pl.col("unit") == "KG") & (pl.col("good_qty") % 1 != 0)).height > 0
    assert truth["outside_calendar_qty"].sum() == 3 * Decimal(28)
    assert truth["production_day"].is_between(date(2026, 3, 2), date(2026, 3, 8)).all()


def test_a_single_day_and_a_weekend_can_be_simulated(tmp_path: Path) -> None:
    one = simulate(tmp_path / "one", days=1, plants=1, seed=0)
    weekend = simulate(tmp_path / "weekend", days=2, plants=1, seed=0, start=date(2026, 3, 14))

    assert (len(one.workbooks), len(weekend.workbooks)) == (2, 4)
    assert pl.read_parquet(one.truth.marts["availability"])["production_day"].unique().to_list() == [date(2026, 3, 2)]


def test_days_before_the_default_first_day_move_the_site(tmp_path: Path) -> None:
    early = simulate(tmp_path, days=1, plants=1, seed=0, start=date(2025, 10, 25))

    assert "since: 2025-10-25" in (early.site / "site.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(("days", "plants"), [(0, 1), (1, 0)])
def test_nothing_to_simulate_is_refused(tmp_path: Path, days: int, plants: int) -> None:
    with pytest.raises(ValueError, match="needs at least one"):
        simulate(tmp_path, days=days, plants=plants, seed=0)
