"""Small workbooks as a plant delivers them, good and bad, and the environment that Dagster's resources read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from te_assets_tests.conftest import Stack
from te_assets_tests.workbook.books import flip_byte

STOPS_SHEET, CONFIRMATIONS_SHEET = "Stops", "COOIS"
STOPS_HEADER = ("Plant", "Work Center", "Interaction ID", "Start", "End", "Reason Code", "Operator")
CONFIRMATIONS_HEADER = (
    *("Plant", "Work Center", "Order", "Activity", "Confirmation", "Confirm. counter", "Material"),
    *("Confirmed Yield (MEINH)", "Confirmed scrap (MEINH)", "Unit (MEINH)"),
    *("Fin. Execution (Date)", "Fin. Execution (Time)"),
)
ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")


def wall(day: date, hour: int = 0) -> datetime:
    """What a clock in the plant shows; Excel knows no time zones."""
    return datetime.combine(day, time(hour))


def name_of(topic: str, exported_at: datetime) -> str:
    """A file name that tells when it was exported, so that no test depends on the clock."""
    return f"{topic}_exported-{exported_at.astimezone(UTC):%Y%m%dT%H%M%S}.xlsx"


def stop(number: int, start: datetime, end: datetime | None, *, work_center: str = "PRS01") -> tuple[Any, ...]:
    """A row of an operator log, in wall time of plant 1000."""
    return ("1000", work_center, f"I-{number}", start, end, "110", "Erika Muster")


def confirmation(
    number: int, day: date, good: Any = 90, scrap: Any = 10, *, work_center: str = "PRS01"
) -> tuple[Any, ...]:
    """A row of a confirmation list that ended at noon of plant 1000."""
    place = ("1000", work_center, str(10_000 + number), "0010", str(number), "1", "M-1")
    return (*place, good, scrap, "ST", wall(day), "12:00:00")


def write(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    """A workbook with these sheets, header rows included."""
    book = openpyxl.Workbook()
    for at, (title, rows) in enumerate(sheets.items()):
        sheet = book.active if at == 0 else book.create_sheet()
        assert sheet is not None
        sheet.title = title
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def log_book(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    """An operator log."""
    return write(path, {STOPS_SHEET: [STOPS_HEADER, *rows]})


def confirmation_book(path: Path, rows: Sequence[Sequence[Any]], *, header: Sequence[Any] | None = None) -> Path:
    """A list of confirmations."""
    return write(path, {CONFIRMATIONS_SHEET: [header or CONFIRMATIONS_HEADER, *rows]})


def _good(path: Path) -> Path:
    return confirmation_book(path, [confirmation(1, date(2026, 3, 3))])


def _truncated(path: Path) -> None:
    content = _good(path).read_bytes()
    path.write_bytes(content[: len(content) // 2])


def _cut_inside(path: Path) -> None:
    """A whole zip archive with half a sheet in it, as an export that ran out of disk leaves it."""
    out = io.BytesIO()
    with zipfile.ZipFile(_good(path)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            new.writestr(entry.filename, content[: len(content) // 2] if "sheet1" in entry.filename else content)
    path.write_bytes(out.getvalue())


def _without(path: Path, header: str) -> None:
    at = CONFIRMATIONS_HEADER.index(header)
    rows = [CONFIRMATIONS_HEADER, confirmation(1, date(2026, 3, 3))]
    write(path, {CONFIRMATIONS_SHEET: [(*row[:at], *row[at + 1 :]) for row in rows]})


def _twice(path: Path) -> None:
    rows = [(*CONFIRMATIONS_HEADER, "Gutmenge"), (*confirmation(1, date(2026, 3, 3)), 7)]
    write(path, {CONFIRMATIONS_SHEET: rows})


BAD_FILES: Mapping[str, tuple[Callable[[Path], object], tuple[str, ...]]] = {
    "csv.xlsx": (
        lambda path: path.write_bytes(b"Plant;Order\r\n1000;1\r\n"),
        ("no sheet fits a contract", "Plant, Order"),
    ),
    "pdf.xlsx": (lambda path: path.write_bytes(b"%PDF-1.7\0"), ("not an Excel file", "Deliver an .xlsx workbook")),
    "password.xlsx": (lambda path: path.write_bytes(ENCRYPTED), ("password protected", "Remove the password")),
    "empty.xlsx": (lambda path: path.write_bytes(b""), ("zero bytes", "deliver it again")),
    "truncated.xlsx": (_truncated, ("truncated or damaged", "deliver it again")),
    "cut.xlsx": (_cut_inside, (f'sheet "{CONFIRMATIONS_SHEET}"', "cut off", "deliver it again")),
    "flipped.xlsx": (
        lambda path: flip_byte(_good(path), "xl/worksheets/sheet1.xml"),
        ("part xl/worksheets/sheet1.xml is damaged", "deliver the file again"),
    ),
    "recipes.xlsx": (
        lambda path: write(path, {"Cakes": [("Flour", "Sugar"), (1, 2)], "Pies": [("Apple",), (3,)]}),
        ("Cakes", "Pies", "Flour", "Sugar"),
    ),
    "no_scrap.xlsx": (
        lambda path: _without(path, "Confirmed scrap (MEINH)"),
        (f'sheet "{CONFIRMATIONS_SHEET}"', "row 1", "scrap_qty", "sap_confirmations@2", "Confirmed Yield (MEINH)"),
    ),
    "two_yields.xlsx": (
        _twice,
        (f'sheet "{CONFIRMATIONS_SHEET}"', "row 1", "good_qty", "Confirmed Yield (MEINH)", "Gutmenge", "H", "M"),
    ),
}
"""File name → what writes the bad file, and words of the message that must name place and remedy."""


def write_bad(folder: Path, name: str) -> Path:
    """One of the bad files."""
    path = folder / name
    BAD_FILES[name][0](path)
    return path


def enter(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Stack:
    """Put the stack's servers into the environment, where commands and resources look for them."""
    settings = stack.settings
    assert settings.clickhouse_password is not None
    monkeypatch.setenv("TE_HOME", str(settings.home_dir))
    monkeypatch.setenv("TE_KAFKA_BOOTSTRAP_SERVERS", str(settings.kafka_bootstrap_servers))
    monkeypatch.setenv("TE_CLICKHOUSE_URL", str(settings.clickhouse_url))
    monkeypatch.setenv("TE_CLICKHOUSE_PASSWORD", settings.clickhouse_password.get_secret_value())
    # Commands set it for what they start: set here, so that it is taken back at the end of the test.
    monkeypatch.setenv("DAGSTER_HOME", str(settings.home_dir / "dagster"))
    return stack
