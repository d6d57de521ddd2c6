"""Whether what a contract computes, makes, reads beside the table or unpivots fits its columns and fields."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from te_assets.contracts.completion import Derivation, Unpivot
from te_assets.contracts.fields import LENGTHS, FieldType
from te_assets.contracts.headers import normalize

if TYPE_CHECKING:
    from te_assets.contracts.model import Contract


def completion_faults(contract: Contract) -> Iterator[str]:
    """What is inconsistent, in whole sentences."""
    yield from _derivations(contract)
    yield from _makings(contract)
    yield from _constants(contract)
    yield from _unpivot(contract)


def used_in_completion(contract: Contract) -> set[str]:
    """Columns that a derivation, a made field, a constant or the matrix uses."""
    used = {name for derivation in contract.derive.values() for name in derivation.operands}
    used |= {part for parts in contract.make.values() for part in parts}
    return used | ({contract.unpivot.value} if contract.unpivot is not None else set())


def operands_of_derivation(contract: Contract, target: str) -> tuple[str, ...]:
    """What is added to or subtracted from the other end of an interval to compute this one."""
    derivation = contract.derive.get(target)
    return tuple(name for _, name in derivation.terms) if derivation is not None else ()


def close_name(name: str, known: Iterable[str]) -> str:
    """` (close: order_id)` where a known name is like the one that was written, else nothing."""
    found = difflib.get_close_matches(name, list(known), n=1)
    return f" (close: {found[0]})" if found else ""


def _types(contract: Contract) -> Mapping[str, FieldType]:
    fields: dict[str, FieldType] = {name: field.type for name, field in contract.fields.items()}
    return fields | {name: column.type for name, column in contract.columns.items()}


def _derivations(contract: Contract) -> Iterator[str]:
    types = _types(contract)
    _, start, end = LENGTHS[contract.feeds]
    for name, derivation in contract.derive.items():
        unknown = [operand for operand in derivation.operands if operand not in types]
        for operand in unknown:
            yield f"derive.{name}: there is no {operand}{close_name(operand, types)}; add a column of this name"
        if name not in contract.fields:
            yield f"derive.{name}: {contract.feeds} has no field {name}{close_name(name, contract.fields)}; rename it"
        elif name in derivation.operands:
            yield f"derive.{name}: {name} is computed from itself; name the other fields"
        elif name in (start, end):
            yield from _interval(contract, name, derivation, start, end)
        elif contract.fields[name].type != "decimal":
            yield f"derive.{name}: only quantities, {start} and {end} can be computed; use make for a text"
        elif not unknown:
            yield from _quantities(contract, name, derivation, types)


def _interval(contract: Contract, name: str, derivation: Derivation, start: str, end: str) -> Iterator[str]:
    """An end is a start plus durations, a start an end minus durations."""
    other, is_right = (start, not derivation.minus) if name == end else (end, not derivation.plus)
    if derivation.from_ != other or not is_right:
        wanted = f"from: {start}, plus" if name == end else f"from: {end}, minus"
        yield f"derive.{name}: write {{{wanted}: [duration]}}, with a column of a duration"
    for _, operand in derivation.terms:
        column = contract.columns.get(operand)
        if operand != "exported_duration_seconds" and (column is None or column.unit is None):
            yield f"derive.{name}: {operand} is no duration; give its column a unit (ms, s, min or h)"


def _quantities(contract: Contract, name: str, derivation: Derivation, types: Mapping[str, FieldType]) -> Iterator[str]:
    for operand in derivation.operands:
        column = contract.columns.get(operand)
        if types[operand] not in ("decimal", "integer") or (column is not None and column.unit is not None):
            yield f"derive.{name}: {operand} is no quantity; give it a column of type decimal without unit"


def _makings(contract: Contract) -> Iterator[str]:
    types = _types(contract)
    for name, parts in contract.make.items():
        field = contract.fields.get(name)
        if field is None:
            yield f"make.{name}: {contract.feeds} has no field {name}{close_name(name, contract.fields)}; rename it"
        elif field.type != "text" or name in ("plant", "work_center"):
            yield f"make.{name}: only texts such as an id or a counter can be made, not {name}; give it a column"
        if not parts:
            yield f"make.{name}: is empty; list the fields that tell one row from another"
        for part in parts:
            if part not in types:
                yield f"make.{name}: there is no {part}{close_name(part, types)}; name a field or column"
            elif part in contract.make and part != name:
                yield f"make.{name}: {part} is made itself; list what it is made of"
        if len(set(parts)) < len(parts):
            yield f"make.{name}: a name stands twice; name each once"


def _constants(contract: Contract) -> Iterator[str]:
    known = _types(contract)
    for name in contract.constants_from:
        if name not in known:
            yield f"constants_from.{name}: there is no field or column {name}{close_name(name, known)}; rename it"
        if name in contract.constants:
            yield f"constants_from.{name}: {name} is in constants too; keep one of them"


def _unpivot(contract: Contract) -> Iterator[str]:
    unpivot = contract.unpivot
    if unpivot is None:
        return
    if contract.feeds != "interactions":
        yield "unpivot: a matrix feeds interactions; for confirmations every row would count once per column"
        return
    yield from _unpivot_names(contract, unpivot)
    for name in ("started_at", "ended_at"):
        if name in contract.derive:
            yield f"unpivot: {name} follows from the row's start and the cells; remove derive.{name}"
    if "ended_at" in {*contract.columns, *contract.combine}:
        yield "unpivot: a stop ends after its duration; give what the row ends at a column not called ended_at"
    if not {unpivot.name, "reason_text"} & {*contract.make.get("interaction_id", ())}:
        yield (
            "unpivot: a row gives several stops, so each needs an id of its own; write make: "
            f"{{interaction_id: [work_center, started_at, {unpivot.name}]}}"
        )
    yield from _unpivot_headers(contract, unpivot)


def _unpivot_names(contract: Contract, unpivot: Unpivot) -> Iterator[str]:
    field, value = contract.fields.get(unpivot.name), contract.columns.get(unpivot.value)
    if field is None or field.type != "text":
        yield f"unpivot: name is {unpivot.name}; it must be a text field such as reason_code or reason_text"
    elif unpivot.name in contract.columns and contract.columns[unpivot.name].aliases:
        yield f"unpivot: {unpivot.name} comes from the headers; remove the aliases of columns.{unpivot.name}"
    if value is None or value.unit is None:
        yield f"unpivot: columns.{unpivot.value} must tell type: decimal and the unit of the cells (ms, s, min or h)"
    elif value.aliases or value.suffix_aliases:
        yield f"unpivot: columns.{unpivot.value} is read from the matrix; remove its aliases"


def _unpivot_headers(contract: Contract, unpivot: Unpivot) -> Iterator[str]:
    if not isinstance(unpivot.columns, tuple | Mapping):
        return
    aliases = {normalize(alias): name for name, column in contract.columns.items() for alias in column.aliases}
    seen: set[str] = set()
    for header in unpivot.columns:
        text = normalize(header)
        if text in aliases:
            yield f"unpivot: the header {header!r} already means {aliases[text]}; give it to one of them"
        if text in seen or not text:
            yield f"unpivot: the header {header!r} stands twice or has neither letters nor digits; name each once"
        seen.add(text)
