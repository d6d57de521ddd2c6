"""The judgement of `te-assets check`: everything that delivering a file would say, without delivering it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from te_assets.errors import StackError
from te_assets.intake.opening import OpenedSheet, open_workbook
from te_assets.lake.judging import Judgement, judge
from te_assets.lake.models import MODELS
from te_assets.profile import Profile
from te_assets.settings import Settings

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


@dataclass(frozen=True)
class Checked:
    """One sheet of a checked workbook.

    Attributes:
        rows: Rows read.
        warnings: What a person should know, in whole sentences.
    """

    sheet: OpenedSheet
    rows: int
    judgement: Judgement
    warnings: tuple[str, ...]


def check_file(settings: Settings, path: Path, *, only: str | None = None, limit: int = 20) -> list[Checked]:
    """Judge a workbook.

    Args:
        settings: Site and servers.
        path: The workbook.
        only: Source of the only contract to try.
        limit: Most faults and notes per sheet to return.

    Raises:
        WorkbookError: It is no workbook that can be read.
        ContractError: No contract fits it.
    """
    profile = Profile.of(settings)
    operator = profile.operator_policy(settings)
    opened = open_workbook(
        path, path.name, profile.contracts().newest, only=only, first_seen=datetime.now(UTC), operator=operator
    )
    with _engine(settings) as client:
        return [judge_sheet(client, profile, sheet, limit=limit) for sheet in opened.sheets]


def judge_sheet(client: Client, profile: Profile, sheet: OpenedSheet, *, limit: int) -> Checked:
    """Judge the rows of an opened sheet; `limit` bounds the faults and notes that are returned."""
    publication = sheet.publication
    with sheet.read() as reading:
        judgement = judge(
            client,
            MODELS[publication.model],
            profile.typing(publication.model)[publication.contract],
            contract=publication.contract,
            sha256=publication.sha256,
            sheet=sheet.layout.sheet,
            exported_at=publication.exported_at,
            payloads=(batch.data for batch in reading),
            limit=limit,
        )
        result = reading.result
    return Checked(sheet, result.rows, judgement, (*sheet.warnings, *result.warnings))


@contextmanager
def _engine(settings: Settings) -> Iterator[Client]:
    """The running ClickHouse; where none runs, an engine in a home that lasts as long as the block."""
    from te_assets.lake.migrate import migrate
    from te_assets.stack.clickhouse import ClickHouseServer
    from te_assets.stack.connect import ClickHouseEndpoint, clickhouse_client, clickhouse_endpoint
    from te_assets.stack.home import Home

    try:
        where = clickhouse_endpoint(settings)
    except StackError:
        where = None
    if where is not None:
        client = clickhouse_client(where)
        try:
            migrate(client)
            yield client
        finally:
            client.close()
        return
    from pydantic import SecretStr

    with tempfile.TemporaryDirectory(prefix="te-assets-check-") as folder:
        server = ClickHouseServer(Home(Path(folder)).create())
        server.start()
        try:
            own = ClickHouseEndpoint(server.url, "te_writer", SecretStr(server.writer_password), "te_reader", None)
            client = clickhouse_client(own)
            migrate(client)
            yield client
            client.close()
        finally:
            server.stop()
