"""Provenance: the rows of workbooks behind a figure, down to the cell, and what they add up to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from te_assets.contracts.layout import Model
from te_assets.dashboard.answers import Provenance, SourceRow
from te_assets.dashboard.asking import Asking
from te_assets.dashboard.columns import ColumnSpec
from te_assets.dashboard.concurrently import together
from te_assets.dashboard.filters import ProvenanceQuery
from te_assets.dashboard.known import utc
from te_assets.dashboard.origins import matrix_letters, pieces, workbooks_of
from te_assets.lake.cells import FIELDS, position

_MODELS: Final[Mapping[str, Model]] = {
    "availability": "interactions",
    "downtime_reasons": "interactions",
    "scrap_rate": "confirmations",
    "scrap_reasons": "confirmations",
}
_FILTERS: Final[Mapping[Model, Sequence[str]]] = {
    "interactions": ("plant", "line", "work_center", "shift", "reason_class"),
    "confirmations": ("plant", "line", "work_center", "shift", "material"),
}
_MORE: Final[Mapping[Model, Sequence[str]]] = {
    "interactions": ("reason_code", "interaction_id"),
    "confirmations": ("operation", "unit", "scrap_reason_code", "order_id"),
}
_QUANTITIES: Final = ("good_qty", "scrap_qty", "rework_qty")
_PLACE: Final = tuple(
    ColumnSpec(name, "day" if name == "production_day" else "text")
    for name in ("production_day", "shift", "plant", "work_center", "what")
)
_TIMES: Final = (ColumnSpec("started_at", "instant"), ColumnSpec("ended_at", "instant"))
_SEEN: Final[Mapping[Model, Sequence[ColumnSpec]]] = {
    "interactions": (*_TIMES, ColumnSpec("attributed_seconds", "seconds", heading="exact_seconds")),
    "confirmations": (
        *(ColumnSpec(name, "quantity", unit_from="unit") for name in _QUANTITIES),
        ColumnSpec("unit"),
        *(ColumnSpec(each.name, each.kind, is_hidden=True) for each in _TIMES),
    ),
}
_ORIGIN: Final = (ColumnSpec("cells"), ColumnSpec("file_name"))
_REST: Final = (
    ColumnSpec("contract"),
    ColumnSpec("sheet", is_hidden=True),
    ColumnSpec("row", "integer", is_hidden=True),
    ColumnSpec("file_sha256", is_hidden=True),
    ColumnSpec("business_key", is_hidden=True),
    ColumnSpec("raw", is_hidden=True),
)


async def show(asking: Asking, query: ProvenanceQuery) -> Provenance:
    """The rows that a figure counts; rows are as they are now."""
    scope, model = asking.scope, _MODELS[query.mart]
    if query.as_of:
        scope.note("rows_as_of_now")
    how = _Way(asking, query, model)
    days = await how.rows("provenance_days")
    total: Mapping[str, Any] = next((day for day in days if day["is_total"]), {"rows": 0})
    found = await _page(how, [day for day in days if not day["is_total"]])
    if not total["rows"]:
        total = {"rows": 0}
        scope.note_empty()
    units = total.get("units") or []
    if len(units) > 1:
        scope.note("other_units", units=", ".join(units))
    return Provenance(
        about=scope.about(),
        columns=asking.columns((*_PLACE, *_ORIGIN, *_SEEN[model], *_REST)),
        total=total["rows"],
        offset=query.offset,
        limit=query.limit,
        sort="production_day",
        total_seconds=total.get("attributed_seconds"),
        **{f"total_{name}": total.get(name) for name in _QUANTITIES},
        total_unit=units[0] if len(units) == 1 else None,
        rows=await _located(asking, model, found),
    )


class _Way:
    """How the rows behind a mart are asked for."""

    def __init__(self, asking: Asking, query: ProvenanceQuery, model: Model) -> None:
        self.query = query
        self._asking = asking
        self._model = model
        self._more = [name for name in _MORE[model] if getattr(query, name) is not None]

    async def rows(self, name: str, **bound: Any) -> list[dict[str, Any]]:
        """Rows of a query under the filters that the mart has."""
        scope = self._asking.scope
        return await self._asking.rows(
            name,
            scope.conditions() & set(_FILTERS[self._model]),
            {**{name: getattr(self.query, name) for name in self._more}, **bound},
            mart=self.query.mart,
            of_stops=self._model == "interactions",
            more=self._more,
            converts=scope.known.converts,
            by_last_operation=self.query.mart == "scrap_rate" and scope.basis == "last_operation",
        )


async def _page(how: _Way, days: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of the page; only the production days that it shows are read and sorted."""
    before, first = 0, 0
    shown: list[date] = []
    end = how.query.offset + how.query.limit
    for day in days:
        if before + day["rows"] > how.query.offset and before < end:
            first = first if shown else before
            shown.append(day["production_day"])
        before += day["rows"]
    if not shown:
        return []
    return await how.rows(
        "provenance",
        first_day=shown[0],
        last_day=shown[-1],
        limit=how.query.limit,
        offset=how.query.offset - first,
    )


async def _located(asking: Asking, model: Model, rows: Sequence[Mapping[str, Any]]) -> list[SourceRow]:
    """Rows with file, cells and contract."""
    if not rows:
        return []
    lake = asking.lake
    known = await together(
        books=workbooks_of(lake, {row["file_sha256"] for row in rows}), contracts=_contracts(asking, rows)
    )
    books = known["books"]
    letters = await matrix_letters(lake, {row["raw"] for row in rows if books.is_matrix(row["file_sha256"])})
    return [
        SourceRow.model_validate(
            {
                "contract": known["contracts"].get(row["raw"], ""),
                **row,
                "started_at": utc(row["started_at"]),
                "ended_at": utc(row["ended_at"]),
                "file_name": books.name(row["file_sha256"]),
                "cells": books.cells(
                    row["file_sha256"], row["sheet"], row["row"], FIELDS[model], letters.get(row["raw"], "")
                ),
            }
        )
        for row in rows
    ]


async def _contracts(asking: Asking, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Where a line of a stop lies → its contract, which marts do not keep; confirmations have theirs."""
    if "contract" in rows[0]:
        return {}
    contracts: dict[str, str] = {}
    for some in pieces(rows):
        found = await asking.rows(
            "stop_contracts",
            (),
            {
                "last_day": max(row["production_day"] for row in some),
                "keys": sorted({row["business_key"] for row in some}),
                "lines": [position(row["raw"]) for row in some],
            },
        )
        contracts |= {row["raw"]: row["contract"] for row in found}
    return contracts
