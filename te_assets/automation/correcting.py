"""Corrections that a person asks for, through to the marts: retraction and its undo, reading files again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from te_assets.automation.ingesting import FileReport, deliver_received, restate_waiting
from te_assets.automation.launch import Launcher
from te_assets.automation.retraction import RETRACT_JOB
from te_assets.contracts.layout import Model
from te_assets.intake.landing import LandingStore
from te_assets.lake.files import whole_sha256
from te_assets.lake.sql import render
from te_assets.profile import Profile
from te_assets.settings import Settings
from te_assets.stack.standstill import steady

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


@dataclass(frozen=True)
class Retracted:
    """A file that stopped counting, or counts again, with the production days that were restated per model."""

    sha256: str
    name: str
    days: dict[Model, tuple[date, ...]]


def retract_file(
    settings: Settings,
    client: Client,
    sha256: str,
    reason: str,
    *,
    undo: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Retracted:
    """Let a delivered file stop counting (or count again) and restate its days.

    Args:
        settings: Whose home and servers.
        client: Writer.
        sha256: Of the file, or its first digits as far as no other file has them.
        reason: Why; it is kept with the file.
        undo: Let it count again.
        say: Takes a line of progress.

    Raises:
        UnknownFile: No file, or more than one, has a SHA-256 that begins like this.
        NothingToCorrect: It is retracted already, or is not retracted.
        RunFailed: A Dagster run failed; calling again goes on.
    """
    from te_assets.lake.corrections import retraction

    whole = whole_sha256(client, sha256)
    retraction(client, whole, reason, undo=undo)  # refused here, before a run is begun for it
    name = client.query(
        "SELECT argMin(name, at) FROM te_ops.files WHERE sha256 = {sha256:String}", parameters={"sha256": whole}
    ).result_rows[0][0]
    launcher = Launcher(settings)
    with launcher.session() as instance:
        say(f"{name}: {'counts again' if undo else 'stops counting'}")
        config = {"ops": {"plan": {"config": {"sha256": whole, "reason": reason, "undo": undo}}}}
        launcher.run(instance, RETRACT_JOB, config=config)
        restated = restate_waiting(client, launcher, instance, settings, say)
    return Retracted(whole, name, {model: tuple(sorted(days)) for model, days in restated.items()})


@dataclass(frozen=True)
class Reread:
    """A delivered file under the newest version of its contract, beside what it was read as.

    Attributes:
        before: Contract, accepted and rejected rows, and sums over the accepted ones, as delivered.
        after: The same under the newest version.
        refusal: Why the newest version does not fit the file at all; empty otherwise.
    """

    name: str
    sha256: str
    before: Reading
    after: Reading | None
    refusal: str = ""


@dataclass(frozen=True)
class Reading:
    """How a contract reads a file."""

    contract: str
    accepted: int
    rejected: int
    sums: Mapping[str, Decimal]


@dataclass(frozen=True)
class _Old:
    """A publication under an older version of its contract than there is now."""

    name: str
    sha256: str
    contract: str
    model: Model


def compare_readings(
    settings: Settings, client: Client, source: str, first: date | None = None, last: date | None = None
) -> Iterator[Reread]:
    """What reading a source's files again would change; nothing is sent or kept.

    Args:
        settings: Site and landing store.
        client: Writer; tables of its own are made and dropped.
        source: Name of the layout.
        first: Only files with rows on this production day or later.
        last: Only files with rows on this production day or earlier.

    Raises:
        ContractUnknown: There is no such source.
        FileUnavailable: The landed copy of a file is gone.
    """
    from te_assets.automation.checking import judge_sheet
    from te_assets.errors import ContractError, WorkbookError
    from te_assets.intake.opening import open_workbook
    from te_assets.lake.files import first_seen
    from te_assets.lake.judging import accepted_sums
    from te_assets.lake.models import MODELS as LAKE_MODELS
    from te_assets.lake.typing_ledger import Verdicts

    profile = Profile.of(settings)
    newest, operator = profile.contracts().of_source(source), profile.operator_policy(settings)
    for old in _older(client, newest.contract_id, first, last):
        counts = client.query(
            "SELECT accepted, rejected FROM te_ops.conservation WHERE file_sha256 = {sha256:String} "
            "AND contract = {contract:String}",
            parameters={"sha256": old.sha256, "contract": old.contract},
        ).result_rows
        sums = accepted_sums(client, LAKE_MODELS[old.model], old.sha256, old.contract)
        before = Reading(old.contract, int(counts[0][0]), int(counts[0][1]), sums)
        seen = first_seen(client, old.sha256) or datetime.now(UTC)
        path = LandingStore(settings.landing_dir).path_of(old.sha256)
        try:
            opened = open_workbook(
                path, old.name, [newest], only=source, first_seen=seen, operator=operator, sha256=old.sha256
            )
            judged = [judge_sheet(client, profile, sheet, limit=0).judgement for sheet in opened.sheets]
        except (ContractError, WorkbookError) as error:
            yield Reread(old.name, old.sha256, before, None, str(error))
            continue
        verdicts = sum((one.verdicts for one in judged), Verdicts())
        names = dict.fromkeys(name for one in judged for name in one.sums)
        sums = {name: sum((one.sums.get(name, Decimal(0)) for one in judged), Decimal(0)) for name in names}
        after = Reading(newest.contract_id, verdicts.accepted, verdicts.rejected, sums)
        yield Reread(old.name, old.sha256, before, after)


def reprocess(
    settings: Settings,
    client: Client,
    source: str,
    first: date | None = None,
    last: date | None = None,
    *,
    say: Callable[[str], None] = lambda _: None,
) -> list[FileReport]:
    """Read a source's files again under the newest version of its contract, through to the marts.

    What they were read as stops counting once a file is typed whole. Arguments and errors as of `compare_readings`.
    """
    from te_assets.assets.receiving import receive

    profile = Profile.of(settings)
    newest, operator = profile.contracts().of_source(source), profile.operator_policy(settings)
    with steady(settings):
        applied = profile.apply(client)
    store = LandingStore(settings.landing_dir)
    received = [
        receive(client, store, store.path_of(old.sha256), [newest], operator, only=source, name=old.name)
        for old in _older(client, newest.contract_id, first, last)
    ]
    return deliver_received(settings, client, received, applied, say=say)


def _older(client: Client, newest: str, first: date | None, last: date | None) -> list[_Old]:
    """Publications of the source whose newest version is older than `newest`, in the order of their export."""
    rows = client.query(
        render("staging", "older_publications"),
        parameters={
            "newest": newest,
            "first": first or date(1970, 1, 1),
            "last": last or date(2148, 12, 31),
        },
    ).result_rows
    return [_Old(*row) for row in rows]
