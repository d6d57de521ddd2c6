"""A contract of its own for a sheet: the vocabulary's, narrowed to the columns that the sheet has."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from te_assets.contracts.looked import Looked
from te_assets.contracts.model import Contract
from te_assets.contracts.suggestion import HeaderGuess, short


def own_settings(looked: Looked) -> dict[str, Any]:
    """A contract of its own: the vocabulary's, narrowed to the columns that were found."""
    guess = looked.guess
    whole = guess.vocabulary.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    combine = _combinations(whole, set(guess.fields))
    columns = _columns(whole, guess, combine)
    known = set(columns)
    suffix = PurePath(looked.file_name).suffix.lower() or ".txt"
    settings: dict[str, Any] = {
        "source": _source_name(looked),
        "feeds": whole["feeds"],
        "version": 1,
        "title": f"Proposed from {looked.file_name}",
        "match": {"sheets": ["*"], "files": [f"*{suffix}", "*.xlsx"] if looked.is_text else ["*.xlsx", "*.xlsm"]},
    }
    if looked.is_text:
        settings["text"] = {"delimiter": "auto", "encoding": "auto", "quote": '"'}
    settings["locale"] = {}
    settings["columns"] = columns
    if combine:
        settings["combine"] = combine
    settings["business_key"] = whole["business_key"]
    if whole.get("changed_at") in known:
        settings["changed_at"] = whole["changed_at"]
    settings["skip_rows_where"] = list(_skips(whole.get("skip_rows_where", ()), known))
    settings["delivers"] = "changes"
    settings |= _from_name(looked.file_name)
    settings["rules"] = [rule for rule in whole.get("rules", ()) if _has_operands(rule, guess.vocabulary, known)]
    return settings


def _has_operands(rule: Mapping[str, Any], vocabulary: Contract, known: set[str]) -> bool:
    """Whether what a rule compares is still there."""
    names = [rule["left"], str(rule["right"])]
    lost = {name for name in vocabulary.columns if name not in known and name not in vocabulary.fields}
    return not lost & set(names)


def _skips(rules: Sequence[Mapping[str, Any]], known: set[str]) -> Iterator[dict[str, Any]]:
    for rule in rules:
        kept = dict(rule)
        for key in ("column", "empty"):
            if key in kept:
                names = [kept[key]] if isinstance(kept[key], str) else kept[key]
                kept[key] = [name for name in names if name in known]
        if kept.get("column", True) and kept.get("empty", True):
            yield kept


def _source_name(looked: Looked) -> str:
    stem = unicodedata.normalize("NFKD", PurePath(looked.file_name).stem).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"exported.*$", "", stem)
    name = "_".join(re.findall(r"[a-z]+", stem))[:40] or f"own_{looked.guess.vocabulary.feeds}"
    while name in looked.known:
        name = f"own_{name}"
    return name


def _from_name(name: str) -> dict[str, Any]:
    """Period and export time, where the file name looks as if it said them."""
    day = r"\d{4}-\d{2}-\d{2}"
    settings: dict[str, Any] = {}
    if re.search(rf"{day}\D{{1,4}}{day}", name):
        settings["period"] = {"file_name": rf"(?P<from>{day})\D{{1,4}}(?P<to>{day})"}
    places: list[Any] = []
    stamp = re.search(r"(?<!\d)\d{8}[T_]\d{6}(?!\d)", name)
    if stamp is not None:
        places.append({"file_name": r"(?<!\d)(?P<at>\d{8}[T_]\d{6})(?!\d)"})
    settings["export_time"] = [*places, {"workbook": "modified"}, "first_seen"]
    return settings


def _combinations(whole: Mapping[str, Any], found: set[str]) -> dict[str, Any]:
    """Combinations of which a half was found."""
    combine = {
        target: dict(parts)
        for target, parts in whole.get("combine", {}).items()
        if {parts["date"], parts["time"]} & found
    }
    for parts in combine.values():
        if parts.get("not_before") not in combine:
            parts.pop("not_before", None)
            parts.pop("limit_hours", None)
    return combine


def _columns(whole: Mapping[str, Any], guess: HeaderGuess, combine: Mapping[str, Any]) -> dict[str, Any]:
    """Columns that were found, under the headers that they have, and the other halves of combinations."""
    partners = {name for parts in combine.values() for name in (parts["date"], parts["time"])}
    columns: dict[str, Any] = {}
    for name, column in whole["columns"].items():
        found = guess.fields.get(name)
        if found is not None:
            kept = {key: value for key, value in column.items() if key not in ("suffix", "suffix_aliases")}
            columns[name] = kept | {"aliases": [short(found.cell.text)]}
        elif name in partners:
            columns[name] = {key: value for key, value in column.items() if key != "required"}
    return columns
