"""Text exports on their whole way: checked, ingested, rejected rows repaired as a workbook and counted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from te_assets.contracts.catalog import SHIPPED, load_contracts
from te_assets.settings import Settings
from te_assets_tests.commands.conftest import Run
from te_assets_tests.conftest import Stack

NAME = "Confirmations_exported-20260309T060000.xls"
FIRST, SECOND = date(2026, 3, 3), date(2026, 3, 4)
HEADER = (
    *("", "Werk", "Arbeitsplatz", "Auftrag", "Vorgang", "Rückmeldung", "Zähler", "Material"),
    *("Rückgem. Gutmenge (MEINH)", "Ausschuss (MEINH)", "Mengeneinheit Vrg."),
    *("Ende Durchf.(Dat.)", "Ende Durchf.(Zeit)"),
)


def line(number: int, day: str, good: str = "1.234,500", scrap: str = "10,000") -> tuple[str, ...]:
    place = ("", "1000", "PRS01", str(10_000 + number), "0010", str(number), "1", "M-1")
    return (*place, good, scrap, "ST", day, "12:00:00")


def export(path: Path, lines: Sequence[Sequence[str]], encoding: str = "utf-16", delimiter: str = "\t") -> Path:
    """A list as an ERP writes it: title lines, blank lines, an empty first column, rules and a total."""
    total = ["", "*", *[""] * 6, "9.999,000", "0,000", "ST", "", ""]
    rules = ["-" * 10 for _ in HEADER]
    table = [HEADER, rules, *lines, rules, total]
    text = ["09.03.2026    Dynamische Listausgabe    1", "", *(delimiter.join(cells) for cells in table), ""]
    path.write_bytes("\r\n".join(text).encode(encoding))
    return path


def own_locale(folder: Path, locale: str) -> Path:
    """A site folder whose contract is the shipped one with the locale of its exports."""
    (folder / "sources").mkdir(parents=True)
    (folder / "site.yaml").write_text((Settings().site_dir / "site.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    text = (SHIPPED / "sap_confirmations.yaml").read_text(encoding="utf-8")
    shipped = next(line for line in text.splitlines() if line.startswith("locale: "))
    text = text.replace("version: 2", "version: 3").replace(shipped, f"locale: {locale}")
    (folder / "sources" / "sap_confirmations.yaml").write_text(text, encoding="utf-8")
    return folder


GERMAN = '{decimal: ",", thousands: ".", dates: ["%d.%m.%Y"], trailing_minus: true}'


def rows(plant: Stack, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in plant.clickhouse.query(query).result_rows]


@pytest.mark.stack
@pytest.mark.long
def test_a_german_list_export_counts_and_what_was_wrong_counts_once_repaired(
    plant: Stack, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The controllers' list is called .xls and is UTF-16 text; people opened and saved it by hand every morning."""
    monkeypatch.setenv("TE_SITE", str(own_locale(tmp_path / "site", GERMAN)))
    delivered = export(
        tmp_path / NAME, [line(1, "03.03.2026"), line(2, "03.03.2026", scrap="zwölf"), line(3, "04.03.2026")]
    )

    checked = run("check", delivered)

    assert checked.code == 1
    assert "utf-16 text, separated by tabs" in checked.out
    assert "header in row 3: sap_confirmations@3" in checked.out
    assert "6 rows: 2 accepted, 1 rejected, 3 skipped, 0 duplicates" in checked.out
    assert "Confirmations_exported-20260309!J6: 'zwölf' is no number" in checked.out

    (report,) = json.loads(run("ingest", "--json", delivered).out)

    counted = ("read", "published", "raw", "accepted", "rejected", "skipped", "difference")
    assert [report[name] for name in counted] == [6, 6, 6, 2, 1, 3, 0]
    figures = "SELECT production_day, good_qty, scrap_qty FROM te_marts.scrap_rate ORDER BY production_day"
    assert [(day, float(good), float(scrap)) for day, good, scrap in rows(plant, figures)] == [
        (FIRST, 1234.5, 10),
        (SECOND, 1234.5, 10),
    ]

    repaired = tmp_path / "Repaired_exported-20260309T060000.xlsx"
    assert run("rejects", report["sha256"], "--out", repaired).code == 0
    book = openpyxl.load_workbook(repaired)
    sheet = book["Confirmations_exported-20260309T"[:31]]
    assert [cell.coordinate for cell in sheet[2] if cell.fill.fill_type == "solid"] == ["J2"]
    sheet["J2"] = "12,000"
    book.save(repaired)
    (second,) = json.loads(run("ingest", "--json", repaired).out)

    assert [second[name] for name in ("contract", "read", "accepted", "rejected", "difference")] == [
        *("sap_confirmations@3", 1, 1, 0, 0),
    ]
    assert [(day, float(scrap)) for day, _, scrap in rows(plant, figures)] == [(FIRST, 22), (SECOND, 10)]
    assert rows(plant, "SELECT count(), max(abs(difference)) FROM te_ops.conservation") == [(2, 0)]


@pytest.mark.stack
def test_without_a_declared_locale_nothing_is_guessed(plant: Stack, tmp_path: Path, run: Run) -> None:
    lines = [line(1, "03.03.2026", good="1.234"), line(2, "03.03.2026", good="12"), line(3, "03/04/2026", good="5")]
    delivered = export(tmp_path / NAME, [(*each[:9], "0", *each[10:]) for each in lines], "cp1252", ";")

    answer = run("check", delivered)

    assert "6 rows: 1 accepted, 2 rejected, 3 skipped" in answer.out
    assert "I5: '1.234' may be a thousand times as much" in answer.out
    assert "L7: '03/04/2026' is no date in an order that the contract declares" in answer.out
    assert "read as Windows-1252" in answer.err


def test_a_contract_without_text_refuses_text_and_says_how_to_allow_it(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = own_locale(tmp_path / "site", GERMAN)
    path = site / "sources" / "sap_confirmations.yaml"
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("text:")]
    path.write_text("\n".join(kept), encoding="utf-8")
    monkeypatch.setenv("TE_SITE", str(site))

    answer = run("check", "--source", "sap_confirmations", export(tmp_path / NAME, []))

    assert answer.code == 1
    assert "a text file, not an Excel workbook, and no contract reads text under this name" in answer.err
    assert "(tried sap_confirmations@3)" in answer.err
    assert 'text: {}, and "*.xls" in match.files' in answer.err


@pytest.mark.stack
def test_a_stray_quotation_mark_rejects_the_file_and_names_its_line(plant: Stack, tmp_path: Path, run: Run) -> None:
    delivered = export(tmp_path / NAME, [line(1, "03.03.2026"), ("", *line(2, "03.03.2026")[1:7], '"3 Zoll', "1")])

    (report,) = json.loads(run("ingest", "--json", delivered).out)

    assert 'line 6: a quotation mark " opens a cell and none closes it' in report["rejection"]
    assert "set text.quote to ''" in report["rejection"]
    assert rows(plant, "SELECT count() FROM te_raw.confirmations") == [(0,)]


def test_shipped_contracts_read_text_and_workbooks_under_the_usual_names() -> None:
    for contract in load_contracts(None).newest:
        assert contract.text is not None
        assert {"*.xls", "*.csv", "*.txt", "*.xlsx"} <= set(contract.match.files)
