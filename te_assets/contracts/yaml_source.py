"""From YAML text to a validated contract, with the line that each fault stands on."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel

from te_assets.errors import ContractError
from te_assets.yaml_model import Document

Parsed = TypeVar("Parsed", bound=BaseModel)


class ContractInvalid(ContractError):
    """A contract file breaks the rules of contracts."""


_CONTRACT: Final = Document("contract", "source", ContractInvalid)


def read_contract_file(path: Path) -> str:
    """Text of a contract file.

    Raises:
        ContractInvalid: The file cannot be read as UTF-8.
    """
    return _CONTRACT.read(path)


def validate(model: type[Parsed], text: str, origin: str) -> Parsed:
    """Parse and validate YAML.

    Raises:
        ContractInvalid: With one line per fault: origin, line, place, what is wrong.
    """
    parsed = _validated(model, text, origin)
    assert isinstance(parsed, model)
    return parsed


@lru_cache(maxsize=100)  # the assets of a run ask for the same contracts a dozen times
def _validated(model: type[BaseModel], text: str, origin: str) -> BaseModel:
    return _CONTRACT.parse(model, text, origin)
