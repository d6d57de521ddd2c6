"""Finds the contracts that a text file fits: those that let text in, under the way of writing that each declares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from te_assets.contracts.layout import Layout
from te_assets.contracts.matching import ContractAmbiguous, NoMatchingSheet, match
from te_assets.contracts.model import Contract
from te_assets.contracts.model_parts import TextExport
from te_assets.errors import ContractError
from te_assets.workbook.errors import FormatNotRead
from te_assets.workbook.request import TextFormat
from te_assets.workbook.text_guard import TextOptions, guard_text
from te_assets.workbook.text_records import peek_text


@dataclass(frozen=True)
class Found:
    """A layout found in a file.

    Attributes:
        text: How the file is cut into cells; None: it is a workbook.
        warnings: What is doubtful about that, in whole sentences.
    """

    layout: Layout
    text: TextFormat | None = None
    warnings: tuple[str, ...] = ()


def match_text(contracts: Sequence[Contract], path: Path, name: str, *, only: str | None = None) -> list[Found]:
    """Find the layouts of a text file.

    Args:
        contracts: Contracts to try.
        path: A file that `sniff` called text.
        name: File name as delivered.
        only: Source of the only contract to try.

    Raises:
        FormatNotRead: No contract reads text under this file name.
        WorkbookError: The text is damaged or too large.
        ContractError: No contract fits, or two fit equally well.
    """
    newest = {contract.source: contract for contract in sorted(contracts, key=lambda contract: contract.version)}
    tried = [contract for contract in newest.values() if only is None or contract.source == only]
    willing = [contract for contract in tried if contract.text is not None and _takes(contract, name)]
    if not willing:
        raise _refusal(name, tried)
    guarded = {
        options: guard_text(path, name, text_options(options))
        for options in dict.fromkeys(contract.text for contract in willing)
        if options is not None
    }
    found: list[Found] = []
    faults: list[ContractError] = []
    for text in dict.fromkeys(one.text for one in guarded.values()):
        group = [c for c in willing if c.text is not None and guarded[c.text].text == text]
        warnings = tuple(dict.fromkeys(w for one in guarded.values() if one.text == text for w in one.warnings))
        try:
            layouts = match(group, name, [peek_text(path, name, text)], only=only)
        except ContractError as fault:
            faults.append(fault)
            continue
        found += [Found(layout, text, warnings) for layout in layouts]
    if not found:
        raise next((fault for fault in faults if not isinstance(fault, NoMatchingSheet)), faults[0])
    _refuse_two_of_a_model(name, found)
    return found


def text_options(export: TextExport) -> TextOptions:
    """What a contract declares of its text files, as the reader takes it."""
    return TextOptions(
        encoding=None if export.encoding == "auto" else export.encoding,
        delimiter={"auto": None, "tab": "\t"}.get(export.delimiter, export.delimiter),
        quote=export.quote,
    )


def _takes(contract: Contract, name: str) -> bool:
    return any(fnmatch(name.casefold(), pattern.casefold()) for pattern in contract.match.files)


def _refusal(name: str, tried: Sequence[Contract]) -> FormatNotRead:
    listed = ", ".join(contract.contract_id for contract in tried) or "none"
    suffix = Path(name).suffix or ".txt"
    return FormatNotRead(
        f"{name}: a text file, not an Excel workbook, and no contract reads text under this name (tried {listed}). "
        f'Save it as .xlsx, or allow it in a contract in $TE_SITE/sources: text: {{}}, and "*{suffix}" in match.files.'
    )


def _refuse_two_of_a_model(name: str, found: Sequence[Found]) -> None:
    """Read under two contracts of one model, every row would count twice."""
    by_model: dict[str, Layout] = {}
    for one in found:
        rival = by_model.setdefault(one.layout.model, one.layout)
        if rival is not one.layout:
            raise ContractAmbiguous(
                f"{name}: fits {rival.contract} and {one.layout.contract}, whose `text` options cut it differently. "
                f"Choose with --source {rival.contract.partition('@')[0]} or --source "
                f"{one.layout.contract.partition('@')[0]}, or narrow match.files in one of the contracts."
            )
