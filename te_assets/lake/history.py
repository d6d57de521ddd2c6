"""Raw → history: types loaded lines with their contract's SQL, each unit planned first and read back.

A kill at any statement leaves a PLANNED unit that the next call does again. That is harmless because every line is
written by content (ReplacingMergeTree over version and raw position), what the unit meets in `_keys` is looked up
without its own versions, and positions that are touched become visible before the unit counts as done.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from te_assets.contracts.layout import ORIGIN_HEADER
from te_assets.errors import LakeError
from te_assets.lake import typing_ledger
from te_assets.lake.models import LOGGED_SECONDS, LakeModel
from te_assets.lake.sql import outside, render
from te_assets.lake.totals import SHEET_TOTALS, comparison
from te_assets.lake.typing_ledger import Unit, Verdicts
from te_assets.lake.writing import WRITE_SETTINGS, keep

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

# Merging the layers of a typing SELECT takes longer than running them apart; thousands of work centers make it long.
_TYPING = {**WRITE_SETTINGS, "query_plan_merge_expressions": 0, "max_query_size": 64_000_000}


@dataclass
class Typed:
    """What one call typed.

    Attributes:
        verdicts: Counts over all units.
        units: Units done.
        touched: (plant, production day as ISO text) whose figures may have changed.
        seconds: By step: type, look_up, write, read_back.
        more: Loaded lines are left because the bound of the call was reached.
    """

    verdicts: Verdicts = field(default_factory=Verdicts)
    units: int = 0
    touched: set[tuple[str, str]] = field(default_factory=set)
    seconds: dict[str, float] = field(default_factory=dict)
    more: bool = False

    def add_touched(self, touched: Iterable[tuple[str, str, str]], model: str) -> None:
        """Take over days, given as (model, plant, day), that a correction touched for the model."""
        self.touched |= {(plant, day) for shown, plant, day in touched if shown == model}

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Add the block's wall time to the step."""
        begin = time.perf_counter()
        yield
        self.seconds[step] = self.seconds.get(step, 0.0) + time.perf_counter() - begin


def type_history(
    client: Client,
    model: LakeModel,
    typing: Mapping[str, str],
    *,
    run_id: str,
    max_lines: int = 1_000_000,
    max_units: int = 100,
    on_step: Callable[[str], None] = lambda _: None,
) -> Typed:
    """Type every loaded line of the model that is not yet in history.

    Args:
        client: Writer.
        model: Which model.
        typing: Compiled SELECT per contract id (`<source>@<version>`); it reads from `lines`.
        run_id: For the ledgers.
        max_lines: Bound of a unit; what it holds stays in memory while it is written.
        max_units: Bound of the call.
        on_step: Told before each step, for fault tests.

    Raises:
        LakeError: After writing, history does not hold what was typed; the unit stays planned.
    """
    result = Typed()
    while (unit := typing_ledger.next_unit(client, model.topic, max_lines)) is not None:
        if result.units == max_units:
            result.more = True
            break
        _type_unit(client, model, typing, unit, run_id, result, on_step)
        result.units += 1
    return result


