"""Which contracts a text file fits, when they declare different ways of writing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from te_assets.contracts.matching import ColumnMissing, ContractAmbiguous, NoMatchingSheet
from te_assets.contracts.model import Contract
from te_assets.intake.texts import match_text
from te_assets.workbook.errors import DamagedWorkbook, FormatNotRead

_YAML = """
source: {source}
feeds: interactions
version: {version}
match: {{files: ["{files}"]}}
{text}
columns:
  work_center: {{type: text, required: true, aliases: [Machine]}}
  interaction_id: {{type: text, required: true, aliases: [Id]}}
  started_at: {{type: datetime, required: true, aliases: [Start]}}
  reason_text: {{type: text, aliases: [{alias}]}}
business_key: [work_center, interaction_id]
"""


def contract(
    source: str, text: str = "text: {}", files: str = "*.csv", version: int = 1, alias: str = "Why"
) -> Contract:
    return Contract.from_yaml(_YAML.format(source=source, version=version, text=text, files=files, alias=alias), source)


def log(tmp_path: Path, header: str = "Machine;Id;Start;Why", row: str = 'PRS01;1;2026-03-02 08:00;"jam"') -> Path:
    path = tmp_path / "log.csv"
    path.write_text(f"{header}\n{row}\n", encoding="utf-8")
    return path


def found(path: Path, *contracts: Contract, **options: Any) -> list[tuple[str, str]]:
    return [(one.layout.contract, str(one.text)) for one in match_text(contracts, path, path.name, **options)]


def test_the_contract_says_how_the_file_is_cut(tmp_path: Path) -> None:
    assert found(log(tmp_path), contract("a")) == [("a@1", "utf-8 text, separated by ;")]
    assert found(log(tmp_path), contract("a", 'text: {delimiter: ";", quote: ""}')) == [
        ("a@1", "utf-8 text, separated by ;")
    ]
    with pytest.raises(NoMatchingSheet, match='"log": Machine;Id;Start;Why'):
        found(log(tmp_path), contract("a", "text: {delimiter: tab}"))


def test_of_two_ways_to_cut_the_one_that_fits_is_taken(tmp_path: Path) -> None:
    tabs, semicolons = contract("tabs", 'text: {delimiter: "\\t"}'), contract("semicolons", 'text: {delimiter: ";"}')

    assert found(log(tmp_path), tabs, semicolons) == [("semicolons@1", "utf-8 text, separated by ;")]


def test_two_contracts_that_cut_it_differently_and_both_fit_are_ambiguous(tmp_path: Path) -> None:
    one, other = contract("one"), contract("other", "text: {quote: ''}")

    with pytest.raises(ContractAmbiguous, match=r"log\.csv: fits one@1 and other@1.*--source one or --source other"):
        found(log(tmp_path), one, other)
    assert found(log(tmp_path), one, other, only="other") == [("other@1", "utf-8 text, separated by ;")]


def test_only_the_newest_version_of_a_source_is_tried(tmp_path: Path) -> None:
    old, new = contract("a", "text: {quote: ''}"), contract("a", version=2)

    assert [each for each, _ in found(log(tmp_path), old, new)] == ["a@2"]


def test_a_name_that_no_contract_takes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatNotRead, match=r'no contract reads text under this name \(tried a@1, b@1\).*"\*\.csv"'):
        found(log(tmp_path), contract("a", files="*.txt"), contract("b", text=""))


def test_a_missing_column_is_told_before_a_sheet_that_is_like_nothing(tmp_path: Path) -> None:
    path = log(tmp_path, "Machine;Id;Begin;Why")

    with pytest.raises(ColumnMissing, match='no column for "started_at"'):
        found(path, contract("tabs", "text: {delimiter: tab}"), contract("semicolons"))


def test_a_declared_encoding_that_is_not_the_file_s_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes("Machine;Id;Start\nFräse;1;2026\n".encode("cp1252"))

    with pytest.raises(DamagedWorkbook, match="line 2: the byte e4 is no text in utf-8"):
        found(path, contract("a", "text: {encoding: utf-8}"))
