"""Big workbooks of confirmations, made once and kept in bench/out/ with what must come out of them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict

from te_assets import __version__
from te_assets.errors import TeAssetsError

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

OUT: Final = Path(__file__).with_name("out")
DAYS: Final = 30
WORK_CENTERS: Final = 100


class WrongFigures(TeAssetsError):
    """The marts do not show what the workbook holds; how fast they came is of no interest then."""


class Expected(BaseModel):
    """What the marts must show."""

    model_config = ConfigDict(frozen=True)

    rows: int
    good_qty: Decimal
    scrap_qty: Decimal


class BulkFile(BaseModel):
    """A workbook and what must come out of it."""

    model_config = ConfigDict(frozen=True)

    path: Path
    expected: Expected


def bulk_file(rows: int, folder: Path = OUT) -> BulkFile:
    """The workbook of so many confirmations, 15 columns, 30 production days; written if it is not there yet."""
    from te_assets.simulator.bulk import write_confirmations

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"confirmations_{rows}_{__version__}.xlsx"
    told = path.with_suffix(".json")
    if not told.exists():  # it is written last
        totals = write_confirmations(path, rows, days=DAYS, work_centers=WORK_CENTERS)
        expected = Expected(rows=totals.rows, good_qty=totals.good_qty, scrap_qty=totals.scrap_qty)
        told.write_text(expected.model_dump_json(), encoding="utf-8")
    return BulkFile(path=path, expected=Expected.model_validate_json(told.read_text(encoding="utf-8")))


def bulk_site(folder: Path) -> Path:
    """The site of these workbooks: one plant in UTC with 100 work centers; returns the folder of site.yaml."""
    from te_assets.simulator.bulk import write_bulk_site

    return write_bulk_site(folder, WORK_CENTERS)


def require_figures(client: Client, expected: Expected) -> None:
    """See that every row of the workbook counts in the marts, to the piece.

    Raises:
        WrongFigures: It does not.
    """
    rows, good, scrap = client.query(
        "SELECT sum(confirmations), sum(good_qty), sum(scrap_qty) FROM te_marts.scrap_rate"
    ).result_rows[0]
    if (rows, good, scrap) != (expected.rows, expected.good_qty, expected.scrap_qty):
        raise WrongFigures(
            f"te_marts.scrap_rate counts {rows:,} confirmations, {good} good and {scrap} scrap; the workbook holds "
            f"{expected.rows:,}, {expected.good_qty} and {expected.scrap_qty}. Look into te_ops.conservation."
        )
