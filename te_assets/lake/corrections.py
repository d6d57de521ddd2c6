"""Publications that stop counting and count again: retracted files, and files read again under a newer contract.

Nothing is deleted. What counts is decided by te_ops.corrections whenever history is read; here its lines are written,
the marks between versions are settled, and the production days that change are touched. A kill at any point leaves a
PLANNED line; whoever types next carries out what is `unfinished`.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

from te_assets.errors import LakeError
from te_assets.lake.models import MODELS, LakeModel
from te_assets.lake.sql import render
from te_assets.lake.writing import WRITE_SETTINGS, keep

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

Kind = Literal["retracted", "superseded"]


class NothingToCorrect(LakeError):
    """The file is already as it is asked to be."""


@dataclass(frozen=True)
class Correction:
    """A publication, or every publication of a file, does not count any more or counts again.

    Attributes:
        contract: `<source>@<version>`; empty: every publication of the file.
        counts: Whether it counts from now on.
        reason: Why, for a person.
    """

    kind: Kind
    sha256: str
    contract: str
    counts: bool
    reason: str


@dataclass(frozen=True)
class Corrected:
    """Outcome of corrections.

    Attributes:
        rows: Keys whose newest version they change.
        touched: (model, plant, production day as ISO text) to restate.
    """

    rows: int = 0
    touched: frozenset[tuple[str, str, str]] = frozenset()

    def __add__(self, other: Corrected) -> Corrected:
        """Both."""
        return Corrected(self.rows + other.rows, self.touched | other.touched)


def retraction(client: Client, sha256: str, reason: str, *, undo: bool = False) -> Correction:
    """The correction that lets a delivered file stop counting, or count again.

    Args:
        client: Reads te_ops.
        sha256: Of the file, whole.
        reason: Why, for a person.
        undo: Let it count again.

    Raises:
        NothingToCorrect: It is retracted already, or is not retracted.
    """
    for left in unfinished(client):  # its run was killed: asking again carries it out
        if (left.kind, left.sha256, left.counts) == ("retracted", sha256, undo):
            return left
    found = client.query(
        "SELECT reason, retracted_at FROM te_ops.retracted_files WHERE file_sha256 = {sha256:String}",
        parameters={"sha256": sha256},
    ).result_rows
    if found and not undo:
        raise NothingToCorrect(
            f"{sha256[:12]}… was retracted before, on {found[0][1]:%Y-%m-%d %H:%M} UTC: {found[0][0]}. "
            "te-assets retract --undo lets it count again."
        )
    if not found and undo:
        raise NothingToCorrect(f"{sha256[:12]}… is not retracted, so there is nothing to undo.")
    return Correction("retracted", sha256, "", undo, reason)


def replacements(client: Client) -> list[Correction]:
    """Publications that still count although their file was typed whole under a newer version of their contract."""
    # Whether a publication is typed whole takes counting its rows: asked only where there is anything to replace.
    if not client.query(render("staging", "read_twice")).result_rows:
        return []
    rows = client.query(render("staging", "replaced_publications")).result_rows
    return [
        Correction("superseded", sha256, contract, False, f"read again as {newer}") for sha256, contract, newer in rows
    ]


def unfinished(client: Client) -> list[Correction]:
    """What was planned and is not done: its run was killed."""
    rows = client.query(
        "SELECT kind, file_sha256, contract, argMax(counts, at), argMax(reason, at) FROM te_ops.corrections "
        "GROUP BY kind, file_sha256, contract HAVING argMax(state, at) = 'PLANNED'"
    ).result_rows
    return [Correction(*row) for row in rows]


def correct(client: Client, correction: Correction, *, run_id: str = "") -> Corrected:
    """Carry a correction out; doing so again changes nothing more."""
    plan(client, correction, run_id)
    result = sum((settle(client, model, correction, run_id) for model in MODELS.values()), Corrected())
    finish(client, correction, run_id)
    return result


def plan(client: Client, correction: Correction, run_id: str) -> None:
    """Write down what is about to happen; from here on it decides what counts."""
    _record(client, correction, "PLANNED", run_id)


def finish(client: Client, correction: Correction, run_id: str) -> None:
    """Write down that both models are settled."""
    _record(client, correction, "DONE", run_id)


def _record(client: Client, correction: Correction, state: str, run_id: str) -> None:
    client.insert(
        "te_ops.corrections",
        [
            [
                *(correction.kind, correction.sha256, correction.contract, correction.counts),
                *(state, correction.reason, run_id),
            ]
        ],
        column_names=["kind", "file_sha256", "contract", "counts", "state", "reason", "run_id"],
    )


def settle(client: Client, model: LakeModel, correction: Correction, run_id: str) -> Corrected:
    """Set the marks between versions of a model as the correction wants them, and touch the days that change.

    Nothing may type rows of the model at the same time.
    """
    changed = f"te_staging.{model.name}_changed__{uuid4().hex}"
    mine = "k.version.origin = {sha256:String}"
    if correction.contract:
        mine += " AND k.publication = concat({sha256:String}, '@', {contract:String})"
    bound = {"sha256": correction.sha256, "contract": correction.contract, "model": model.name}
    try:
        keep(client, changed, render("staging", "changed_keys", model=model, mine=mine), bound)
        for name in ("settle_winners", "settle_others"):
            client.command(
                render("staging", name, model=model, changed=changed), parameters=bound, settings=WRITE_SETTINGS
            )
        newest = f"(SELECT * FROM {changed} WHERE is_newest)"
        days = client.query(render("staging", "corrected_days", model=model, changed=newest), parameters=bound)
        touched = touch_days(client, model, days.result_rows, run_id)
        return Corrected(int(client.command(f"SELECT count() FROM {newest}")), touched)  # type: ignore[arg-type]
    finally:
        client.command(f"DROP TABLE IF EXISTS {changed}")


def touch_days(
    client: Client, model: LakeModel, days: Iterable[Sequence[Any]], run_id: str
) -> frozenset[tuple[str, str, str]]:
    """Mark (plant, production day, why) to be restated, for every model that shows the rows of this one."""
    days = list(days)
    sequence = time.time_ns()
    # What an order's other days show of it concerns pieces alone.
    rows = [
        [shown, plant, day, sequence, why, run_id]
        for shown in model.touches
        for plant, day, why in days
        if shown == model.name or why != "orders"
    ]
    if rows:
        client.insert(
            "te_ops.touched_days",
            rows,
            column_names=["model", "plant", "production_day", "sequence", "why", "run_id"],
        )
    return frozenset((str(row[0]), str(row[1]), str(row[2])) for row in rows)
