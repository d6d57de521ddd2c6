"""Judges lines as history would, without sending or keeping anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import uuid4

from te_assets.lake import totals
from te_assets.lake.faults import Fault
from te_assets.lake.history import type_batch
from te_assets.lake.models import LakeModel
from te_assets.lake.sql import outside, render
from te_assets.lake.typing_ledger import Verdicts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from clickhouse_connect.driver.client import Client


@dataclass(frozen=True)
class Judgement:
    """What would become of the rows.

    Attributes:
        faults: The first ones, in row order.
        notes: The first ones, in row order.
        sums: Over the accepted rows: pieces by unit, or stops and their seconds.
    """

    verdicts: Verdicts
    faults: tuple[Fault, ...]
    notes: tuple[Fault, ...]
    sums: Mapping[str, Decimal]


def judge(
    client: Client,
    model: LakeModel,
    typing: str,
    *,
    contract: str,
    sha256: str,
    sheet: str,
    exported_at: datetime,
    payloads: Iterable[bytes],
    limit: int = 20,
) -> Judgement:
    """Type and judge the lines of a sheet with the SQL that history uses.

    Args:
        client: Writer; tables of its own are made in te_staging and dropped.
        model: Which model.
        typing: Compiled SELECT of the contract.
        contract: `<source>@<version>`.
        sha256: Of the file.
        sheet: Sheet that the lines come from.
        exported_at: When the source system wrote the file, UTC.
        payloads: Lines as the topic would carry them: JSON objects joined by line breaks.
        limit: Most faults and notes to return.
    """
    names = {part: f"te_staging.check_{part}__{uuid4().hex}" for part in ("lines", "batch", "known", "duplicates")}
    with _tables(client, names.values()):
        client.command(f"CREATE TABLE {names['lines']} ENGINE = Memory EMPTY AS SELECT * FROM te_raw.{model.name}")
        bound = {"contract": contract, "sha256": sha256, "sheet": sheet, "exported_at": exported_at}
        insert = render("staging", "checked_lines", lines=names["lines"])
        for data in payloads:
            client.command(insert, parameters=bound, data=data)
        type_batch(client, model, {contract: typing}, lines=names["lines"], ranges="1", batch=names["batch"])
        for part in ("known", "duplicates"):
            # What was delivered before does not matter here: only rows of this file can be duplicates of each other.
            select = render("staging", part, model=model, resumed=False, **{k: names[k] for k in ("batch", "known")})
            kept = "EMPTY AS" if part == "known" else "AS"
            client.command(f"CREATE TABLE {names[part]} ENGINE = Memory {kept} {select}")
        found = client.query(f"SELECT toString(verdict), count() FROM {names['batch']} GROUP BY 1").result_rows
        counts = {verdict: number for verdict, number in found}
        duplicates = client.query(f"SELECT count() FROM {names['duplicates']}").result_rows[0][0]
        verdicts = Verdicts(
            counts.get("accepted", 0) - duplicates, counts.get("rejected", 0), counts.get("skipped", 0), duplicates
        )
        compared = totals.comparison(model, names["batch"], not_duplicate=outside(names["duplicates"]), is_whole=True)
        differing = client.query(totals.differences(compared), parameters={"model": model.name}).result_rows
        notes = [
            *_listed(client, names["batch"], "notes", "accepted", limit),
            *(totals.fault(*row) for row in differing),
        ]
        return Judgement(
            verdicts,
            _listed(client, names["batch"], "faults", "rejected", limit),
            tuple(sorted(notes, key=lambda note: (note.row, note.column))[:limit]),
            _sums(client, model, names["batch"], "verdict = 'accepted'"),
        )


_SUMMED: Mapping[str, str] = {
    "confirmations": "SELECT concat(name, if(unit = '', '', concat(' ', unit))), sum(quantity) FROM "
    "(SELECT unit, part.1 AS name, part.2 AS quantity FROM {table} "
    "ARRAY JOIN [('good', good_qty), ('scrap', scrap_qty), ('rework', rework_qty)] AS part WHERE {condition}) "
    "GROUP BY 1 ORDER BY 1",
    "interactions": "SELECT part.1, sum(part.2) FROM (SELECT [('stops', toDecimal64(1, 3)), ('seconds', "
    "ifNull(toDecimal64(toUnixTimestamp64Milli(ended_at) - toUnixTimestamp64Milli(started_at), 3) / 1000, 0))] "
    "AS parts FROM {table} WHERE {condition}) ARRAY JOIN parts AS part GROUP BY 1 ORDER BY 1",
}


def accepted_sums(client: Client, model: LakeModel, sha256: str, contract: str) -> Mapping[str, Decimal]:
    """Sums over the rows that were accepted of a publication, as `Judgement.sums` has them."""
    return _sums(
        client,
        model,
        f"te_staging.{model.name}_history",
        "NOT is_superseded AND NOT is_tombstone AND file_sha256 = {sha256:String} AND contract = {contract:String}",
        {"sha256": sha256, "contract": contract},
    )


def _sums(
    client: Client, model: LakeModel, table: str, condition: str, parameters: Mapping[str, str] | None = None
) -> Mapping[str, Decimal]:
    query = _SUMMED[model.name].replace("{table}", table).replace("{condition}", condition)
    return {name: Decimal(value) for name, value in client.query(query, parameters=dict(parameters or {})).result_rows}


def _listed(client: Client, batch: str, array: str, verdict: str, limit: int) -> tuple[Fault, ...]:
    rows = client.query(
        f"SELECT row, f.1, f.2, f.3, f.4 FROM {batch} ARRAY JOIN {array} AS f "
        "WHERE verdict = {verdict:String} ORDER BY row, f.1 LIMIT {limit:UInt32}",
        parameters={"verdict": verdict, "limit": limit},
    ).result_rows
    return tuple(Fault(*row) for row in rows)


@contextmanager
def _tables(client: Client, names: Iterable[str]) -> Iterator[None]:
    try:
        yield
    finally:
        for name in names:
            client.command(f"DROP TABLE IF EXISTS {name}")
