"""`te-assets backup` and `restore`, as the shell calls them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from te_assets.stack.connect import kafka_config
from te_assets_tests.automation.backups import contents
from te_assets_tests.commands.conftest import Run
from te_assets_tests.conftest import Stack
from te_assets_tests.delivery.builders import load, messages, send_raw


@pytest.mark.long
@pytest.mark.stack
def test_backup_and_restore_say_what_they_did(plant: Stack, run: Run, tmp_path: Path) -> None:
    kafka = kafka_config(plant.endpoints)
    send_raw(kafka, messages(5))
    load(kafka, plant.clickhouse)
    before = contents(plant.clickhouse)
    folder = tmp_path / "te-2026-03-10"

    made = run("backup", folder)
    again = run("backup", folder)
    refused = run("restore", folder)
    done = run("restore", folder, "--replace")

    assert made.code == 0, made.err
    assert made.out.splitlines()[0] == f"backup   {folder}"
    assert made.out.splitlines()[2] == "landing  0 workbooks, 0 bytes"
    assert (again.code, again.err) == (
        1,
        f"te-assets: {folder} exists. Name a folder that does not: a backup never replaces another.\n",
    )
    assert refused.code == 1
    assert "is not empty: te_ops.load_ledger (2 rows), te_raw.confirmations (5 rows)" in refused.err
    assert done.code == 0, done.err
    assert done.out.splitlines()[1:] == [
        "           te_raw.confirmations: 5 rows",
        "landing    0 workbooks brought, 0 were there",
    ]
    assert "te-assets doctor" in done.err
    assert contents(plant.clickhouse) == before


@pytest.mark.stack
def test_json_is_for_programs(plant: Stack, run: Run, tmp_path: Path) -> None:
    made = json.loads(run("backup", tmp_path / "b", "--without-landing", "--json").out)
    done = json.loads(run("restore", tmp_path / "b", "--json").out)

    assert made["folder"] == str(tmp_path / "b")
    assert made["landing"] is None
    assert made["lake_on_server"] == f"Disk('te_backups', '{made['lake_name']}')"
    assert done == {"migrations": [], "rows": {}, "backup": {key: done["backup"][key] for key in done["backup"]}}
    assert done["backup"]["lake_name"] == made["lake_name"]


def test_what_is_no_backup_is_refused_before_a_server_is_asked(run: Run, tmp_path: Path) -> None:
    answer = run("restore", tmp_path)

    assert (answer.code, answer.out) == (1, "")
    assert answer.err == f"te-assets: {tmp_path} is not a backup of te-assets: it has no backup.json. Check the path.\n"
