"""`te-assets suggest`: a contract proposed for a file, from its headers and its first rows."""

from __future__ import annotations

from pathlib import Path

from te_assets.contracts.layout import Model
from te_assets.contracts.looked import Looked
from te_assets.contracts.matching import match
from te_assets.contracts.model import Contract
from te_assets.contracts.proposal import Proposal, propose
from te_assets.contracts.suggestion import guess_header
from te_assets.errors import ContractError, TeAssetsError
from te_assets.intake.sampling import Source, look_into, sample
from te_assets.intake.texts import match_text
from te_assets.profile import Profile
from te_assets.settings import Settings

_ROWS = 3_000


class NothingRecognised(ContractError):
    """No row of the file has headers that are known."""


def suggest(settings: Settings, path: Path, *, model: Model | None = None) -> Proposal:
    """Propose a contract for a file.

    Args:
        settings: The site whose contracts count as known.
        path: A workbook or text export.
        model: Which model it feeds; by default the one whose headers it has more of.

    Raises:
        WorkbookError: The file cannot be read.
        NothingRecognised: No row looks like a header.
    """
    contracts = [c for c in Profile.of(settings).contracts().newest if model is None or c.feeds == model]
    found = look_into(path, path.name)
    guess = guess_header(contracts, found.sheets)
    if guess is None:
        raise NothingRecognised(_nothing(path.name, found))
    fitting = _fitting(path, found, contracts, guess.sheet.name)
    if fitting is not None and fitting != guess.vocabulary:
        guess = guess_header([fitting], found.sheets) or guess
    rows = sample(path, path.name, guess, found.text, _ROWS)
    known = tuple(contract.source for contract in Profile.of(settings).contracts())
    return propose(Looked(path.name, guess, rows, found.text is not None, fitting, known))


def _fitting(path: Path, found: Source, contracts: list[Contract], sheet: str) -> Contract | None:
    """The contract that reads a sheet as it stands."""
    try:
        if found.text is not None:
            layouts = [one.layout for one in match_text(contracts, path, path.name)]
        else:
            layouts = list(match(contracts, path.name, found.sheets))
    except TeAssetsError:
        return None
    fits = [layout.contract for layout in layouts if layout.sheet == sheet]
    return next((contract for contract in contracts if contract.contract_id in fits), None)


def _nothing(name: str, found: Source) -> str:
    seen = []
    for sheet in found.sheets:
        fullest = max(sheet.rows, key=lambda row: len(row.cells), default=None)
        texts = ", ".join(" ".join(cell.text.split()) for cell in fullest.cells[:12]) if fullest else "nothing"
        seen.append(f'"{sheet.name}": {texts}')
    return (
        f"{name}: no row has three headers that are known or like known ones, so nothing can be proposed. Found: "
        f"{'; '.join(seen)}. Rename the headers of one export to known ones (docs/layouts.md) and try again, or write "
        "a contract in $TE_SITE/sources by hand with your header texts as aliases."
    )