def _type_unit(
    client: Client,
    model: LakeModel,
    typing: Mapping[str, str],
    unit: Unit,
    run_id: str,
    result: Typed,
    on_step: Callable[[str], None],
) -> None:
    plan_id = uuid4()
    tables = {
        name: f"te_staging.{model.name}_{name}__{plan_id.hex}"
        for name in ("batch", "known", "duplicates", "contested", "covered", "touched")
    }
    names = {
        "model": model,
        "ranges": unit.condition,
        "resumed": unit.resumed,
        "logged_seconds": LOGGED_SECONDS,
        "not_duplicate": "",
        **tables,
    }
    bound, not_duplicate = {"model": model.name}, ""
    try:
        on_step("plan")
        typing_ledger.record(client, unit, "PLANNED", plan_id, run_id, {})
        on_step("type")
        with result.timed("type"):
            raw = f"te_raw.{model.name} FINAL"
            present = type_batch(client, model, typing, lines=raw, ranges=unit.condition, batch=tables["batch"])
        with result.timed("look_up"):
            for name in ("known", "duplicates"):
                keep(client, tables[name], render("staging", name, **names), bound)
            if client.command(f"SELECT count() FROM {tables['duplicates']}"):
                names["not_duplicate"] = not_duplicate = outside(tables["duplicates"])
            for name in ("contested", "covered", "touched"):
                keep(client, tables[name], render("staging", name, **names), bound)
        on_step("write")
        with result.timed("write"):
            for name in ("history", "rejected", "notes", "set_aside"):
                client.command(render("staging", name, **names), parameters=bound, settings=WRITE_SETTINGS)
            if client.command(f"SELECT count() FROM {tables['batch']} WHERE verdict = 'skipped'"):
                select = comparison(model, tables["batch"], not_duplicate=not_duplicate, is_whole=False)
                client.command(
                    f"INSERT INTO te_staging.sheet_totals ({', '.join(SHEET_TOTALS)}) {select}",
                    parameters=bound,
                    settings=WRITE_SETTINGS,
                )
            unknown = {"model": model.name, "contracts": present}
            client.command(render("staging", "unknown_contracts", **names), parameters=unknown, settings=WRITE_SETTINGS)
            client.command(
                "INSERT INTO te_ops.coverage (model, source, file_sha256, contract, plant, work_center, "
                "covers_from, covers_until, origin) "
                f"SELECT * FROM {tables['covered']}",
                settings=WRITE_SETTINGS,
            )
            if repaired := _repaired_files(client, tables["batch"]):
                client.command(
                    render("staging", "resolved", **names),
                    parameters={**bound, "files": repaired, "header": ORIGIN_HEADER},
                    settings=WRITE_SETTINGS,
                )
            # The sequence is taken after all that a restatement reads is written: a day cleared up to it has seen it.
            for touched_model in model.touches:
                client.command(
                    "INSERT INTO te_ops.touched_days (model, plant, production_day, sequence, why, run_id) "
                    "SELECT {model:String}, plant, production_day, {sequence:UInt64}, any(why), {run_id:String} "
                    f"FROM {tables['touched']} WHERE {{model:String}} = {{own:String}} OR why != 'orders' "
                    "GROUP BY plant, production_day",
                    parameters={
                        "model": touched_model,
                        "own": model.name,
                        "sequence": time.time_ns(),
                        "run_id": run_id,
                    },
                    settings=WRITE_SETTINGS,
                )
            client.command(render("staging", "keys", **names), settings=WRITE_SETTINGS)
        on_step("read_back")
        with result.timed("read_back"):
            verdicts = _read_back(client, model, unit)
        result.touched |= {
            (p, str(d))
            for p, d in client.query(f"SELECT DISTINCT plant, production_day FROM {tables['touched']}").result_rows
        }
        on_step("done")
        typing_ledger.record(client, unit, "LOADED", plan_id, run_id, verdicts)
        result.verdicts = sum(verdicts.values(), result.verdicts)
    finally:
        for table in tables.values():
            client.command(f"DROP TABLE IF EXISTS {table}")


def type_batch(
    client: Client, model: LakeModel, typing: Mapping[str, str], *, lines: str, ranges: str, batch: str
) -> list[str]:
    """Fill a new table with the typed and judged lines, contract by contract.

    Args:
        client: Writer.
        model: Which model.
        typing: Compiled SELECT per contract id.
        lines: Table with the columns of te_raw.
        ranges: SQL condition on its rows.
        batch: Name of the table to create.

    Returns:
        The contracts that were found and are known.
    """
    found = client.query(f"SELECT DISTINCT contract FROM {lines} WHERE {ranges}").result_rows
    known = [contract for (contract,) in found if contract in typing]
    client.command(render("staging", "batch_table", model=model, batch=batch))
    for contract in known:
        select = render("staging", "batch", model=model, lines=lines, ranges=ranges, typing=typing[contract])
        client.command(f"INSERT INTO {batch} {select}", parameters={"contract": contract}, settings=_TYPING)
    return known


def _repaired_files(client: Client, batch: str) -> list[str]:
    """Files of the batch whose rows say which rejected rows they were."""
    rows = client.query(
        "SELECT DISTINCT sha256 FROM te_ops.files WHERE state = 'PUBLISHED' "
        "AND has(JSONExtract(manifest, 'unmapped', 'Array(String)'), {header:String}) "
        f"AND sha256 IN (SELECT DISTINCT file_sha256 FROM {batch})",
        parameters={"header": ORIGIN_HEADER},
    ).result_rows
    return [sha256 for (sha256,) in rows]


def _read_back(client: Client, model: LakeModel, unit: Unit) -> dict[tuple[UUID, int], Verdicts]:
    """Count distinct raw positions in what was written and compare with raw, per partition.

    Raises:
        LakeError: They differ.
    """
    query = render("staging", "read_back", model=model, ranges=unit.condition)
    rows = client.query(query, parameters={"model": model.name}).result_rows
    verdicts = {(topic_id, partition): Verdicts(*counts) for topic_id, partition, _, *counts in rows}
    for topic_id, partition, raw, *_ in rows:
        typed = verdicts[topic_id, partition]
        if typed.lines != raw:
            raise LakeError(
                f"te_staging.{model.name}_history: {model.topic} partition {partition} holds {raw:,} raw "
                f"lines in {unit.condition}, "
                f"but {typed.accepted:,} accepted + {typed.rejected:,} rejected + {typed.skipped:,} "
                f"skipped + {typed.duplicates:,} duplicates "
                f"= {typed.lines:,} were found after writing. The range stays planned and is typed again "
                "by the next run; "
                "if it fails again, run te-assets doctor."
            )
    return verdicts
