"""From a mart row to the rows of workbooks behind it, and from a row of a workbook to what became of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from te_assets.contracts.layout import Model
from te_assets.errors import LakeError
from te_assets.lake.cells import FIELDS, POSITION, Workbooks, position, workbooks
from te_assets.lake.files import whole_sha256
from te_assets.lake.marts import Mart
from te_assets.lake.sql import render

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_PIECES = (
    "concat('good ', toString(good_qty), ', scrap ', toString(scrap_qty), ', rework ', toString(rework_qty), ' ', unit)"
)
_SECONDS = (
    "concat(formatDateTime(started_at, '%F %T'), ' – ', formatDateTime(ended_at, '%F %T'), ' UTC, ', reason_code, "
    "': ', toString(attributed_seconds), ' s')"
)
_WINDOW = ("plant", "work_center", "production_day", "shift")


@dataclass(frozen=True)
class _Way:
    """How a mart leads to its rows: model, view, the columns that both share, what is said of a row, its cells."""

    model: Model
    view: str
    grain: tuple[str, ...]
    said: str
    fields: Sequence[str]
    only: str = "true"


_WAYS: Final[Mapping[Mart, _Way]] = {
    "scrap_rate": _Way(
        "confirmations",
        "scrap_rate_sources",
        (*_WINDOW, "material", "operation", "unit"),
        _PIECES,
        FIELDS["confirmations"],
    ),
    "scrap_reasons": _Way(
        "confirmations",
        "scrap_rate_sources",
        (*_WINDOW, "material", "unit", "scrap_reason_code"),
        _PIECES,
        FIELDS["confirmations"],
        "scrap_qty != 0",
    ),
    "availability": _Way("interactions", "availability_sources", _WINDOW, _SECONDS, FIELDS["interactions"]),
    "downtime_reasons": _Way(
        "interactions",
        "availability_sources",
        (*_WINDOW, "reason_class", "reason_code"),
        _SECONDS,
        FIELDS["interactions"],
    ),
    "stops": _Way(
        "interactions", "availability_sources", (*_WINDOW, "interaction_id"), _SECONDS, FIELDS["interactions"]
    ),
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
        f"SELECT {way.said}, business_key, file_sha256, sheet, row, {POSITION} "
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
    files = _workbooks(client, {sha256 for _, _, sha256, *_ in rows if sha256})
    letters = _matrix_letters(client, {raw for _, _, sha256, _, _, raw in rows if files.is_matrix(sha256)})
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
        f"SELECT model, contract, sheet, fate, column, reason, production_day, business_key, {POSITION} AS raw "
        "FROM te_ops.row_fates WHERE file_sha256 = {sha256:String} AND row = {row:UInt32} ORDER BY ALL",
        parameters={"sha256": sha256, "row": row},
    ).result_rows
    if not found:
        raise LakeError(
            f"lineage: no row {row} of a file {sha256} reached te_staging. Blank rows and what stands above the header "
            "are not read; te_ops.files tells which files were delivered, te-assets status whether lines still wait."
        )
    files = _workbooks(client, {sha256})
    letters = _matrix_letters(client, {raw for *_, raw in found} if files.is_matrix(sha256) else ())
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
        f"SELECT {POSITION}, file_sha256, sheet, row FROM te_staging.{model} WHERE business_key = {{key:String}}",
        parameters={"key": business_key},
    ).result_rows
    if not rows:
        return f"the newest version of {business_key} is not current: its day waits, or it left its source"
    position, sha256, sheet, row = rows[0]
    return "counts" if position == raw else f"replaced by {sheet}, row {row} of {sha256 or 'an event'}"


def _matrix_letters(client: Client, lines: Collection[str]) -> dict[str, str]:
    """Where a line of raw lies → the column of the cell that it comes from, for lines of a matrix."""
    if not lines:
        return {}
    found = client.query(render("origins", "matrix_letters"), parameters={"lines": [position(line) for line in lines]})
    return {line: letter for line, letter in found.result_rows}


def _workbooks(client: Client, hashes: Collection[str]) -> Workbooks:
    """What te_ops.files knows of these workbooks."""
    found = client.query(render("origins", "manifests"), parameters={"hashes": sorted(hashes)})
    return workbooks((sha256, name, manifest) for sha256, name, manifest in found.result_rows)
