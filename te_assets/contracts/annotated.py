"""A proposed contract as YAML, with a comment above everything that was found out or is unsure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from te_assets.contracts.evidence import Evidence, Value
from te_assets.contracts.looked import Looked
from te_assets.contracts.suggestion import short

_SAMPLES = 3
_SHOWN = 40
_SAY_EVEN_EMPTY = ("columns", "text")


def _key_note(looked: Looked, key: Sequence[str]) -> str:
    columns = [looked.guess.fields[name].cell.column for name in key if name in looked.guess.fields]
    keys = [tuple(str(row[column]) for column in columns if column in row) for row in looked.rows]
    doubled = len(keys) - len(set(keys))
    found = (
        f"unique over the {len(keys):,} rows looked at"
        if not doubled
        else f"{doubled:,} of {len(keys):,} rows repeat one"
    )
    return f"What makes a row one and the same in every export: {found}"


def notes_of(
    looked: Looked, settings: Mapping[str, Any], evidence: Mapping[str, Evidence], *, is_changed: bool
) -> dict[str, list[str]]:
    """Comments by the key that they stand above; the empty key is the top."""
    guess, base = looked.guess, looked.fitting
    sure = sum(each.is_sure for each in guess.fields.values())
    notes: dict[str, list[str]] = {
        "": [
            f"Proposed by te-assets suggest from {looked.file_name}",
            f'sheet "{guess.sheet.name}", header in row {guess.row}: of all sheets and rows the one with most headers',
            f"of {guess.vocabulary.feeds} ({sure} known, {len(guess.fields) - sure} like known ones); "
            f"{len(looked.rows):,} rows were looked at",
        ]
    }
    if base is not None:
        notes[""].append(
            f"{base.contract_id} reads this file; this is its next version, with what was found out about it."
            if is_changed
            else f"{base.contract_id} reads this file as it stands: no contract of your own is needed."
        )
    notes["locale"] = [said for found in evidence.values() for said in found.proved]
    notes["business_key"] = [_key_note(looked, settings["business_key"])]
    notes["delivers"] = ["Later exports bring new and changed rows; rows that are missing from them stay"]
    if "file_name" in str(settings.get("export_time")):
        notes["export_time"] = ["A time in the file name is taken as UTC"]
    for name in settings["columns"]:
        found = guess.fields.get(name)
        if found is None:
            continue
        samples = _samples(looked, found.cell.column)
        doubt = "" if found.is_sure else f"UNSURE, {found.why}. "
        notes[f"columns.{name}"] = [f"{doubt}Column {found.cell.letter}: {samples}"]
    return notes


def unmapped_notes(looked: Looked, settings: Mapping[str, Any]) -> list[str]:
    """Comments on the columns without a field."""
    lines = []
    for each in looked.guess.guesses:
        if each.field in settings["columns"]:
            continue
        lines.append(f'{each.cell.letter} "{short(each.cell.text)}" ({each.why}): {_samples(looked, each.cell.column)}')
    return lines


def written(settings: Mapping[str, Any], notes: Mapping[str, list[str]], unmapped: Sequence[str]) -> str:
    """YAML with the comments in their places."""
    lines = [f"# {_line(note)}" for note in notes[""]]
    for key, value in settings.items():
        if value in ([], {}) and key not in _SAY_EVEN_EMPTY:
            continue
        lines += [f"# {_line(note)}" for note in notes.get(key, ())]
        if key != "columns":
            lines += _dumped({key: value})
            continue
        lines.append("columns:")
        for name, column in value.items():
            lines += [f"  # {_line(note)}" for note in notes.get(f"columns.{name}", ())]
            lines += [f"  {line}" for line in _dumped({name: column})]
        if unmapped:
            lines.append("  # Without a field, kept with each row under its header:")
            lines += [f"  #   {_line(each)}" for each in unmapped]
    return "\n".join(lines) + "\n"


def _dumped(value: Mapping[str, Any]) -> list[str]:
    import yaml

    flow = None if any(isinstance(each, Mapping | list | tuple) for each in value.values()) else False
    text = yaml.safe_dump(_plain(value), sort_keys=False, allow_unicode=True, width=110, default_flow_style=flow)
    return text.rstrip("\n").split("\n")


def _plain(value: Any) -> Any:
    """Tuples as lists, which is what YAML has."""
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def _samples(looked: Looked, column: int) -> str:
    """The first different values of a column."""
    values = list(dict.fromkeys(looked.column(column)))[:_SAMPLES]
    return ", ".join(_sample(value) for value in values) or "empty"


def _sample(value: Value) -> str:
    text = short(str(value))
    return repr(text[:_SHOWN]) if isinstance(value, str) else text


def _line(text: str) -> str:
    """A comment on one line, without characters that would end it or that YAML refuses."""
    return "".join(char if char.isprintable() else " " for char in text)
