"""Every contract in docs/layouts.md does what stands under it: it is loaded, and its example is judged under it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from te_assets.automation.checking import check_file
from te_assets.contracts.model import Contract
from te_assets.settings import Settings
from te_assets_tests.conftest import Stack

PAGE = Path(__file__).parent.parent / "docs" / "layouts.md"
_EXAMPLE = re.compile(r"^```yaml\n(.*?)^```\n(?:^```csv\n(.*?)^```\n^```\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    """A contract, a sheet, and what check says of it."""

    contract: str
    sheet: str
    answer: str


def examples() -> list[Example]:
    return [Example(*found) for found in _EXAMPLE.findall(PAGE.read_text(encoding="utf-8"))]


def written(folder: Path, contract: Contract, sheet: str) -> Path:
    """The sheet as text where the contract reads text, else as a workbook of texts."""
    if contract.text is not None:
        path = folder / "export.csv"
        path.write_bytes(sheet.encode("utf-16"))
        return path
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for line in sheet.splitlines():
        page.append([cell or None for cell in line.split(";")])
    book.save(folder / "export.xlsx")
    return folder / "export.xlsx"


def test_the_page_has_a_sheet_and_an_answer_for_each_contract() -> None:
    found = examples()

    assert len(found) == PAGE.read_text(encoding="utf-8").count("```yaml\n") == 4
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

    (checked,) = check_file(
        stack.settings.model_copy(update={"site": site}), written(tmp_path, contract, example.sheet)
    )

    verdicts = checked.judgement.verdicts
    assert checked.sheet.publication.contract == contract.contract_id
    assert checked.judgement.faults == ()
    assert example.answer.strip() == (
        f"{checked.rows:,} rows: {verdicts.accepted:,} accepted, {verdicts.rejected:,} rejected, "
        f"{verdicts.skipped:,} skipped, {verdicts.duplicates:,} duplicates"
    )
