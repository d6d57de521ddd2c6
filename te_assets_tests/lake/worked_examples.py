"""The worked examples of docs/kpi.md: the page says what a test has to compute."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

PAGE = Path(__file__).parent.parent.parent / "docs" / "kpi.md"


@dataclass(frozen=True)
class Example:
    """A line of the table.

    Attributes:
        name: What happens.
        by_hand: How a person works it out.
        figure: What the marts show.
        test: `test_file.py::test_name` in this folder.
    """

    name: str
    by_hand: str
    figure: str
    test: str


def table(section: str) -> list[list[str]]:
    """The cells of the first table of a section of the page, without its header."""
    _, _, found = PAGE.read_text(encoding="utf-8").partition(f"\n## {section}\n")
    lines = [line for line in found.partition("\n## ")[0].splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines[1:]]


def examples() -> list[Example]:
    """All of them, as the page has them."""
    return [Example(name, by_hand, figure, test.strip("`")) for name, by_hand, figure, test in table("Worked examples")]


def minutes(seconds: Decimal) -> str:
    """`420 min`."""
    return f"{float(seconds) / 60:g} min"


def percent(ratio: float) -> str:
    """`88.8095 %`."""
    return f"{100 * ratio:.4f} %"
