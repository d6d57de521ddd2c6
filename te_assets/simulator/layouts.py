"""How exports look: sheet names, titles, headers and their order, per language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from te_assets.simulator.exports import Export, Model
from te_assets.simulator.records import Confirmation, Stop
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


_FRENCH_LOG = SheetLayout(
    model="interactions",
    file_name="Arrêts",
    sheet="Arrêts",
    title="",
    columns=(
        Column("plant", "Division"),
        Column("work_center", "Poste de travail"),
        Column("interaction_id", "Notification"),
        Column("start_date", "AUSVN", "date"),
        Column("start_time", "Heure début", "time"),
        Column("end_date", "AUSBS", "date"),
        Column("end_time", "Heure fin", "time"),
        Column("duration", "Durée (min)", "number"),
        Column("reason_code", "Code motif d'arrêt"),
        Column("reason_text", "Libellé motif"),
        Column("operator", "Opérateur"),
        Column("remark", "Commentaire"),
    ),
)
_ENGLISH_LOG_APART = SheetLayout(
    model="interactions",
    file_name="Downtime",
    sheet="Downtime",
    title="Downtime",
    columns=(
        Column("plant", "Site"),
        Column("work_center", "Machine"),
        Column("interaction_id", "Stop ID"),
        Column("reason_code", "Reason Code"),
        Column("reason_text", "Reason"),
        Column("start_date", "Start date", "date"),
        Column("start_time", "Start time", "time"),
        Column("end_date", "End date", "date"),
        Column("end_time", "End time", "time"),
        Column("duration", "Duration (min)", "number"),
        Column("operator", "Operator"),
        Column("remark", "Remark"),
    ),
)
_FRENCH_CONFIRMATIONS = SheetLayout(
    model="confirmations",
    file_name="Confirmations_OF",
    sheet="Confirmations OF",
    title="",
    columns=(
        Column("plant", "Division"),
        Column("work_center", "Poste de travail"),
        Column("order_id", "Ordre"),
        Column("operation", "Opération"),
        Column("confirmation", "RUECK"),
        Column("counter", "RMZHL"),
        Column("material", "Article"),
        Column("good_qty", "Qté bonne", "number"),
        Column("scrap_qty", "Qté rebutée", "number"),
        Column("rework_qty", "Qté retouchée", "number"),
        Column("unit", "Unité"),
        Column("scrap_reason_code", "Code motif d'arrêt"),
        Column("start_date", "Date début", "date"),
        Column("start_time", "Heure début", "time"),
        Column("finish_date", "Date fin", "date"),
        Column("finish_time", "Heure fin", "time"),
        Column("entry_date", "Date de saisie", "date"),
        Column("entry_time", "Heure de saisie", "time"),
        Column("posted_at", "Date comptable", "date"),
        Column("is_final", "AUERU"),
        Column("is_reversed", "STOKZ"),
        Column("cancelled_counter", "STZHL"),
        Column("remark", "Commentaire"),
    ),
)
_PORTUGUESE_CONFIRMATIONS = SheetLayout(
    model="confirmations",
    file_name="Confirmações",
    sheet="Confirmações",
    title="Confirmações de ordens",
    columns=(
        Column("plant", "Centro"),
        Column("work_center", "Centro de trabalho"),
        Column("order_id", "Ordem"),
        Column("operation", "Operação"),
        Column("confirmation", "Confirmação"),
        Column("counter", "RMZHL"),
        Column("material", "Material"),
        Column("unit", "Unidade de medida"),
        Column("good_qty", "Quantidade boa confirmada", "number"),
        Column("scrap_qty", "Refugo confirmado", "number"),
        Column("rework_qty", "Retrabalho confirmado", "number"),
        Column("scrap_reason_code", "GRUND"),
        Column("start_date", "Data início real", "date"),
        Column("start_time", "Hora início real", "time"),
        Column("finish_date", "Data real do fim", "date"),
        Column("finish_time", "Hora real do fim", "time"),
        Column("entry_date", "ERSDA", "date"),
        Column("entry_time", "ERZET", "time"),
        Column("posted_at", "Data de entrada", "date"),
        Column("is_final", "AUERU"),
        Column("is_reversed", "STOKZ"),
        Column("cancelled_counter", "STZHL"),
        Column("remark", "Observação"),
    ),
)
_LAYOUTS: dict[tuple[Model, Language], tuple[SheetLayout, SheetLayout]] = {
    ("interactions", "german"): (_GERMAN_LOG, _FRENCH_LOG),
    ("interactions", "english"): (_ENGLISH_LOG, _ENGLISH_LOG_APART),
    ("interactions", "technical"): (_ENGLISH_LOG, _ENGLISH_LOG),
    ("confirmations", "german"): (_GERMAN_CONFIRMATIONS, _FRENCH_CONFIRMATIONS),
    ("confirmations", "english"): (_ENGLISH_CONFIRMATIONS, _PORTUGUESE_CONFIRMATIONS),
    ("confirmations", "technical"): (_TECHNICAL_CONFIRMATIONS, _TECHNICAL_CONFIRMATIONS),
}


def layouts_of(model: Model, language: Language) -> tuple[SheetLayout, SheetLayout]:
    """The layout of a plant, and that of a colleague elsewhere."""
    return _LAYOUTS[model, language]


def layout_of(export: Export[Stop] | Export[Confirmation]) -> SheetLayout:
    """Layout of an export."""
    own, other = layouts_of(export.model, export.plant.language)
    return other if export.period.is_elsewhere else own
