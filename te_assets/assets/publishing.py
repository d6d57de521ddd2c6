"""Body of the topic assets: the landed workbooks that wait are read and published, each in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from te_assets.contracts.catalog import Catalog
from te_assets.contracts.layout import Model
from te_assets.delivery.envelope import Manifest, Publication
from te_assets.delivery.file_events import FileChanged
from te_assets.delivery.telling import Teller
from te_assets.errors import ContractError, WorkbookError
from te_assets.intake.landing import LandingStore
from te_assets.lake.files import FileState, record, waiting_publications
from te_assets.workbook.errors import ReaderKilled
from te_assets.workbook.request import OperatorPolicy

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from te_assets.delivery.file_events import Change


@dataclass
class Published:
    """What one call published.

    Attributes:
        manifests: Committed publications.
        rejected: Publications that could not be read, with the reason.
        seconds: Wall time by step.
    """

    manifests: list[Manifest] = field(default_factory=list)
    rejected: list[FileState] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows of all publications."""
        return sum(manifest.rows for manifest in self.manifests)


def publish_waiting(
    client: Client,
    kafka: Mapping[str, Any],
    store: LandingStore,
    contracts: Catalog,
    operator: OperatorPolicy,
    *,
    model: Model,
    run_id: str,
    say: Callable[[str], None] = lambda _: None,
) -> Published:
    """Publish the model's landed workbooks that wait, oldest first.

    A workbook that cannot be read is rejected and does not hold up the others; one whose reader was killed is read once
    more first. What is on te.files.v1 already, because
    a run died between its commit and its record, is recorded and not sent again.

    Raises:
        DeliveryError: Kafka failed; the publication waits for the next call.
    """
    result = Published()
    with Teller(kafka, say) as tell:
        for state in waiting_publications(client, model):
            publish = partial(_publish, client, kafka, store, contracts, operator, state, run_id, result)
            try:
                try:
                    manifest = publish()
                except ReaderKilled as error:
                    say(f"read once more: {error}")
                    manifest = publish()
            except (WorkbookError, ContractError) as error:
                rejected = replace(state, state="REJECTED", reason=str(error), run_id=run_id)
                record(client, [rejected])
                result.rejected.append(rejected)
                tell([_changed(rejected, "rejected")])
                say(f"rejected: {error}")
            else:
                result.manifests.append(manifest)
                tell([_changed(state, "published", manifest.rows, run_id)])
                say(f"{state.name}: {manifest.rows:,} rows published as {state.contract}")
    return result


def _changed(state: FileState, change: Change, rows: int = 0, run_id: str = "") -> FileChanged:
    return FileChanged(
        sha256=state.sha256,
        name=state.name,
        contract=state.contract,
        change=change,
        reason=state.reason,
        rows=rows,
        run_id=run_id or state.run_id,
        changed_at=datetime.now(UTC),
    )


def _publish(
    client: Client,
    kafka: Mapping[str, Any],
    store: LandingStore,
    contracts: Catalog,
    operator: OperatorPolicy,
    state: FileState,
    run_id: str,
    result: Published,
) -> Manifest:
    from te_assets.assets.rereading import Rereading
    from te_assets.delivery.publisher import publish
    from te_assets.intake.opening import read_publication, reopen

    publication = Publication.model_validate_json(state.manifest)
    sheets = reopen(store.path_of(state.sha256), publication, contracts.get(state.contract), operator)
    batches = Rereading(lambda: read_publication(sheets))
    manifest = publish(kafka, publication, batches)
    for step, seconds in batches.seconds.items():
        result.seconds[step] = result.seconds.get(step, 0.0) + seconds
    rows = batches.rows if batches.rows is not None else manifest.rows
    record(
        client,
        [
            replace(state, state="READ", rows_read=rows, run_id=run_id),
            replace(
                state,
                state="PUBLISHED",
                rows_read=rows,
                rows_published=manifest.rows,
                lines_hash=manifest.lines_hash,
                manifest=manifest.to_json(),
                run_id=run_id,
            ),
        ],
    )
    return manifest
