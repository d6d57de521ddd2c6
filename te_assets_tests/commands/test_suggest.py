"""`te-assets suggest` as the shell calls it."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl

from te_assets.contracts.model import Contract
from te_assets_tests.commands.conftest import Run


def log(path: Path, *headers: str) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(headers)
    sheet.append(["1000", "PRS01", "I-1", "13/03/2026 08:00", "13/03/2026 08:30"][: len(headers)])
    book.save(path)
    return path


def test_the_proposal_is_yaml_that_loads_on_standard_output_and_in_a_file(tmp_path: Path, run: Run) -> None:
    path = log(tmp_path / "stops.xlsx", "Plant", "Work Center", "Stop-ID No", "Start", "End")

    shown = run("suggest", path)
    written = run("suggest", path, "--out", tmp_path / "sources" / "stops.yaml")

    assert (shown.code, written.code, written.out) == (0, 0, "")
    contract = Contract.from_yaml(shown.out, "shown")
    assert (contract.source, contract.feeds, contract.version) == ("stops", "interactions", 1)
    assert contract.columns["interaction_id"].aliases == ("Stop-ID No",)
    assert contract.locale.dates == ("%d/%m/%Y",)
    assert Contract.load(tmp_path / "sources" / "stops.yaml") == contract
    assert 'unsure: column C "Stop-ID No" was taken for interaction_id: like the known header "stop id"' in shown.err


def test_the_proposal_as_json_holds_yaml_columns_and_doubts(tmp_path: Path, run: Run) -> None:
    answer = run(
        "suggest", "--json", log(tmp_path / "stops.xlsx", "Plant", "Work Center", "Stop ID", "Start", "Colour")
    )

    found = json.loads(answer.out)

    assert answer.code == 0
    assert found["header_row"] == 1
    assert [(each["cell"]["text"], each["field"]) for each in found["columns"]][3:] == [
        ("Start", "started_at"),
        ("Colour", None),
    ]
    assert "there is no column for an end or a duration: every stop stays open" in found["unsure"]
    assert Contract.from_yaml(found["yaml"], "json").contract_id == "operator_log@3"  # the shipped one with its dates


def test_a_missing_column_ends_with_1_and_a_draft(tmp_path: Path, run: Run) -> None:
    answer = run("suggest", log(tmp_path / "stops.xlsx", "Plant", "Work Center", "Operator", "Start"))

    assert answer.code == 1
    assert "stops.xlsx: interactions need interaction_id and no column was found for it" in answer.err
    assert "# MISSING: interactions need interaction_id" in answer.out


def test_a_file_without_known_headers_is_an_error_without_output(tmp_path: Path, run: Run) -> None:
    answer = run("suggest", log(tmp_path / "recipes.xlsx", "Flour", "Sugar"))

    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith("te-assets: recipes.xlsx: no row has three headers")
