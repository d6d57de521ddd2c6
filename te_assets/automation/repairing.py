"""Rejected rows of a delivered file as workbooks to repair, made from its landed copy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from te_assets.delivery.envelope import Publication
from te_assets.intake.landing import LandingStore
from te_assets.intake.opening import OpenedSheet, reopen
from te_assets.lake.faults import Fault
from te_assets.lake.files import of_file, whole_sha256
from te_assets.profile import Profile
from te_assets.settings import Settings
from te_assets.workbook.rejects import CellFault, write_rejects
from te_assets.workbook.request import OperatorPolicy

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from te_assets.lake.files import FileState


@dataclass(frozen=True)
class Written:
    """A workbook to repair: where it is, and the rows of which sheet it holds."""

    path: Path
    sheet: str
    contract: str
    rows: int


def write_rejects_of_sheet(
    sheet: OpenedSheet, faults: Sequence[Fault], source: Path, operator: OperatorPolicy, out: Path
) -> Written:
    """Write the rejected rows of one sheet.

    Operators' names stay out of it unless the site keeps them: such a workbook is mailed around.

    Args:
        sheet: The sheet.
        faults: All reasons for its rejected rows.
        source: The workbook.
        operator: What becomes of operators' names.
        out: The workbook to write.
    """
    layout = sheet.layout
    columns = {column.field: column.column for column in (*layout.columns, *layout.matrix)}
    hidden = frozenset[int]() if operator.mode == "keep" else frozenset({columns.get("operator", -1)})
    found = [CellFault(fault.row, columns.get(fault.column), fault.message) for fault in faults]
    rows = write_rejects(
        source,
        layout.sheet,
        layout.header_row,
        found,
        out,
        sha256=sheet.publication.sha256,
        hidden=hidden,
        text=sheet.request.text,
        first_row=layout.first_row,
    )
    return Written(out, layout.sheet, layout.contract, rows)


def numbered(out: Path, number: int) -> Path:
    """`out`, then `out-2`, …: a repaired workbook is an export of one layout again, so each sheet gets one."""
    return out if number == 1 else out.with_stem(f"{out.stem}-{number}")


def write_rejects_of_file(settings: Settings, client: Client, sha256: str, out: Path) -> list[Written]:
    """Write the rejected rows of a delivered file, a workbook per publication and sheet that has any.

    Args:
        settings: Site and landing store.
        client: Reads te_ops and te_staging.
        sha256: Of the file, or its first digits as far as no other file has them.
        out: The workbook to write; further ones get a number.

    Raises:
        UnknownFile: No file, or more than one, has a SHA-256 that begins like this.
        FileUnavailable: Its landed copy is gone.
    """
    whole = whole_sha256(client, sha256)
    profile = Profile.of(settings)
    operator, contracts = profile.operator_policy(settings), profile.contracts()
    source = LandingStore(settings.landing_dir).path_of(whole)
    written: list[Written] = []
    for state, faults in _rejected(client, whole):
        publication = Publication.model_validate_json(state.manifest)
        for sheet in reopen(source, publication, contracts.get(state.contract), operator):
            if own := faults.get(sheet.layout.sheet):
                target = numbered(out, len(written) + 1)
                written.append(write_rejects_of_sheet(sheet, own, source, operator, target))
    return written


def _rejected(client: Client, sha256: str) -> Iterator[tuple[FileState, dict[str, list[Fault]]]]:
    """Publications with rejected rows that wait to be repaired, and the faults of each sheet."""
    for state in of_file(client, sha256):
        rows = client.query(
            "SELECT sheet, row, column, rule, message, value FROM te_staging.rejected_rows FINAL "
            "WHERE model = {model:String} AND file_sha256 = {sha256:String} AND contract = {contract:String} "
            "AND resolved_by_file = '' "
            "AND (file_sha256, contract) NOT IN (SELECT file_sha256, contract FROM te_ops.superseded_publications) "
            "ORDER BY sheet, row, column",
            parameters={"model": state.model, "sha256": sha256, "contract": state.contract},
        ).result_rows
        faults: dict[str, list[Fault]] = {}
        for sheet, *row in rows:
            faults.setdefault(sheet, []).append(Fault(*row))
        if faults:
            yield state, faults
