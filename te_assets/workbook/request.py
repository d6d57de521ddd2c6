"""What the reader is asked and what it answers; frozen, and JSON on the way to the reader process."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

ColumnType = Literal["text", "decimal", "integer", "boolean", "date", "time", "datetime"]
OperatorMode = Literal["pseudonym", "keep", "drop"]


@dataclass(frozen=True)
class OperatorPolicy:
    """What happens to names of operators before anything leaves the reader.

    Attributes:
        mode: pseudonym (keyed hash), keep, or drop.
        key: Key of the pseudonyms; the same person has the same pseudonym as long as the key stays.
    """

    mode: OperatorMode = "pseudonym"
    key: bytes = field(default=b"", repr=False)

    def __post_init__(self) -> None:
        if self.mode == "pseudonym" and not self.key:
            raise ValueError("pseudonyms of operators need a key: set TE_OPERATOR_KEY, or choose policy keep or drop")


@dataclass(frozen=True)
class TextFormat:
    """How a text file is cut into cells.

    Attributes:
        encoding: Name of the codec.
        delimiter: Between two cells.
        quote: Mark around cells that hold delimiters or line breaks; empty: there is none.
    """

    encoding: str
    delimiter: str
    quote: str

    def __str__(self) -> str:
        """As people say it."""
        return f"{self.encoding.removesuffix('-sig')} text, separated by {'tabs' if self.is_tabbed else self.delimiter}"

    @property
    def is_tabbed(self) -> bool:
        """Whether tabs stand between the cells."""
        return self.delimiter == "\t"


@dataclass(frozen=True)
class ReadColumn:
    """A column of the sheet that becomes a field; `column` counts from 0 (A = 0)."""

    field: str
    column: int
    type: ColumnType


@dataclass(frozen=True)
class ExtraColumn:
    """A column of the sheet without a field; its values travel in `_extra` under `key`."""

    key: str
    column: int


@dataclass(frozen=True)
class MatrixCell:
    """A column of a matrix; `key` is what its header means."""

    key: str
    column: int
    letter: str
    header: str


@dataclass(frozen=True)
class Matrix:
    """Columns of which each filled cell becomes a line of its own.

    Attributes:
        name: Field that takes the key of a column.
        text: Field that takes its header, if any.
        value: Field that takes the cell.
        type: Type of the cells.
        cells: The columns, in the order of the sheet.
        skips_zero: A cell of zero becomes no line.
        nothing: Texts of cells that become no line either.
    """

    name: str
    text: str | None
    value: str
    type: ColumnType
    cells: tuple[MatrixCell, ...]
    skips_zero: bool
    nothing: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReadRequest:
    """One sheet to read.

    Attributes:
        path: The workbook or text file, already sniffed and guarded.
        name: What people call the file, for messages.
        sheet: Name of the sheet.
        header_row: Excel row number of the last header row; data begins below it.
        columns: Fields and where they stand.
        extras: Columns that have a header but no field.
        operator: What becomes of the field `operator`.
        constants: (field, text) that every line carries.
        matrix: Columns of a matrix; None where a row is a line.
        max_rows: Most rows in a batch.
        max_bytes: Most bytes in a batch.
        text: How a text file is cut into cells; None: it is a workbook.
    """

    path: Path
    name: str
    sheet: str
    header_row: int
    columns: tuple[ReadColumn, ...]
    extras: tuple[ExtraColumn, ...] = ()
    operator: OperatorPolicy = OperatorPolicy("drop")
    constants: tuple[tuple[str, str], ...] = ()
    matrix: Matrix | None = None
    max_rows: int = 1_000
    max_bytes: int = 900_000
    text: TextFormat | None = None

    def to_json(self) -> str:
        """As the reader process takes it on its standard input."""
        record = asdict(self) | {"path": str(self.path.resolve())}
        record["operator"] = {"mode": self.operator.mode, "key": self.operator.key.hex()}
        return json.dumps(record)

    @classmethod
    def from_json(cls, text: str) -> ReadRequest:
        """The request that `to_json` wrote."""
        record = json.loads(text)
        return cls(
            path=Path(record["path"]),
            name=record["name"],
            sheet=record["sheet"],
            header_row=record["header_row"],
            columns=tuple(ReadColumn(**column) for column in record["columns"]),
            extras=tuple(ExtraColumn(**column) for column in record["extras"]),
            operator=OperatorPolicy(record["operator"]["mode"], bytes.fromhex(record["operator"]["key"])),
            constants=tuple((name, text) for name, text in record["constants"]),
            matrix=_matrix(record["matrix"]),
            max_rows=record["max_rows"],
            max_bytes=record["max_bytes"],
            text=TextFormat(**record["text"]) if record["text"] else None,
        )


def _matrix(record: dict[str, Any] | None) -> Matrix | None:
    if record is None:
        return None
    cells = tuple(MatrixCell(**cell) for cell in record["cells"])
    return Matrix(**record | {"cells": cells, "nothing": tuple(record["nothing"])})


@dataclass(frozen=True)
class ReadLimits:
    """What a reader process may use.

    Attributes:
        address_space: Bytes of address space; 3 GiB hold a million rows of 15 columns.
        seconds: How long the caller waits for the reader altogether; the caller's own work does not count.
    """

    address_space: int = 3 << 30
    seconds: float = 600.0


@dataclass(frozen=True)
class ReadResult:
    """What is known once the last batch was read.

    Attributes:
        rows: Rows in all batches.
        warnings: What a person should know, in whole sentences.
        seconds: Seconds by step: spawn, read (parsing the sheet), lines.
        peak_bytes: Largest resident size of the reader process.
    """

    rows: int
    warnings: tuple[str, ...]
    seconds: dict[str, float]
    peak_bytes: int
