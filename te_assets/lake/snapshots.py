"""Rows that left their source: a file that is complete for its scope and period takes out what it no longer has.

Tombstones are versions like others, ordered by the export of the snapshot, so that the order of arrival does not
matter: older rows that come late are looked at against every snapshot that is complete for their days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Literal
from uuid import uuid4

from te_assets.lake.corrections import touch_days
from te_assets.lake.models import LakeModel
from te_assets.lake.sql import render
from te_assets.lake.writing import WRITE_SETTINGS, keep

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

Scope = Literal["plant", "work_center"]


def settle_snapshots(
    client: Client,
    model: LakeModel,
    scopes: Mapping[str, Scope],
    days: Iterable[date],
    *,
    run_id: str,
) -> frozenset[tuple[str, str, str]]:
    """Take out the rows that snapshots no longer have; doing so again changes nothing more.

    Args:
        client: Writer; nothing may type rows of the model at the same time.
        model: Which model.
        scopes: Contract id → what a file of it is complete for, of contracts that deliver snapshots.
        days: Production days on which rows were typed since the last call.
        run_id: For the record.

    Returns:
        (model, plant, production day as ISO text) to restate.
    """
    if not scopes:
        return frozenset()
    names = {name: f"te_staging.{model.name}_{name}__{uuid4().hex}" for name in ("fresh", "left_rows", "changed")}
    bound = {
        "model": model.name,
        "contracts": list(scopes),
        "of_plants": [contract for contract, scope in scopes.items() if scope == "plant"],
        "sha256": "",
        "contract": "",
    }
    try:
        keep(client, names["fresh"], render("staging", "new_snapshots", model=model), bound)
        complete = client.query(f"SELECT first_day, last_day FROM {names['fresh']}").result_rows
        looked_at = sorted({*days, *(first for first, _ in complete), *(last for _, last in complete)})
        select = render("staging", "left_rows", model=model, fresh=names["fresh"])
        keep(client, names["left_rows"], select, {**bound, "days": looked_at})
        keep(client, names["changed"], render("staging", "left_keys", model=model, left_rows=names["left_rows"]), bound)
        for name in ("tombstones", "tombstone_keys"):
            client.command(render("staging", name, model=model, left_rows=names["left_rows"]), settings=WRITE_SETTINGS)
        rows = client.query(
            render("staging", "corrected_days", model=model, changed=names["changed"]), parameters=bound
        ).result_rows
        touched = touch_days(client, model, [(plant, day, "snapshot") for plant, day, _ in rows], run_id)
        # Last: a snapshot that is on record was settled.
        client.command(
            "INSERT INTO te_ops.snapshots (model, source, file_sha256, contract, plant, work_center, first_day, "
            f"last_day, exported_at) SELECT * FROM {names['fresh']}",
            settings=WRITE_SETTINGS,
        )
        return touched
    finally:
        for table in names.values():
            client.command(f"DROP TABLE IF EXISTS {table}")
