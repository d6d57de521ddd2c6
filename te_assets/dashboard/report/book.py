"""A report as an Excel workbook: a sheet per part of the overview, and one that says what it is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from te_assets.dashboard.columns import DECIMALS, ColumnSpec
from te_assets.dashboard.exports import about
from te_assets.dashboard.exports.cells import Cell, Sheet, shown
from te_assets.dashboard.exports.workbook import Figure, Table, workbook
from te_assets.dashboard.report.content import Content

_TIMES: Final = (
    ColumnSpec("availability", "percent"),
    ColumnSpec("target", "percent"),
    *(
        ColumnSpec(name, "hours")
        for name in (
            "planned_operation_seconds",
            "planned_down_seconds",
            "planned_busy_seconds",
            "unplanned_down_seconds",
            "setup_seconds",
            "production_seconds",
            "unexplained_seconds",
            "uncovered_seconds",
        )
    ),
    ColumnSpec("stops", "integer"),
    ColumnSpec("failures", "integer"),
    ColumnSpec("coverage", "choice"),
)
_PIECES: Final = (
    ColumnSpec("unit"),
    ColumnSpec("scrap_rate", "rate"),
    ColumnSpec("target", "rate"),
    ColumnSpec("scrap_qty", "quantity"),
    ColumnSpec("produced_qty", "quantity"),
    ColumnSpec("rework_qty", "quantity"),
    ColumnSpec("confirmations", "integer"),
)
_PLACE: Final = (ColumnSpec("plant"), ColumnSpec("work_center"), ColumnSpec("name"))
_REASONS: Final = (
    ColumnSpec("reason_code"),
    ColumnSpec("reason_text"),
    ColumnSpec("reason_class", "choice"),
    ColumnSpec("attributed_seconds", "hours"),
    ColumnSpec("stops", "integer"),
    ColumnSpec("share", "percent"),
    ColumnSpec("cumulative_share", "percent"),
)


def xlsx(content: Content) -> bytes:
    """The workbook."""
    overview, words = content.overview, content.texts.words
    period = ColumnSpec("period", "day")
    return workbook(
        [
            _cards(content),
            _table(content, words["trend_availability"], (period, *_TIMES), overview.availability_trend),
            _table(content, words["trend_scrap"], (period, *_PIECES), overview.scrap_trend),
            _table(content, words["worst_work_centers"], (*_PLACE, *_TIMES), overview.worst_work_centers),
            _table(content, words["worst_reasons"], _REASONS, overview.worst_reasons),
            _table(content, words["worst_scrap"], (*_PLACE, *_PIECES), overview.worst_scrap),
            Table(words["about"], (), (), list(_about(content))),
        ]
    )


def _cards(content: Content) -> Table:
    words = content.texts.words
    headings = (words["figure"], words["value"], words["unit"], words["before"], words["target"])
    units = {"percent": "%", "rate": "%", "hours": "h", "integer": ""}
    rows: list[Sequence[Cell | Figure]] = [
        (
            content.label(card),
            _figure(card.value, card.kind),
            card.unit if card.kind == "quantity" else units[card.kind],
            _figure(card.previous, card.kind),
            _figure(card.target, card.kind),
        )
        for card in content.overview.cards
    ]
    return Table(words["view_overview"], headings, (), rows)


def _figure(value: float | None, kind: Any) -> Figure | None:
    return None if value is None else Figure(shown(value, kind, DECIMALS.get(kind, 0)), kind)


def _table(content: Content, title: str, specs: Sequence[ColumnSpec], rows: Sequence[Any]) -> Table:
    columns = [content.texts.column(spec) for spec in specs]
    sheet = Sheet(columns, None, content.texts, {})
    return Table(
        title,
        sheet.headings(percent_sign=False),
        [column.kind for column in columns],
        [sheet.cells(row) for row in rows],
    )


def _about(content: Content) -> Iterator[tuple[str, str]]:
    overview, words = content.overview, content.texts.words
    fields = {spec.name for spec in (*_TIMES, *_PIECES, *_REASONS)}
    lines = about.lines(words["report"], overview.about, content.filters, content.texts, fields, zone=None)
    yield words["site"], content.site
    yield from lines
    yield "", ""
    yield words["policies"], ""
    for policy in content.definitions.policies:
        yield policy.label, f"{policy.value}. {policy.meaning}"
    yield words["compared_with"], f"{overview.previous_first_day} – {overview.previous_last_day}"
