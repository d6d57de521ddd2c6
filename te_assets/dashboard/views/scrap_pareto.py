"""Where scrap comes from, in one unit: the most first, with shares of the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from te_assets.dashboard.answers import ScrapPareto, ScrapReasonRow
from te_assets.dashboard.asking import Asking
from te_assets.dashboard.columns import Column, ColumnSpec
from te_assets.dashboard.filters import ScrapParetoQuery
from te_assets.dashboard.views.availability import PLANT, WORK_CENTER
from te_assets.dashboard.views.scrap_rate import MATERIAL, OPERATION
from te_assets.dashboard.views.sets import Key

REASON: Final = Key("scrap_reason_code", "m.scrap_reason_code")
_LEVELS: Final = {
    "reason": (REASON,),
    "material": (MATERIAL,),
    "work_center": (PLANT, WORK_CENTER),
    "operation": (OPERATION,),
}
_WITH_TEXT: Final = frozenset({"reason", "work_center"})


async def show(asking: Asking, query: ScrapParetoQuery) -> ScrapPareto:
    """Scrap of the filtered confirmations."""
    scope, keys = asking.scope, _LEVELS[query.level]
    found = await asking.rows(
        "scrap_pareto",
        scope.conditions("reason_class"),
        mart=scope.mart("scrap_rate" if query.level == "operation" else "scrap_reasons"),
        reasons_mart=scope.mart("scrap_reasons"),
        converts=scope.known.converts,
        by=query.level,
        keys=keys,
    )
    units = list(dict.fromkeys(row["unit"] for row in found))
    unit = query.unit or next(iter(units), None)
    shown = [row for row in found if row["unit"] == unit]
    others = [each for each in units if each != unit]
    if not shown:
        scope.note_empty()
    if others:
        scope.note("other_units", units=", ".join(others))
    return ScrapPareto(
        about=scope.about(),
        columns=_columns_of(asking, query.level, keys[-1].name),
        level=query.level,
        unit=unit,
        units=units,
        total_qty=shown[0]["total_qty"] if shown else 0,
        vital=shown[0]["vital"] if shown else 0,
        rows=await _rows_of(asking, query.level, keys[-1].name, shown),
    )


async def _rows_of(asking: Asking, level: str, key: str, shown: Sequence[Mapping[str, Any]]) -> list[ScrapReasonRow]:
    texts = await _texts_of(asking, shown) if level == "reason" else {}
    if level == "work_center":
        texts = {(row["plant"], row[key]): asking.scope.known.name_of(row["plant"], row[key]) for row in shown}
    return [
        ScrapReasonRow.model_validate(
            {
                **row,
                "key": row[key],
                "text": texts.get((row["plant"], row[key]) if level == "work_center" else row[key]),
            }
        )
        for row in shown
    ]


async def _texts_of(asking: Asking, shown: Sequence[Mapping[str, Any]]) -> dict[Any, str]:
    """Texts by code; what the site does not name, the export may."""
    texts = {row["scrap_reason_code"]: row["scrap_reason_text"] for row in shown if row["scrap_reason_text"]}
    nameless = sorted({row["scrap_reason_code"] for row in shown} - {*texts, ""})
    if nameless:
        exported = await asking.rows("logged_scrap_reasons", (), {"codes": nameless})
        texts |= {row["scrap_reason_code"]: row["scrap_reason_text"] for row in exported}
    texts[""] = asking.scope.texts.words["no_scrap_reason"]
    return texts


def _columns_of(asking: Asking, level: str, key: str) -> list[Column]:
    """Columns; that of the key bears the name of what it holds, and that of the text is there where there are texts."""
    specs = [
        *([ColumnSpec("plant")] if level == "work_center" else []),
        ColumnSpec("key"),
        *([ColumnSpec("text")] if level in _WITH_TEXT else []),
        ColumnSpec("scrap_qty", "quantity", unit_from="unit"),
        ColumnSpec("unit"),
        ColumnSpec("share", "percent"),
        ColumnSpec("cumulative_share", "percent"),
        ColumnSpec("confirmations", "integer"),
    ]
    words = asking.scope.texts.columns
    labels = {"key": words[key]}
    if level != "operation":
        labels["confirmations"] = words["confirmations_with_scrap"]
    return [
        column.model_copy(update={"label": labels.get(column.name, column.label)}) for column in asking.columns(specs)
    ]
