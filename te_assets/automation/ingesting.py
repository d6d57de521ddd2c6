"""Takes files through the whole chain and waits: landed, delivered, loaded, typed, restated to the marts."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from te_assets.assets.graph import MODELS
from te_assets.assets.site_changes import report_stale_days
from te_assets.automation.jobs import LIVE_PRIORITY, LONGEST_PIECE, job_name, range_tags
from te_assets.automation.launch import Launcher
from te_assets.contracts.layout import Model
from te_assets.delivery.topics import ROW_TOPICS
from te_assets.errors import TeAssetsError
from te_assets.intake.landing import LandingStore
from te_assets.profile import Applied, Profile
from te_assets.settings import Settings
from te_assets.stack.connect import clickhouse_client, endpoints, kafka_config
from te_assets.stack.standstill import steady

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client
    from dagster import DagsterInstance

    from te_assets.assets.receiving import Received
    from te_assets.lake.faults import Fault
    from te_assets.lake.files import FileState

_RESTATED_WITHIN: Final = 600.0  # seconds that a daemon may take for the touched days
_POLL_SECONDS: Final = 0.3
_SHOWN_FAULTS: Final = 5
_COUNTS: Final = ("rows_read", "rows_published", "raw", "accepted", "rejected", "skipped", "duplicates", "difference")
_FIELDS: Final = ("read", "published", *_COUNTS[2:])


class NotRestated(TeAssetsError):
    """Touched production days were not restated in time."""


@dataclass(frozen=True)
class FileReport:
    """What became of a file under one contract, or why it was rejected as a whole.

    Attributes:
        contract: `<source>@<version>`; empty for a rejected file.
        rejection: Why nothing of it was published; empty otherwise.
        note: Why nothing changed, where nothing did.
        read: Rows read from the sheet.
        raw: Distinct lines in te_raw.
        days: Production days that the call restated for the file's model.
        faults: The first rejected cells, with their addresses.
    """

    name: str
    sha256: str
    contract: str = ""
    rejection: str = ""
    note: str = ""
    read: int = 0
    published: int = 0
    raw: int = 0
    accepted: int = 0
    rejected: int = 0
    skipped: int = 0
    duplicates: int = 0
    difference: int = 0
    days: tuple[date, ...] = ()
    warnings: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def ingest(
    settings: Settings, paths: Sequence[Path], *, only: str | None = None, say: Callable[[str], None] = lambda _: None
) -> list[FileReport]:
    """Ingest files and wait until the marts show them.

    Args:
        settings: Whose home and servers.
        paths: Workbooks.
        only: Source of the only contract to try.
        say: Takes a line of progress.

    Raises:
        StackError: A server is not up.
        RunFailed: A Dagster run failed; what it had done stands, and calling again goes on.
        WorkbookError: A file cannot be read from disk.
    """
    client = clickhouse_client(endpoints(settings), send_receive_timeout=600)
    try:
        with steady(settings):
            applied = Profile.of(settings).apply(client)
        received = _receive(client, settings, paths, only, say)
        return deliver_received(settings, client, received, applied, say=say)
    finally:
        client.close()


def deliver_received(
    settings: Settings, client: Client, received: Sequence[Received], applied: Applied, *, say: Callable[[str], None]
) -> list[FileReport]:
    """Take received files through Kafka and ClickHouse to the marts and report on each.

    Args:
        settings: Whose home and servers.
        client: Writer.
        received: The files.
        applied: What applying the site profile changed; stale days are shown in Dagster.
        say: Takes a line of progress.

    Raises:
        RunFailed: A Dagster run failed; what it had done stands, and calling again goes on.
    """
    fresh = {p.model for r in received for p in r.publications if not r.was_known}
    waiting = {p.model for r in received for p in r.publications if p.state in {"STORED", "READ"}}
    restated: dict[Model, set[date]] = {}
    models = [model for model in MODELS if model in fresh | waiting]
    if models or applied.stale:
        launcher = Launcher(settings)
        with launcher.session() as instance:
            report_stale_days(instance, client, applied, Profile.of(settings).site().since)
            for model in models:
                say(f"{model}: publishing, loading, typing")
                launcher.run(instance, job_name("deliver", model), LIVE_PRIORITY)
                _load_the_rest(client, launcher, instance, settings, model, say)
            if models:
                restated = restate_waiting(client, launcher, instance, settings, say)
    return [report for r in received for report in _reports(client, r, restated)]


def _load_the_rest(
    client: Client,
    launcher: Launcher,
    instance: DagsterInstance,
    settings: Settings,
    model: Model,
    say: Callable[[str], None],
) -> None:
    """One run loads a bounded number of lines: run until all is loaded that is published now."""
    from te_assets.delivery.watch import lag

    kafka, topic = kafka_config(endpoints(settings)), ROW_TOPICS[model]
    waiting = lag(kafka, client, topic)
    ends = {each.shard: each.end for each in waiting}  # what is sent later is not waited for
    while behind := sum(max(ends.get(each.shard, 0) - each.position, 0) for each in waiting):
        say(f"{model}: {behind:,} offsets wait, loading and typing on")
        launcher.run(instance, job_name("load", model), LIVE_PRIORITY)
        waiting = lag(kafka, client, topic)


def _receive(
    client: Client, settings: Settings, paths: Sequence[Path], only: str | None, say: Callable[[str], None]
) -> list[Received]:
    from te_assets.assets.receiving import receive

    profile = Profile.of(settings)
    contracts, operator = profile.contracts(), profile.operator_policy(settings)
    if only is not None:
        contracts.of_source(only)
    received = []
    for path in paths:
        say(f"landing {path.name}")
        received.append(
            receive(client, LandingStore(settings.landing_dir), path, contracts.newest, operator, only=only)
        )
    return received


def restate_waiting(
    client: Client, launcher: Launcher, instance: DagsterInstance, settings: Settings, say: Callable[[str], None]
) -> dict[Model, set[date]]:
    """Restate every touched production day that is a partition, or wait until the daemon's sensor has.

    Returns:
        Days per model.

    Raises:
        NotRestated: The daemon did not restate them in time.
    """
    since, tomorrow = Profile.of(settings).site().since, datetime.now(UTC).date() + timedelta(days=1)

    def waiting(model: Model) -> set[date]:
        from te_assets.lake.touched import waiting_days

        return {day for day in waiting_days(client, model) if since <= day <= tomorrow}

    if launcher.through_daemon:
        return _await_daemon(waiting, say)
    from te_assets.lake.touched import contiguous_pieces

    done: dict[Model, set[date]] = {}
    for model in MODELS:
        for piece in contiguous_pieces(waiting(model), LONGEST_PIECE):
            say(f"{model}: restating {piece}")
            launcher.run(instance, job_name("restate", model), {**LIVE_PRIORITY, **range_tags(piece)})
            done.setdefault(model, set()).update(piece.days)
    return done


def _await_daemon(waiting: Callable[[Model], set[date]], say: Callable[[str], None]) -> dict[Model, set[date]]:
    until = time.monotonic() + _RESTATED_WITHIN
    touched = {model: waiting(model) for model in MODELS}
    say("the daemon restates the touched production days")
    while any(left := {model: waiting(model) for model in MODELS}.values()):
        if time.monotonic() > until:
            days = ", ".join(str(day) for day in sorted(set().union(*left)))
            raise NotRestated(
                f"Production days {days} were not restated within {_RESTATED_WITHIN:.0f} s. Look at the "
                "runs of restate_* in the Dagster UI."
            )
        time.sleep(_POLL_SECONDS)
    return touched


def _reports(client: Client, received: Received, restated: Mapping[Model, set[date]]) -> list[FileReport]:
    from te_assets.lake.files import of_file

    name, sha256 = received.landed.name, received.landed.sha256
    if received.rejection is not None:
        return [FileReport(name, sha256, rejection=received.rejection)]
    counts = {
        row[0]: row[1:]
        for row in client.query(
            f"SELECT contract, {', '.join(_COUNTS)} FROM te_ops.conservation WHERE file_sha256 = {{sha256:String}}",
            parameters={"sha256": sha256},
        ).result_rows
    }
    mine = {publication.contract: publication for publication in received.publications}
    reports = []
    for state in of_file(client, sha256):
        if state.contract not in mine:
            continue
        unchanged = mine[state.contract].state == "PUBLISHED"
        note = f"the same bytes were published before under {state.contract}: nothing to do" if unchanged else ""
        days = () if unchanged else tuple(sorted(restated.get(cast("Model", state.model), ())))
        rejection = state.reason if state.state == "REJECTED" else ""
        numbers = counts.get(state.contract, (0,) * len(_COUNTS))
        counted = dict(zip(_FIELDS, (int(n) for n in numbers), strict=True))
        faults = _faults(client, state)
        reports.append(
            FileReport(
                name,
                sha256,
                state.contract,
                rejection,
                note,
                days=days,
                warnings=(*received.warnings, *_totals(client, state)),
                faults=faults,
                **counted,
            )
        )
    return reports


def _faults(client: Client, state: FileState) -> tuple[str, ...]:
    """The first rejected cells of a publication, for a person."""
    from te_assets.lake.faults import Fault

    rows = client.query(
        "SELECT sheet, row, column, rule, message, value FROM te_staging.rejected_rows FINAL "
        "WHERE model = {model:String} AND file_sha256 = {sha256:String} AND contract = {contract:String} "
        "ORDER BY sheet, row, column LIMIT {limit:UInt32}",
        parameters={"model": state.model, "sha256": state.sha256, "contract": state.contract, "limit": _SHOWN_FAULTS},
    ).result_rows
    return _told(state, [(sheet, Fault(*row)) for sheet, *row in rows])


def _totals(client: Client, state: FileState) -> tuple[str, ...]:
    """The first totals of a publication that its rows do not add up to, for a person."""
    from te_assets.lake.totals import differing

    found = differing(client, state.model, sha256=state.sha256, limit=_SHOWN_FAULTS)
    return _told(state, [(one.sheet, one.fault) for one in found if one.contract == state.contract])


def _told(state: FileState, faults: Sequence[tuple[str, Fault]]) -> tuple[str, ...]:
    from te_assets.delivery.envelope import Publication
    from te_assets.lake.faults import address

    if not state.manifest:
        return ()
    publication = Publication.model_validate_json(state.manifest)
    return tuple(f"{address(f, sheet, publication.columns_of(sheet))}: {f.message} ({f.rule})" for sheet, f in faults)
