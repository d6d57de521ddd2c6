"""Every contract in docs/layouts.md does what stands under it: it is loaded, and its example is judged under it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from te_assets.automation.checking import Checked, check_file
from te_assets.contracts.model import Contract
from te_assets.lake.faults import address
from te_assets.settings import Settings
from te_assets_tests.assets.deliveries import write
from te_assets_tests.conftest import Stack

PAGE = Path(__file__).parent.parent / "docs" / "layouts.md"
_EXAMPLE = re.compile(
    r"^```yaml\n(.*?)^```\n(?:^```csv ?(\S*)\n(.*?)^```\n^```\n(.*?)^```$)?", re.MULTILINE | re.DOTALL
)
_SHEET = re.compile(r"^\[(.+)\]$", re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """A contract, a file, and what check says of it.

    Attributes:
        file: Its name; empty where that does not matter.
        sheet: Its cells. A line `[PRS01]` begins a sheet of that name.
    """

    contract: str
    file: str
    sheet: str
    answer: str


def examples() -> list[Example]:
    return [Example(*found) for found in _EXAMPLE.findall(PAGE.read_text(encoding="utf-8"))]


def written(folder: Path, contract: Contract, example: Example) -> Path:
    """The file as text where the contract reads text, else as a workbook of texts."""
    if contract.text is not None:
        path = folder / (example.file or "export.csv")
        path.write_bytes(example.sheet.encode("utf-16"))
        return path
    first, *others = _SHEET.split(example.sheet)
    sheets = dict(zip(others[::2], others[1::2], strict=True)) if others else {"Sheet": first}
    lines = {name: cells.strip().splitlines() for name, cells in sheets.items()}
    return write(
        folder / (example.file or "export.xlsx"),
        {name: [[cell or None for cell in line.split(";")] for line in found] for name, found in lines.items()},
    )


def said(found: Sequence[Checked]) -> Iterator[str]:
    """What becomes of the rows of each sheet, what they add up to, and the notes."""
    for checked in found:
        verdicts, layout = checked.judgement.verdicts, checked.sheet.layout
        yield (f"{layout.sheet}: " if len(found) > 1 else "") + (
            f"{checked.rows:,} rows: {verdicts.accepted:,} accepted, {verdicts.rejected:,} rejected, "
            f"{verdicts.skipped:,} skipped, {verdicts.duplicates:,} duplicates"
        )
        yield ", ".join(f"{name} {value.normalize():,f}" for name, value in sorted(checked.judgement.sums.items()))
        for note in checked.judgement.notes:
            yield f"note: {address(note, layout.sheet, layout.header_map)}: {note.message} ({note.rule})"


def test_the_page_has_a_sheet_and_an_answer_for_each_contract() -> None:
    found = examples()

    assert len(found) == PAGE.read_text(encoding="utf-8").count("```yaml\n") == 11
    assert all(example.sheet and example.answer for example in found)


@pytest.mark.stack
@pytest.mark.parametrize("example", examples(), ids=lambda example: example.contract.splitlines()[0])
def test_a_contract_of_the_page_reads_its_sheet_as_the_page_says(
    stack: Stack, tmp_path: Path, example: Example
) -> None:
    site = tmp_path / "site"
    (site / "sources").mkdir(parents=True)
    (site / "site.yaml").write_text((Settings().site_dir / "site.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    contract = Contract.from_yaml(example.contract, "docs/layouts.md")
    (site / "sources" / "own.yaml").write_text(example.contract, encoding="utf-8")

    found = check_file(stack.settings.model_copy(update={"site": site}), written(tmp_path, contract, example))

    for checked in found:
        publication = checked.sheet.publication
        assert publication.contract == contract.contract_id
        assert checked.judgement.faults == ()
        assert (publication.period is not None) == (contract.delivers == "snapshot")
    assert example.answer.splitlines() == list(said(found))
