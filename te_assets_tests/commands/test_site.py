"""`te-assets site init`, `check` and `diff`, and where stale days are told, as the shell shows them."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import te_assets.simulator
from te_assets.cli import cli
from te_assets.errors import SiteError
from te_assets.site.profile import load_site
from te_assets_tests.assets.deliveries import confirmation, confirmation_book, name_of
from te_assets_tests.conftest import Stack

SIMULATED = Path(te_assets.simulator.__file__).parent / "site" / "site.yaml"
SHIPPED = Path(te_assets.__file__).parent / "contracts" / "shipped"
INIT = ("--plant", "1000", "--work-centers", "PRS01, PRS02", "--since", "2026-02-01")
DAY = date(2026, 3, 3)


def run(*arguments: object, answers: str | None = None) -> Result:
    return CliRunner().invoke(cli, [*map(str, arguments)], input=answers)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the simulated site."""
    folder = tmp_path / "site"
    folder.mkdir()
    shutil.copy(SIMULATED, folder)
    return folder


def edit(folder: Path, was: str, becomes: str) -> None:
    path = folder / "site.yaml"
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, becomes), encoding="utf-8")


def test_a_new_site_passes_its_own_check(tmp_path: Path) -> None:
    folder = tmp_path / "new"

    made = run("site", "init", folder, *INIT, "--name", "Werk: Nord #1", "--weekdays", "mon-sat", "--day-start", "6:00")
    checked = run("site", "check", folder)

    assert (made.exit_code, checked.exit_code) == (0, 0), made.output + checked.output
    site = load_site(folder)
    (plant,) = site.plants
    assert (plant.id, plant.name, plant.time_zone, plant.production_day_starts) == (
        "1000",
        "Werk: Nord #1",
        "Europe/Berlin",
        "06:00",
    )
    assert [work_center.id for work_center in plant.work_centers] == ["PRS01", "PRS02"]
    assert [len(site.calendars["shifts"].shifts_of(date(2026, 2, day))) for day in (6, 7, 8)] == [3, 3, 0]
    assert site.since == date(2026, 2, 1)
    assert {reason.reason_class for reason in site.reasons.values()} == {
        *("planned", "setup", "technical", "organisational", "other")
    }
    assert {path.name for path in folder.iterdir()} == {"site.yaml", "site.schema.json", "sources"}
    first = (folder / "site.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=./site.schema.json"
    assert json.loads((folder / "site.schema.json").read_text(encoding="utf-8"))["title"] == "Site"


@pytest.mark.parametrize(
    ("shifts", "weekdays", "names"),
    [
        ("always", "mon", []),
        ("07:00-15:00", "mon,wed", ["day"]),
        ("06:00-14:00,14:00-22:00", "fri-mon", ["early", "late"]),
    ],
)
def test_shifts_and_weekdays_as_answered(tmp_path: Path, shifts: str, weekdays: str, names: list[str]) -> None:
    made = run("site", "init", tmp_path / "new", *INIT, "--shifts", shifts, "--weekdays", weekdays)

    assert made.exit_code == 0, made.output
    calendar = load_site(tmp_path / "new").calendars["shifts"]
    assert calendar.always == (not names)
    if names:
        worked = [bool(calendar.shifts_of(date(2026, 3, day))) for day in range(2, 9)]  # Monday … Sunday
        days = {"mon,wed": [1, 0, 1, 0, 0, 0, 0], "fri-mon": [1, 0, 0, 0, 1, 1, 1]}[weekdays]
        assert worked == [bool(day) for day in days]
        assert list(calendar.periods[0].shifts) == names


def test_it_asks_on_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("te_assets.commands.site._on_a_terminal", lambda: True)
    answers = "2000\nPlant South\nAmerica/Chicago\n\nASM01,PCK01\nalways\n"

    made = run("site", "init", tmp_path / "new", answers=answers)

    assert made.exit_code == 0, made.output
    assert "Its time zone [Europe/Berlin]: " in made.stderr
    (plant,) = load_site(tmp_path / "new").plants
    assert (plant.name, plant.time_zone, len(plant.work_centers)) == ("Plant South", "America/Chicago", 2)


def test_what_init_refuses_it_says_and_writes_nothing(tmp_path: Path) -> None:
    full = tmp_path / "full"
    full.mkdir()
    (full / "notes.txt").touch()
    for arguments, words in (
        ((full, *INIT), "is not empty"),
        ((tmp_path / "new", *INIT, "--time-zone", "Europe/Berln"), "write an IANA name such as Europe/Berlin"),
        ((tmp_path / "new", *INIT, "--shifts", "06:00-14:00,13:00-22:00"), "are worked on one day and overlap"),
        ((tmp_path / "new", *INIT, "--shifts", "6-14"), 'write them as "06:00-14:00,14:00-22:00", or always'),
        ((tmp_path / "new", *INIT, "--weekdays", "weekdays"), "write them as mon-fri"),
        ((tmp_path / "new", *INIT, "--since", "yesterday"), "since: "),
        ((tmp_path / "new", "--plant", "1", "--work-centers", " , "), "work_centers: "),
    ):
        refused = run("site", "init", *arguments)
        assert isinstance(refused.exception, SiteError)
        assert words in str(refused.exception)
    usage = run("site", "init", tmp_path / "new", "--plant", "1000")
    assert usage.exit_code == 2
    assert "name --work-centers" in usage.output
    assert [path.name for path in tmp_path.iterdir() if path.name in ("new", "full")] == ["full"]
    assert [path.name for path in full.iterdir()] == ["notes.txt"]


def test_check_lists_all_faults_of_site_and_contracts(folder: Path) -> None:
    sources = folder / "sources"
    sources.mkdir()
    text = (SHIPPED / "operator_log.yaml").read_text(encoding="utf-8")
    (sources / "log.yaml").write_text(text.replace("source:", "sorce:", 1), encoding="utf-8")
    (sources / "other.yml").write_text(text, encoding="utf-8")
    edit(folder, "topology: series", "topology: serial")
    edit(folder, "class: setup", "class: set-up")

    checked = run("site", "check", folder)

    assert checked.exit_code == 1
    lines = checked.stdout.splitlines()
    assert len([line for line in lines if line.startswith("site.yaml, line ")]) == 4  # two plants, two reasons
    assert any("log.yaml, line " in line and "sorce" in line for line in lines)
    assert any("other.yml: is not read" in line for line in lines)
    assert checked.stderr.startswith(f"{folder}: {len(lines)} faults; nothing of it is used")


def test_check_looks_at_the_site_in_use_by_default() -> None:
    checked = run("site", "check")

    assert checked.exit_code == 0
    assert (
        "good. 2 plants, 12 work centers, 4 calendars, 11 reasons, since 2026-01-01; own contracts: none"
        in checked.stdout
    )


def test_a_missing_folder_says_how_to_make_one(tmp_path: Path) -> None:
    checked = run("site", "check", tmp_path / "nowhere")

    assert checked.exit_code == 1
    assert "te-assets site init DIR" in checked.stdout


@pytest.mark.long
@pytest.mark.stack
def test_diff_stale_days_and_what_makes_them_fresh(
    plant: Stack, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From an edited profile to restated figures, as an engineer goes through it."""
    monkeypatch.setenv("TE_SITE", str(folder))
    book = confirmation_book(
        tmp_path / name_of("Confirmations", datetime(2026, 3, 9, 6, tzinfo=UTC)), [confirmation(1, DAY)]
    )
    assert run("ingest", book).exit_code == 0
    figures = "SELECT shift, toString(refreshed_at) FROM te_marts.scrap_rate"
    before = plant.clickhouse.query(figures).result_rows
    edit(folder, "holidays: [2026-04-03, 2026-05-01]", f"holidays: [2026-04-03, {DAY}]")

    told = run("site", "diff")
    as_json = json.loads(run("site", "diff", folder, "--json").stdout)

    assert told.exit_code == 0, told.output
    assert f"confirmations: 1 production days, {DAY} … {DAY}: calendar of PRS01" in told.stdout
    assert f"  scrap_rate 1000 PRS01 {DAY} early ST: 10.0000 % → none; good_qty 90 → none" in told.stdout
    assert f"  scrap_rate 1000 PRS01 {DAY} (no shift) ST: none → 10.0000 %; good_qty none → 90" in told.stdout
    assert "  scrap_rate 1000 ST: 10.0000 % → 10.0000 %; outside_calendar_qty 0 → 100" in told.stdout
    assert f"te-assets backfill {DAY} {DAY}" in told.stdout
    assert {(d["model"], d["production_day"], d["plant"]) for d in as_json["days"]} >= {
        ("confirmations", str(DAY), "1000")
    }
    assert [d["after"] for d in as_json["differences"] if d["figure"] == "scrap_rate" and d["before"] is not None] == [
        None
    ]
    assert plant.clickhouse.query(figures).result_rows == before
    assert "site.yaml is not what counts; the next run applies it" in run("doctor").output

    again = confirmation_book(
        tmp_path / name_of("Later", datetime(2026, 3, 10, 6, tzinfo=UTC)), [confirmation(2, date(2026, 3, 4))]
    )
    assert run("ingest", again).exit_code == 0

    assert plant.clickhouse.query(f"{figures} WHERE production_day = '{DAY}'").result_rows == before
    assert "stale days  confirmations: 1 with figures of an earlier site profile" in run("status").stdout
    assert json.loads(run("status", "--json").stdout)["stale_days"]["confirmations"] == 1
    assert f"1 production days of confirmations, {DAY} … {DAY}, have figures of an earlier site" in run("doctor").output
    assert run("site", "diff").stdout == "this profile is the one that counts\nno figure would change\n"

    assert run("backfill", DAY, DAY).exit_code == 0

    assert json.loads(run("status", "--json").stdout)["stale_days"] == {}
    assert "stale days: none" in run("doctor").output
    assert plant.clickhouse.query(
        f"SELECT shift FROM te_marts.scrap_rate WHERE production_day = '{DAY}'"
    ).result_rows == [(None,)]
