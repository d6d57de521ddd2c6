"""How exports look: sheet names, titles, headers and their order, per language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from te_assets.simulator.exports import Model
from te_assets.simulator.world import Language

Kind = Literal["text", "number", "instant", "date", "time"]


@dataclass(frozen=True)
class Column:
    """A column of a sheet: the field it shows, the header people see, and how its cells are formatted."""

    field: str
    header: str
    kind: Kind = "text"


@dataclass(frozen=True)
class SheetLayout:
    """A workbook layout; `title` stands in the first row, the header then in row 3, else the header is in row 1."""

    model: Model
    file_name: str
    sheet: str
    title: str
    columns: tuple[Column, ...]
    cover_sheet: str = ""

    @property
    def header_row(self) -> int:
        """Excel row number of the header."""
        return 3 if self.title else 1


_GERMAN_LOG = SheetLayout(
    model="interactions",
    file_name="Störungen",
    sheet="Störungen",
    title="Störungsprotokoll",
    columns=(
        Column("plant", "Werk"),
        Column("interaction_id", "Meldungsnummer"),
        Column("work_center", "Arbeitsplatz"),
        Column("started_at", "Störbeginn", "instant"),
        Column("ended_at", "Störende", "instant"),
        Column("duration", "Dauer (min)", "number"),
        Column("reason_code", "Störgrund"),
        Column("reason_text", "Grundtext"),
        Column("operator", "Bediener"),
        Column("remark", "Bemerkung"),
    ),
)
_ENGLISH_LOG = SheetLayout(
    model="interactions",
    file_name="Interactions",
    sheet="Interactions",
    title="",
    columns=(
        Column("interaction_id", "Interaction ID"),
        Column("plant", "Plant"),
        Column("work_center", "Work Center"),
        Column("operator", "Operator"),
        Column("started_at", "Start", "instant"),
        Column("ended_at", "End", "instant"),
        Column("reason_code", "Reason Code"),
        Column("reason_text", "Reason Text"),
        Column("duration", "Duration (min)", "number"),
        Column("remark", "Remark"),
    ),
)
_GERMAN_CONFIRMATIONS = SheetLayout(
    model="confirmations",
    file_name="Rückmeldungen",
    sheet="Rückmeldungen",
    title="Rückmeldungen zu Fertigungsaufträgen",
    cover_sheet="Deckblatt",
    columns=(
        Column("plant", "Werk"),
        Column("work_center", "Arbeitsplatz"),
        Column("order_id", "Auftrag"),
        Column("operation", "Vorgang"),
        Column("confirmation", "Rückmeldung"),
        Column("counter", "Zähler"),
        Column("material", "Material"),
        Column("good_qty", "Rückgem. Gutmenge", "number"),
        Column("scrap_qty", "Ausschuss", "number"),
        Column("rework_qty", "Nacharbeit", "number"),
        Column("unit", "Mengeneinheit Vrg. (=MEINH)"),
        Column("scrap_reason_code", "Abweichungsursache"),
        Column("start_date", "ISDD", "date"),
        Column("start_time", "ISDZ", "time"),
        Column("finish_date", "Ende Durchf.(Dat.)", "date"),
        Column("finish_time", "Ende Durchf.(Zeit)", "time"),
        Column("entry_date", "ERSDA", "date"),
        Column("entry_time", "ERZET", "time"),
        Column("posted_at", "Buchungsdatum", "date"),
        Column("is_final", "AUERU"),
        Column("is_reversed", "STOKZ"),
        Column("cancelled_counter", "STZHL"),
        Column("remark", "Bemerkung"),
    ),
)
_ENGLISH_CONFIRMATIONS = SheetLayout(
    model="confirmations",
    file_name="Confirmations",
    sheet="Confirmations",
    title="",
    columns=(
        Column("order_id", "Order"),
        Column("operation", "Activity"),
        Column("plant", "Plant"),
        Column("work_center", "Work Center"),
        Column("material", "Material"),
        Column("confirmation", "Confirmation"),
        Column("counter", "Confirm. counter"),
        Column("good_qty", "Confirmed Yield (MEINH)", "number"),
        Column("scrap_qty", "Confirmed scrap (MEINH)", "number"),
        Column("rework_qty", "RMNGA", "number"),
        Column("unit", "MEINH"),
        Column("order_unit_good_qty", "Confirmed Yield (GMEIN)", "number"),
        Column("order_unit_scrap_qty", "Confirmed scrap (GMEIN)", "number"),
        Column("order_unit", "GMEIN"),
        Column("scrap_reason_code", "Reason for Variance"),
        Column("start_date", "Start execution (date)", "date"),
        Column("start_time", "Start execution (time)", "time"),
        Column("finish_date", "Fin. Execution (Date)", "date"),
        Column("finish_time", "Fin. Execution (Time)", "time"),
        Column("entry_date", "ERSDA", "date"),
        Column("entry_time", "ERZET", "time"),
        Column("posted_at", "Posting Date", "date"),
        Column("is_final", "AUERU"),
        Column("is_reversed", "Document Has Been Reversed"),
        Column("cancelled_counter", "STZHL"),
        Column("remark", "Remark"),
    ),
)
_TECHNICAL_CONFIRMATIONS = SheetLayout(
    model="confirmations",
    file_name="COOIS",
    sheet="Sheet1",
    title="",
    columns=(
        Column("plant", "WERKS"),
        Column("order_id", "AUFNR"),
        Column("operation", "VORNR"),
        Column("work_center", "ARBPL"),
        Column("confirmation", "RUECK"),
        Column("counter", "RMZHL"),
        Column("material", "MATNR"),
        Column("good_qty", "LMNGA", "number"),
        Column("scrap_qty", "XMNGA", "number"),
        Column("rework_qty", "RMNGA", "number"),
        Column("unit", "MEINH"),
        Column("scrap_reason_code", "GRUND"),
        Column("start_date", "ISDD", "date"),
        Column("start_time", "ISDZ", "time"),
        Column("finish_date", "IEDD", "date"),
        Column("finish_time", "IEDZ", "time"),
        Column("entry_date", "ERSDA", "date"),
        Column("entry_time", "ERZET", "time"),
        Column("posted_at", "BUDAT", "date"),
        Column("is_final", "AUERU"),
        Column("is_reversed", "STOKZ"),
        Column("cancelled_counter", "STZHL"),
        Column("remark", "LTXA1"),
    ),
)


def log_layout(language: Language) -> SheetLayout:
    """Layout of the operator log."""
    return _GERMAN_LOG if language == "german" else _ENGLISH_LOG


def confirmations_layout(language: Language) -> SheetLayout:
    """Layout of the confirmations."""
    if language == "german":
        return _GERMAN_CONFIRMATIONS
    return _ENGLISH_CONFIRMATIONS if language == "english" else _TECHNICAL_CONFIRMATIONS
