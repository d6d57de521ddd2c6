"""From a mart row to the rows of workbooks behind it, and from a row of a workbook to what became of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from te_assets.contracts.fields import DURATION
from te_assets.contracts.layout import Model
from te_assets.errors import LakeError
from te_assets.lake.files import whole_sha256
from te_assets.lake.marts import Mart

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_PIECES = (
    "concat('good ', toString(good_qty), ', scrap ', toString(scrap_qty), ', rework ', toString(rework_qty), ' ', unit)"
)
_SECONDS = (
    "concat(formatDateTime(started_at, '%F %T'), ' – ', formatDateTime(ended_at, '%F %T'), ' UTC, ', reason_code, "
    "': ', toString(attributed_seconds), ' s')"
)
_POSITION: Final = "concat(toString(topic_id), '/', toString(partition), '/', toString(offset), '/', toString(line))"
"""Where a line of raw lies, as people and `Source.raw` write it."""
_QUANTITIES = ("good_qty", "scrap_qty", "rework_qty")
_TIMES = ("started_at", "start_date", "start_time", "ended_at", "end_date", "end_time", DURATION, "reason_code")
_WINDOW = ("plant", "work_center", "production_day", "shift")


@dataclass(frozen=True)
class _Way:
    """How a mart leads to its rows: model, view, the columns that both share, what is said of a row, its cells."""

    model: Model
    view: str
    grain: tuple[str, ...]
    said: str
    fields: tuple[str, ...]
    only: str = "true"


_WAYS: Final[Mapping[Mart, _Way]] = {
    "scrap_rate": _Way(
        "confirmations", "scrap_rate_sources", (*_WINDOW, "material", "operation", "unit"), _PIECES, _QUANTITIES
    ),
    "scrap_reasons": _Way(
        "confirmations",
        "scrap_rate_sources",
        (*_WINDOW, "material", "unit", "scrap_reason_code"),
        _PIECES,
        _QUANTITIES,
        "scrap_qty != 0",
    ),
    "availability": _Way("interactions", "availability_sources", _WINDOW, _SECONDS, _TIMES),
    "downtime_reasons": _Way(
        "interactions", "availability_sources", (*_WINDOW, "reason_class", "reason_code"), _SECONDS, _TIMES
    ),
    "stops": _Way("interactions", "availability_sources", (*_WINDOW, "interaction_id"), _SECONDS, _TIMES),
}


@dataclass(frozen=True)
class Source:
    """A row of a workbook, or an event, that a mart row counts.

    Attributes:
        said: What it contributes, for a person.
        business_key: Key in te_staging.
        file: Name of the workbook; empty for events.
        sha256: Of the workbook.
        cells: Addresses, `COOIS!H31, COOIS!I31`; the row alone where the fields stand in no single column.
        raw: Where the line lies: `topic id/partition/offset/line`.
    """

    said: str
    business_key: str
    file: str
    sha256: str
    cells: str
    raw: str


@dataclass(frozen=True)
class Fate:
    """What became of a row of a workbook under one contract.

    Attributes:
        fate: accepted, rejected, skipped or duplicate.
        cell: Faulty cell of a rejected row, else the row.
        reason: Why it was rejected or skipped; for an accepted row whether it counts, and else what does.
        production_day: Where it counts; None unless accepted.
        raw: Where the line lies.
    """

    model: str
    contract: str
    fate: str
    cell: str
    reason: str
    production_day: date | None
    raw: str


def sources(client: Client, table: str, where: str, *, limit: int = 50) -> list[Source]:
    """The rows behind mart rows.

    Args:
        client: The writer's; the query itself runs read-only.
        table: A mart, with or without `te_marts.`.
        where: SQL condition on the mart's columns.
        limit: Most rows to return.

    Raises:
        LakeError: There is no such mart, or ClickHouse does not understand the condition.
    """
    from clickhouse_connect.driver.exceptions import DatabaseError

    name = table.removeprefix("te_marts.")
    way = next((way for mart, way in _WAYS.items() if mart == name), None)
    if way is None:
        raise LakeError(f"lineage: there is no mart {table}. There are {', '.join(f'te_marts.{m}' for m in _WAYS)}.")
    grain = ", ".join(f"ifNull(toString({column}), '')" for column in way.grain)
    query = (
        f"SELECT {way.said}, business_key, file_sha256, sheet, row, {_POSITION} "
        f"FROM te_marts.{way.view} WHERE {way.only} "
        f"AND ({grain}) IN (SELECT {grain} FROM te_marts.{name} WHERE ({where})) "
        f"ORDER BY production_day, work_center, business_key LIMIT {int(limit)}"
    )
    try:
        rows = client.query(query, settings={"readonly": 2}).result_rows
    except DatabaseError as error:
        columns = ", ".join(row[0] for row in client.query(f"DESCRIBE TABLE te_marts.{name}").result_rows)
        raise LakeError(
            f"lineage: ClickHouse does not take the condition {where!r}: {str(error)[:300]}\n"
            f"Columns of te_marts.{name}: {columns}."
        ) from error
    files = _files(client, {sha256 for _, _, sha256, *_ in rows if sha256})
    lines = {(way.model, sha256, raw) for _, _, sha256, _, _, raw in rows if files.is_matrix(sha256)}
    letters = _matrix_letters(client, lines)
    return [
        Source(
            said,
            key,
            files.name(sha256),
            sha256,
            files.cells(sha256, sheet, row, way.fields, letters.get(raw, "")),
            raw,
        )
        for said, key, sha256, sheet, row, raw in rows
    ]


def fates(client: Client, sha256: str, row: int) -> list[Fate]:
    """What became of a row of a delivered workbook.

    Args:
        client: The writer's.
        sha256: Of the workbook, or its first digits as far as no other file has them.
        row: Excel row number.

    Raises:
        LakeError: The file holds no such row, or was never delivered.
    """
    sha256 = whole_sha256(client, sha256)
    found = client.query(
        f"SELECT model, contract, sheet, fate, column, reason, production_day, business_key, {_POSITION} AS raw "
        "FROM te_ops.row_fates WHERE file_sha256 = {sha256:String} AND row = {row:UInt32} ORDER BY ALL",
        parameters={"sha256": sha256, "row": row},
    ).result_rows
    if not found:
        raise LakeError(
            f"lineage: no row {row} of a file {sha256} reached te_staging. Blank rows and what stands above the header "
            "are not read; te_ops.files tells which files were delivered, te-assets status whether lines still wait."
        )
    files = _files(client, {sha256})
    letters = _matrix_letters(client, {(model, sha256, raw) for model, *_, raw in found if files.is_matrix(sha256)})
    return [
        Fate(
            model,
            contract,
            fate,
            files.cells(sha256, sheet, row, (column,), "" if column else letters.get(raw, "")),
            _standing(client, model, key, raw) if fate == "accepted" else reason,
            day,
            raw,
        )
        for model, contract, sheet, fate, column, reason, day, key, raw in found
    ]


def _standing(client: Client, model: str, business_key: str, raw: str) -> str:
    """Whether an accepted row counts, or which one does in its place."""
    rows = client.query(
        f"SELECT {_POSITION}, file_sha256, sheet, row FROM te_staging.{model} WHERE business_key = {{key:String}}",
        parameters={"key": business_key},
    ).result_rows
    if not rows:
        return f"the newest version of {business_key} is not current: its day waits, or it left its source"
    position, sha256, sheet, row = rows[0]
    return "counts" if position == raw else f"replaced by {sheet}, row {row} of {sha256 or 'an event'}"


@dataclass(frozen=True)
class _Files:
    """Names and columns of delivered workbooks."""

    names: Mapping[str, str]
    columns: Mapping[tuple[str, str], Mapping[str, str]]

    def name(self, sha256: str) -> str:
        """File name as delivered."""
        return self.names.get(sha256, "")

    def is_matrix(self, sha256: str) -> bool:
        """Whether a row of the workbook can be several lines of raw, one per cell of a matrix."""
        return any("@" in field for (of, _), letters in self.columns.items() if of == sha256 for field in letters)

    def cells(self, sha256: str, sheet: str, row: int, fields: Sequence[str], letter: str = "") -> str:
        """Addresses of some fields of a row; `letter` is the column of its cell in a matrix, empty elsewhere."""
        known = self.columns.get((sha256, sheet), {})
        letters = [*(known[field] for field in fields if field in known), *([letter] if letter else [])]
        found = [f"{sheet}!{found}{row}" for found in letters]
        return ", ".join(found) or (f"{sheet}, row {row}" if sheet else f"event, index {row}")


def _matrix_letters(client: Client, lines: Set[tuple[Model, str, str]]) -> dict[str, str]:
    """Where a line of raw lies → the column of the cell that it comes from, for lines of a matrix.

    Args:
        client: The writer's.
        lines: (model, SHA-256 of the workbook, where the line lies).
    """
    letters: dict[str, str] = {}
    for model in {model for model, *_ in lines}:
        mine = [(sha256, raw) for of, sha256, raw in lines if of == model]
        found = client.query(
            f"SELECT {_POSITION} AS position, JSONExtractString(payload, '_column') FROM te_raw.{model} "
            "WHERE file_sha256 IN {hashes:Array(String)} AND position IN {positions:Array(String)}",
            parameters={
                "hashes": sorted({sha256 for sha256, _ in mine}),
                "positions": [raw for _, raw in mine],
            },
        ).result_rows
        letters |= {position: letter for position, letter in found}
    return letters


def _files(client: Client, hashes: set[str]) -> _Files:
    """What te_ops.files knows of these workbooks."""
    rows = client.query(
        "SELECT sha256, name, manifest FROM te_ops.files WHERE sha256 IN {hashes:Array(String)} AND manifest != '' "
        "ORDER BY at",
        parameters={"hashes": sorted(hashes)},
    ).result_rows
    names: dict[str, str] = {}
    columns: dict[tuple[str, str], Mapping[str, str]] = {}
    for sha256, name, manifest in rows:
        told = json.loads(manifest)
        names[sha256] = name
        maps = told.get("header_maps") or {told.get("sheet", ""): told.get("header_map", {})}
        columns |= {(sha256, sheet): letters for sheet, letters in maps.items()}
    return _Files(names, columns)
