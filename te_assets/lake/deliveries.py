"""How far a delivered file has come on its way to the marts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from te_assets.lake.files import FileState, of_file
from te_assets.lake.sql import render

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

Stage = Literal["received", "published", "loaded", "in marts", "rejected", "retracted"]
SETTLED: Final[frozenset[Stage]] = frozenset({"in marts", "rejected", "retracted"})
"""Stages that a publication leaves only when somebody does something."""


@dataclass(frozen=True)
class Progress:
    """A publication of a file, or the file itself where it has none (yet).

    Attributes:
        contract: `<source>@<version>`; empty for a file that no contract was found for yet, or that was rejected.
        stage: How far it has come. Loaded: each line is in the history, or rejected, skipped or known before. In marts:
            none of its production days waits to be restated.
        reason: Why it was rejected.
        rows: Lines that were published.
        waiting_days: Its production days that still wait.
    """

    contract: str
    model: str
    stage: Stage
    reason: str = ""
    rows: int = 0
    accepted: int = 0
    rejected: int = 0
    skipped: int = 0
    duplicates: int = 0
    waiting_days: int = 0


def progress(client: Client, sha256: str) -> list[Progress]:
    """How far each publication of a file has come; empty for a file that nobody knows."""
    states = of_file(client, sha256)
    publications = [state for state in states if state.contract]
    if not publications:
        return [Progress("", "", _STAGES.get(state.state, "received"), state.reason) for state in states]
    fates = {model: _fates(client, model, sha256) for model in {state.model for state in publications}}
    found = [_progress(state, fates[state.model].get(state.contract, (0, 0, 0, 0, 0))) for state in publications]
    retracted = client.query(
        "SELECT reason FROM te_ops.retracted_files WHERE file_sha256 = {sha256:String}", parameters={"sha256": sha256}
    ).result_rows
    if not retracted:
        return found
    # Its rows still stand in the history, and its days may still wait to be restated without them.
    return [
        replace(each, stage="retracted", reason=str(retracted[0][0])) if each.stage == "in marts" else each
        for each in found
    ]


_STAGES: dict[str, Stage] = {"REJECTED": "rejected", "RETRACTED": "retracted", "PUBLISHED": "published"}


def _progress(state: FileState, fate: tuple[int, ...]) -> Progress:
    accepted, rejected, skipped, duplicates, waiting = fate
    stage = _STAGES.get(state.state, "received")
    if stage == "published" and accepted + rejected + skipped + duplicates >= state.rows_published:
        stage = "loaded" if waiting else "in marts"
    return Progress(
        state.contract,
        state.model,
        stage,
        state.reason,
        state.rows_published,
        accepted,
        rejected,
        skipped,
        duplicates,
        waiting,
    )


def _fates(client: Client, model: str, sha256: str) -> dict[str, tuple[int, ...]]:
    rows = client.query(render("deliveries", "fates", model=model), parameters={"sha256": sha256}).result_rows
    return {contract: tuple(counts) for contract, *counts in rows}
