"""Headers → contract, sheet, columns; and the sentences where they do not fit."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from te_assets.contracts.catalog import load_contracts
from te_assets.contracts.headers import dictionary_of
from te_assets.contracts.layout import HeaderCell, Layout, PeekedRow, SheetPeek
from te_assets.contracts.matching import (
    ColumnAmbiguous,
    ColumnMissing,
    ColumnUnknown,
    ContractAmbiguous,
    NoMatchingSheet,
    match,
)
from te_assets.contracts.model import Contract

ENGLISH_LOG = ["Plant", "Work Center", "Interaction ID", "Start", "End", "Reason Code", "Reason", "Operator"]
GERMAN_LOG = ["Werk", "Arbeitsplatz", "Meldungsnummer", "Störbeginn", "Störende", "Grundcode", "Grundtext", "Bediener"]
COOIS = [
    *("Order", "Activity", "Plant", "Work Center", "Material", "Confirmation", "Confirm. counter"),
    *("Confirmed Yield (MEINH)", "Confirmed scrap (MEINH)", "Unit (MEINH)", "Confirmed Yield (GMEIN)", "Unit (GMEIN)"),
]
GERMAN_SAP = [
    *("Auftrag", "Vorgang", "Werk", "Arbeitsplatz", "Material", "Rückmeldung", "Zähler"),
    *("Rückgem. Gutmenge", "Ausschuß", "Nacharbeit", "Mengeneinheit Vrg.", "Iststart Vorgang", "Buchungsdatum"),
]
TECHNICAL = ["AUFNR", "VORNR", "WERKS", "ARBPL", "RUECK", "RMZHL", "LMNGA", "XMNGA", "RMNGA", "MEINH", "STOKZ", "STZHL"]


def sheet(headers: Sequence[str], name: str = "Sheet1", row: int = 1, *, hidden: bool = False) -> SheetPeek:
    cells = tuple(HeaderCell(at, text) for at, text in enumerate(headers))
    title = (PeekedRow(1, (HeaderCell(0, "Export of the week"),)),) if row > 1 else ()
    return SheetPeek(name, hidden, (*title, PeekedRow(row, cells), PeekedRow(row + 1, (HeaderCell(0, "1000"),))))


@pytest.fixture(scope="module")
def contracts() -> Sequence[Contract]:
    return load_contracts(None).newest


def fields(layout: Layout) -> dict[str, str]:
    return {column.field: column.letter for column in layout.columns}


@pytest.mark.parametrize(
    ("headers", "contract"),
    [
        (ENGLISH_LOG, "operator_log@2"),
        (GERMAN_LOG, "operator_log@2"),
        (COOIS, "sap_confirmations@2"),
        (GERMAN_SAP, "sap_confirmations@2"),
        (TECHNICAL, "sap_confirmations@2"),
    ],
)
def test_english_german_and_technical_headers_are_recognised(
    contracts: Sequence[Contract], headers: list[str], contract: str
) -> None:
    (layout,) = match(contracts, "export.xlsx", [sheet(headers)])

    assert (layout.contract, layout.sheet, layout.header_row) == (contract, "Sheet1", 1)
    assert layout.unmapped == ()


def test_units_are_told_apart_by_their_technical_suffix(contracts: Sequence[Contract]) -> None:
    (layout,) = match(contracts, "export.xlsx", [sheet(COOIS)])

    found = fields(layout)
    assert (found["good_qty"], found["unit"]) == ("H", "J")
    assert (found["order_unit_good_qty"], found["order_unit"]) == ("K", "L")


def test_a_list_with_the_order_unit_alone_gives_its_quantities(contracts: Sequence[Contract]) -> None:
    headers = [h.replace("MEINH", "GMEIN") for h in COOIS[:10]]

    (layout,) = match(contracts, "export.xlsx", [sheet(headers)])

    found = fields(layout)
    assert (found["good_qty"], found["scrap_qty"], found["unit"]) == ("H", "I", "J")
    assert "order_unit_good_qty" not in found


def test_case_punctuation_width_and_line_breaks_do_not_matter(contracts: Sequence[Contract]) -> None:
    headers = ["PLANT ", "work\ncenter", "Interaction\u00a0ID", "start:", "ＥＮＤ", "Reason-Code"]

    (layout,) = match(contracts, "x.xlsx", [sheet(headers)])

    assert set(fields(layout)) == {"plant", "work_center", "interaction_id", "started_at", "ended_at", "reason_code"}


def test_bilingual_headers_are_read_by_their_halves(contracts: Sequence[Contract]) -> None:
    headers = ["Werk / Plant", "Arbeitsplatz / Work Center", "Meldungsnummer / Interaction ID", "Beginn / Start"]

    (layout,) = match(contracts, "x.xlsx", [sheet(headers)])

    assert fields(layout)["started_at"] == "D"


def test_the_header_is_found_below_a_title(contracts: Sequence[Contract]) -> None:
    (layout,) = match(contracts, "x.xlsx", [sheet(ENGLISH_LOG, row=4)])

    assert layout.header_row == 4


def test_date_and_time_columns_stand_for_an_instant(contracts: Sequence[Contract]) -> None:
    headers = ["Plant", "Work Center", "Interaction ID", "Start date", "Start time", "End date", "End time"]

    (layout,) = match(contracts, "x.xlsx", [sheet(headers)])

    assert {"start_date", "start_time", "end_date", "end_time"} <= set(fields(layout))


def test_a_pivot_before_the_data_sheet_is_passed_over(contracts: Sequence[Contract]) -> None:
    pivot = sheet(["Row Labels", "Sum of Scrap"], "Pivot")

    (layout,) = match(contracts, "x.xlsx", [pivot, sheet(COOIS, "Data")])

    assert (layout.sheet, layout.warnings) == ("Data", ())


def test_a_workbook_with_both_models_gives_two_layouts(contracts: Sequence[Contract]) -> None:
    layouts = match(contracts, "x.xlsx", [sheet(ENGLISH_LOG, "Stops"), sheet(COOIS, "Confirmations")])

    assert {(x.model, x.sheet) for x in layouts} == {("interactions", "Stops"), ("confirmations", "Confirmations")}


@pytest.mark.parametrize(
    ("layout", "headers", "missing"),
    [
        ("totals", ["Machine", "Job", "Finished", "Good pieces"], '"total_qty"'),
        ("totals", ["Machine", "Job", "Finished"], '"total_qty" and "good_qty" and "scrap_qty"'),
        ("totals", ["Machine", "Job", "Finished", "Good pieces", "Bad pieces"], None),
        ("totals", ["Machine", "Job", "Finished", "Total", "Bad pieces"], None),
        ("stops_by_duration", ["Maschine", "Störung ab", "Grund"], '"duration"'),
        ("stops_by_duration", ["Maschine", "Störung ab", "Störung bis"], None),
        ("stops_by_duration", ["Maschine", "Störung ab", "Stillstand"], None),
    ],
)
def test_a_sheet_without_what_a_field_is_computed_from_is_refused_by_its_header(
    layout: str, headers: list[str], missing: str | None
) -> None:
    """Without the duration every stop of the month would have stayed open."""
    contract = Contract.load(Path(__file__).parent / "layouts" / f"{layout}.yaml")

    if missing is None:
        (found,) = match([contract], "x.xlsx", [sheet(headers)])
        assert len(found.columns) == len(headers)
    else:
        with pytest.raises(ColumnMissing) as caught:
            match([contract], "x.xlsx", [sheet(headers)])
        assert f"no column for {missing} (required by {contract.contract_id})" in str(caught.value)


def test_the_first_row_to_keep_is_that_of_the_header_or_of_what_stands_above(contracts: Sequence[Contract]) -> None:
    log = next(contract for contract in contracts if contract.source == "operator_log")
    two_rows = log.model_copy(update={"header": log.header.model_copy(update={"depth": 2})})
    fixed = log.model_copy(update={"header": log.header.model_copy(update={"row": 4})})
    upper = PeekedRow(3, (HeaderCell(0, " "),))
    below = sheet(ENGLISH_LOG, row=4)
    peeks = SheetPeek("Data", False, (upper, *below.rows[1:]))

    assert match([log], "x.xlsx", [below])[0].first_row == 4
    assert match([fixed], "x.xlsx", [below])[0].first_row == 1
    assert match([two_rows], "x.xlsx", [peeks])[0].first_row == 3


def test_a_visible_sheet_goes_before_a_hidden_one_and_the_other_is_named(contracts: Sequence[Contract]) -> None:
    hidden, visible = sheet(ENGLISH_LOG, "Old", hidden=True), sheet(ENGLISH_LOG, "New")

    (layout,) = match(contracts, "x.xlsx", [hidden, visible])

    assert layout.sheet == "New"
    assert layout.warnings == (
        'x.xlsx: sheet "New" was read as operator_log@2; "Old" (hidden) fits too and was not read.',
    )


def test_a_hidden_sheet_is_read_where_nothing_else_fits_and_it_is_said(contracts: Sequence[Contract]) -> None:
    (layout,) = match(contracts, "x.xlsx", [sheet(["Hello"], "Cover"), sheet(ENGLISH_LOG, "Data", hidden=True)])

    assert layout.warnings == ('x.xlsx: sheet "Data" is hidden and was read, as no visible one fits operator_log@2.',)


def test_a_missing_required_column_says_what_was_found_what_is_close_and_what_to_do(
    contracts: Sequence[Contract],
) -> None:
    headers = [h.replace("Confirmed scrap (MEINH)", "Confirmd scrp") for h in COOIS]

    with pytest.raises(ColumnMissing) as caught:
        match(contracts, "Confirmations_2026-03.xlsx", [sheet(headers, "COOIS", row=4)])

    message = str(caught.value)
    assert message.startswith('Confirmations_2026-03.xlsx, sheet "COOIS", row 4: no column for "scrap_qty"')
    assert "required by sap_confirmations@2" in message
    assert "Headers found: Order, Activity, Plant" in message
    assert 'Close to "scrap_qty": "Confirmd scrp".' in message
    assert "sources/sap_confirmations.yaml" in message


def test_two_columns_for_one_field_are_named_with_their_letters(contracts: Sequence[Contract]) -> None:
    with pytest.raises(ColumnAmbiguous) as caught:
        match(contracts, "x.xlsx", [sheet([*ENGLISH_LOG, "Machine"])])

    assert str(caught.value).startswith(
        'x.xlsx, sheet "Sheet1", row 1: two columns for "work_center" of operator_log@2: '
        '"Work Center" (B) and "Machine" (I).'
    )


def test_an_incomplete_second_sheet_is_not_left_unread_in_silence(contracts: Sequence[Contract]) -> None:
    with pytest.raises(ColumnMissing, match='sheet "Confirmations", row 1: no column for "good_qty"'):
        match(
            contracts, "x.xlsx", [sheet(ENGLISH_LOG, "Stops"), sheet([*COOIS[:7], "Confirmed scrap"], "Confirmations")]
        )


def test_no_matching_sheet_lists_what_stands_in_the_workbook(contracts: Sequence[Contract]) -> None:
    with pytest.raises(NoMatchingSheet) as caught:
        match(contracts, "budget.xlsx", [sheet(["Cost centre", "Budget", "Actual"], "2026")])

    message = str(caught.value)
    assert message.startswith("budget.xlsx: no sheet fits a contract (tried operator_log@2, sap_confirmations@2).")
    assert '"2026": Cost centre, Budget, Actual' in message


def test_only_the_named_source_is_tried(contracts: Sequence[Contract]) -> None:
    with pytest.raises(NoMatchingSheet, match="tried sap_confirmations@2"):
        match(contracts, "x.xlsx", [sheet(ENGLISH_LOG)], only="sap_confirmations")


def test_unknown_columns_are_kept_warned_of_or_refused_as_the_contract_says(contracts: Sequence[Contract]) -> None:
    log = next(c for c in contracts if c.source == "operator_log")
    headers = [*ENGLISH_LOG, "Colour"]

    (kept,) = match([log], "x.xlsx", [sheet(headers)])
    (warned,) = match([log.model_copy(update={"on_unknown_column": "warn"})], "x.xlsx", [sheet(headers)])

    assert [cell.text for cell in kept.unmapped] == ["Colour"]
    assert kept.warnings == ()
    assert "no field of operator_log@2 for Colour (I)" in warned.warnings[0]
    with pytest.raises(ColumnUnknown, match="Colour"):
        match([log.model_copy(update={"on_unknown_column": "reject"})], "x.xlsx", [sheet(headers)])


def test_a_header_of_two_rows_is_joined(contracts: Sequence[Contract]) -> None:
    log = next(c for c in contracts if c.source == "operator_log")
    two = log.model_copy(update={"header": log.header.model_copy(update={"depth": 2})})
    upper = PeekedRow(
        1, (HeaderCell(0, "Work"), HeaderCell(1, "Interaction"), HeaderCell(2, "Start"), HeaderCell(4, "End"))
    )
    lower = PeekedRow(
        2, tuple(HeaderCell(at, text) for at, text in enumerate(["Center", "ID", "date", "time", "date"]))
    )

    (layout,) = match([two], "x.xlsx", [SheetPeek("S", False, (upper, lower))])

    assert layout.header_row == 2
    assert fields(layout) == {
        "work_center": "A",
        "interaction_id": "B",
        "start_date": "C",
        "start_time": "D",
        "end_date": "E",
    }


def test_a_sheet_is_read_under_one_contract_of_a_model(contracts: Sequence[Contract]) -> None:
    """A site's own layout beside the shipped one: under both, every stop would count twice."""
    log = next(c for c in contracts if c.source == "operator_log")
    colour = log.columns["reason_text"].model_copy(update={"aliases": ("Colour",)})
    own = log.model_copy(update={"source": "paint_shop", "columns": {**log.columns, "reason_text": colour}})

    (layout,) = match([log, own], "x.xlsx", [sheet([*ENGLISH_LOG[:6], "Colour"])])

    assert layout.contract == "paint_shop@2"
    with pytest.raises(ContractAmbiguous, match="--source operator_log or --source paint_shop"):
        match([log, own], "x.xlsx", [sheet(ENGLISH_LOG[:6])])


def test_of_each_source_the_newest_version_is_tried(contracts: Sequence[Contract]) -> None:
    log = next(c for c in contracts if c.source == "operator_log")
    second = log.model_copy(update={"version": 2})

    (layout,) = match([second, log], "x.xlsx", [sheet(ENGLISH_LOG)])

    assert layout.contract == "operator_log@2"


@pytest.mark.parametrize("header", ["Standort (WERKS)", "Werk (WERKS)", "WERKS", "Centro [WERKS]"])
def test_a_technical_name_in_brackets_counts_in_every_language(contracts: Sequence[Contract], header: str) -> None:
    sap = next(c for c in contracts if c.source == "sap_confirmations")

    assert dictionary_of(sap).field_of(header) == "plant"


@pytest.mark.parametrize("header", ["Menge (MEINH)", "Confirmed Yield (STK)", "Order / Operation", "Confirmed", ""])
def test_a_header_that_is_only_nearly_known_is_not_guessed(contracts: Sequence[Contract], header: str) -> None:
    sap = next(c for c in contracts if c.source == "sap_confirmations")

    assert dictionary_of(sap).field_of(header) is None
