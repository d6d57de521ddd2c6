"""Totals that stand in a sheet, compared with what its rows add up to."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from te_assets.lake.faults import Fault
from te_assets.lake.models import LOGGED_SECONDS, LakeModel
from te_assets.lake.sql import render

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

RULE = "total_differs"
SHEET_TOTALS = (
    *("model", "contract", "file_sha256", "sheet", "row", "column", "unit", "says", "counted", "exported", "left_out"),
    *("agrees", "topic_id", "partition", "offset", "line"),
)
"""Columns of te_staging.sheet_totals as a comparison yields them."""
_COLUMNS = "row, column, unit, says, counted, exported, left_out"


def comparison(model: LakeModel, batch: str, *, not_duplicate: str, is_whole: bool) -> str:
    """The SELECT of one row per total and quantity of a batch; takes the parameter `model`.

    Args:
        model: Which model.
        batch: Table of typed lines.
        not_duplicate: SQL condition that leaves duplicates out, beginning with AND, or nothing.
        is_whole: The batch holds all lines of its files; else those it holds in part are left out.
    """
    names = {"batch": batch, "logged_seconds": LOGGED_SECONDS, "not_duplicate": not_duplicate, "is_whole": is_whole}
    return render("staging", "sheet_totals", model=model, **names)


def differences(select: str) -> str:
    """SQL of the totals that a comparison (a SELECT, or te_staging.sheet_totals FINAL) finds to differ."""
    return f"SELECT {_COLUMNS} FROM ({select}) WHERE NOT agrees ORDER BY row, column"


def fault(row: int, column: str, unit: str, says: Decimal, counted: Decimal, exported: Decimal, left_out: int) -> Fault:
    """What a person reads about a total that differs."""
    what = f"the total says {_plain(says)}{' ' if unit else ''}{unit}, "
    what += f"the accepted rows above it add up to {_plain(counted)}"
    if left_out:
        what += f" ({_plain(exported)} with {left_out:,} rejected or duplicate rows)"
    return Fault(row, column, RULE, f"{what}; look for rows that the export lacks or that were edited", str(says))


@dataclass(frozen=True)
class Differing:
    """A total that differs, and where it stands."""

    sha256: str
    contract: str
    sheet: str
    fault: Fault


def differing(client: Client, model: str, *, sha256: str = "", limit: int) -> list[Differing]:
    """Totals that differ in files that count, of one file if it is named; at most `limit`."""
    rows = client.query(
        f"SELECT file_sha256, contract, sheet, {_COLUMNS} FROM te_staging.sheet_totals FINAL "
        "WHERE NOT agrees AND model = {model:String} AND ({sha256:String} IN ('', file_sha256)) "
        "AND file_sha256 NOT IN (SELECT file_sha256 FROM te_ops.retracted_files) "
        "AND (file_sha256, contract) NOT IN (SELECT file_sha256, contract FROM te_ops.superseded_publications) "
        "ORDER BY compared_at DESC, file_sha256, sheet, row, column LIMIT {limit:UInt32}",
        parameters={"model": model, "sha256": sha256, "limit": limit},
    ).result_rows
    return [Differing(sha256, contract, sheet, fault(*row)) for sha256, contract, sheet, *row in rows]


def _plain(number: Decimal) -> str:
    return f"{number.normalize():,f}"
