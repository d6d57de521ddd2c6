"""What stops cost, by class, reason or work center: the greatest first, with shares of the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from te_assets.dashboard.answers import DowntimePareto, ReasonRow
from te_assets.dashboard.asking import Asking
from te_assets.dashboard.columns import ColumnSpec
from te_assets.dashboard.filters import DowntimeParetoQuery
from te_assets.dashboard.views.availability import PLANT, WORK_CENTER
from te_assets.dashboard.views.sets import Key

BREAK: Final = "(break)"
CLASS, CODE = Key("reason_class", "m.reason_class"), Key("reason_code", "m.reason_code")
_LEVELS: Final = {"class": (CLASS,), "reason": (CLASS, CODE), "work_center": (PLANT, WORK_CENTER)}
_MEASURES: Final = {"seconds": "attributed_seconds", "stops": "stops"}
_KEY_COLUMNS: Final[Mapping[str, tuple[ColumnSpec, ...]]] = {
    "class": (ColumnSpec("reason_class", "choice"),),
    "reason": (ColumnSpec("reason_code"), ColumnSpec("reason_text"), ColumnSpec("reason_class", "choice")),
    "work_center": (ColumnSpec("plant"), ColumnSpec("work_center"), ColumnSpec("name")),
}
_PARTS: Final = (
    ColumnSpec("attributed_seconds", "hours"),
    ColumnSpec("logged_seconds", "hours", is_hidden=True),
    ColumnSpec("stops", "integer"),
    ColumnSpec("share", "percent"),
    ColumnSpec("cumulative_share", "percent"),
)
_ALL: Final = 100_000


async def show(asking: Asking, query: DowntimeParetoQuery) -> DowntimePareto:
    """Reasons of the filtered stops."""
    found = await found_of(asking, query.level, query.measure)
    if not found:
        asking.scope.note_empty()
    return DowntimePareto(
        about=asking.scope.about(),
        columns=asking.columns([*_KEY_COLUMNS[query.level], *_PARTS]),
        level=query.level,
        measure=query.measure,
        total_seconds=found[0]["total_seconds"] if found else 0,
        total_stops=found[0]["total_stops"] if found else 0,
        vital=found[0]["vital"] if found else 0,
        rows=await rows_of(asking, found),
    )


async def found_of(
    asking: Asking, level: str = "reason", measure: str = "seconds", most: int = _ALL
) -> list[dict[str, Any]]:
    """The greatest rows of a level, as they come: shares are of the whole, however many are wanted."""
    scope = asking.scope
    return await asking.rows(
        "downtime_pareto",
        scope.conditions("material"),
        {"most": most},
        mart=scope.mart("downtime_reasons"),
        keys=_LEVELS[level],
        measure=_MEASURES[measure],
        with_text=level == "reason",
    )


async def rows_of(asking: Asking, found: Sequence[Mapping[str, Any]]) -> list[ReasonRow]:
    """Rows with names and texts; what the site does not name, the log may."""
    known = asking.scope.known
    texts = {row["reason_code"]: row["reason_text"] for row in found if row.get("reason_text")}
    nameless = sorted({row["reason_code"] for row in found if "reason_code" in row} - {*texts, BREAK})
    if nameless:
        logged = await asking.rows("logged_reasons", (), {"codes": nameless})
        texts |= {row["reason_code"]: row["reason_text"] for row in logged}
    texts[BREAK] = asking.scope.texts.words["scheduled_break"]
    names = {
        (row["plant"], row["work_center"]): known.name_of(row["plant"], row["work_center"])
        for row in found
        if "work_center" in row
    }
    return [
        ReasonRow.model_validate(
            {
                "reason_class": None,
                **row,
                "reason_text": texts.get(row.get("reason_code", "")),
                "name": names.get((row.get("plant"), row.get("work_center"))),
            }
        )
        for row in found
    ]
