"""What is wrong with a value of a profile, and what to do, in one sentence."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from te_assets.site.model import Site

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Path = Sequence[str | int]

_SHORT: Mapping[str, str] = {
    "too_short": "needs at least one entry; add one",
    "string_too_short": "is empty; give it a name, or remove it",
    "string_type": "must be one word or text, no list and no mapping",
    "dict_type": "must be a mapping, lines of key: value",
    "model_type": "must be a mapping, lines of key: value",
    "mapping_type": "must be a mapping, lines of key: value",
    "tuple_type": "must be a list: [a, b], or lines that begin with -",
    "list_type": "must be a list: [a, b], or lines that begin with -",
}
_BY_VALUE: Mapping[str, str] = {
    "date": "is no date; write it as 2026-01-31",
    "decimal_parsing": "is no number; write it as 12 or 0.5",
    "decimal_type": "is no number; write it as 12 or 0.5",
    "bool": "is neither true nor false; write one of them",
}


def sentence(fault: ErrorDetails) -> str:
    """Pydantic's finding, said so that a person knows what to do."""
    kind, path, value = fault["type"], fault["loc"], fault["input"]
    if kind == "missing":
        return f"{path[-1] if path else 'it'!s} is missing; add it"
    if kind == "extra_forbidden":
        known = keys_at(path[:-1])
        return f"the profile has no such key; {_close(str(path[-1]), known, 'remove it, or correct its spelling')}"
    if kind == "literal_error":
        allowed = [word.strip("'") for word in fault["ctx"]["expected"].replace(" or ", ", ").split(", ")]
        return f"{value!r} is not allowed; {_close(str(value), allowed, 'choose')} (one of {', '.join(allowed)})"
    if kind in _SHORT:
        return _SHORT[kind]
    for beginning, what in _BY_VALUE.items():
        if kind.startswith(beginning):
            return f"{value!r} {what}"
    cause = fault.get("ctx", {}).get("error")
    if cause is not None:
        return str(cause)
    return f"{value!r}: {fault['msg'][0].lower()}{fault['msg'][1:]}; mend it"


def is_noise(fault: ErrorDetails, faults: Iterable[ErrorDetails]) -> bool:
    """Whether a list is only said to be too short because its entries are faulty."""
    place = fault["loc"]
    return fault["type"] == "too_short" and any(
        len(other["loc"]) > len(place) and other["loc"][: len(place)] == place for other in faults
    )


def keys_at(path: Path) -> list[str]:
    """Keys that the profile knows at a place; none where keys are names."""
    node = _schema()
    for step in path:
        node = _resolved(node)
        if isinstance(step, int):
            node = node.get("items", {})
        else:
            node = node.get("properties", {}).get(step) or node.get("additionalProperties") or {}
    return list(_resolved(node).get("properties", {}))


def _close(word: str, known: Sequence[str], otherwise: str) -> str:
    found = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if found:
        return f"did you mean {found[0]}?"
    return f"{otherwise}. Known here: {', '.join(known)}" if known and otherwise != "choose" else otherwise


@cache
def _schema() -> dict[str, Any]:
    return Site.model_json_schema(by_alias=True)


def _resolved(node: Any) -> dict[str, Any]:
    if not isinstance(node, dict):
        return {}
    if "$ref" in node:
        definition: dict[str, Any] = _schema()["$defs"][node["$ref"].rsplit("/", 1)[-1]]
        return definition
    for choice in node.get("anyOf", ()):
        if choice.get("type") != "null":
            return _resolved(choice)
    return node
