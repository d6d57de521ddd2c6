"""Whether the parts of a contract fit together: names that exist, fields that the model has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from te_assets.contracts.completion_rules import (
    close_name,
    completion_faults,
    operands_of_derivation,
    used_in_completion,
)
from te_assets.contracts.fields import DURATION, LENGTHS
from te_assets.contracts.headers import normalize

if TYPE_CHECKING:
    from te_assets.contracts.model import Contract


def faults_of(contract: Contract) -> list[str]:
    """Everything that is inconsistent, in whole sentences; empty when the contract is sound."""
    return [
        *_columns(contract),
        *_combinations(contract),
        *_aliases(contract),
        *_names_in_rules(contract),
        *_skips(contract),
        *_keys(contract),
        *_stand_ins(contract),
        *completion_faults(contract),
        *_snapshot(contract),
    ]


def operands_of(contract: Contract) -> tuple[str, ...]:
    """Names that a rule may compare: fields of the model, the model's length, and columns of the contract."""
    return (*contract.fields, LENGTHS[contract.feeds][0], *contract.columns)


def _columns(contract: Contract) -> Iterator[str]:
    if not contract.columns:
        yield "columns: is empty; name at least the required fields"
    combined = {name for part in contract.combine.values() for name in (part.date, part.time)}
    mentioned = (
        combined
        | {contract.changed_at}
        | {name for rule in contract.skip_rows_where for name in (*rule.column, *rule.empty)}
    )
    mentioned |= used_in_completion(contract)
    lengths = {name for target in LENGTHS[contract.feeds][1:] for name in operands_of_derivation(contract, target)}
    lengths |= {contract.unpivot.value} if contract.unpivot is not None else set()
    mentioned |= {operand for rule in contract.rules for operand in (rule.left, str(rule.right), *rule.unless)}
    for name, column in contract.columns.items():
        field = contract.fields.get(name)
        if name in lengths - set(contract.fields) or (name == DURATION and contract.feeds == "interactions"):
            if column.type != "decimal" or column.unit is None:
                yield f"columns.{name}: a duration is of type decimal and has a unit (ms, s, min or h); give it both"
        elif field is None and name not in mentioned:
            yield (
                f"columns.{name}: {contract.feeds} has no such field and nothing in the contract uses it"
                f"{close_name(name, contract.fields)}; rename or remove it"
            )
        elif field is not None and field.type != column.type:
            wanted = f"is of type {field.type} in {contract.feeds}, not {column.type}"
            yield f"columns.{name}: {wanted}; write type: {field.type}"
        elif column.unit is not None and name != "exported_duration_seconds":
            yield f"columns.{name}: unit is for durations ({DURATION}); remove it"
    for name in contract.constants:
        if name not in contract.fields:
            yield f"constants.{name}: {contract.feeds} has no such field{close_name(name, contract.fields)}; rename it"


def _combinations(contract: Contract) -> Iterator[str]:
    for target, part in contract.combine.items():
        field, example = contract.fields.get(target), LENGTHS[contract.feeds][1]
        if field is None or field.type != "datetime":
            yield f"combine.{target}: {contract.feeds} has no instant of this name; name {example} or another"
        for name, wanted in ((part.date, "date"), (part.time, "time")):
            column = contract.columns.get(name)
            if column is None:
                yield f"combine.{target}: there is no column {name}{close_name(name, contract.columns)}; add it"
            elif column.type != wanted:
                yield f"combine.{target}: column {name} is of type {column.type}, needed is {wanted}; mend one of them"
        named = f"combine.{target}: not_before names {part.not_before}"
        if part.not_before is not None and part.not_before not in contract.combine:
            yield f"{named}, which is not combined; name a combined instant"
        elif part.not_before is not None and contract.combine[part.not_before].not_before is not None:
            yield f"{named}, which has a not_before itself; remove one of them"


def _names_in_rules(contract: Contract) -> Iterator[str]:
    operands = operands_of(contract)
    for rule in contract.rules:
        names = [rule.left, *([rule.right] if isinstance(rule.right, str) else []), *rule.unless]
        for name in names:
            if name not in operands:
                yield f"rules.{rule.name}: there is no {name}{close_name(name, operands)}; name a field or column"
    yield from _repeated("rules", [rule.name for rule in contract.rules])


def _skips(contract: Contract) -> Iterator[str]:
    for skip in contract.skip_rows_where:
        for name in (*skip.column, *skip.empty):
            if name not in contract.columns:
                close = close_name(name, contract.columns)
                yield f"skip_rows_where.{skip.name}: there is no column {name}{close}; name a column"
    yield from _repeated("skip_rows_where", [skip.name for skip in contract.skip_rows_where])


def _repeated(kind: str, names: Sequence[str]) -> Iterator[str]:
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{kind}: two rules are named {name}; rename one"


def _aliases(contract: Contract) -> Iterator[str]:
    """One header text for two fields: the second would never be found."""
    owners: dict[tuple[str, str], str] = {}
    for name, column in contract.columns.items():
        texts = [(normalize(alias), "") for alias in column.aliases]
        texts += [(normalize(alias), column.suffix or "") for alias in (*column.aliases, *column.suffix_aliases)]
        for text, suffix in texts:
            owner = owners.setdefault((text, suffix), name)
            if owner != name:
                shown = f"{text} ({suffix})" if suffix else text
                yield f"columns.{name}: the header {shown!r} already means {owner}; give it to one of them"
            if not text:
                yield f"columns.{name}: an alias has neither letters nor digits; remove it"


def _keys(contract: Contract) -> Iterator[str]:
    for name in contract.business_key:
        if name not in contract.fields:
            close = close_name(name, contract.fields)
            yield f"business_key: {contract.feeds} has no field {name}{close}; name fields alone"
    if len(set(contract.business_key)) < len(contract.business_key):
        yield "business_key: a field stands twice; name each once"
    if contract.changed_at is not None:
        column = contract.columns.get(contract.changed_at)
        if column is None or column.type != "datetime":
            yield f"changed_at: {contract.changed_at} is no column of type datetime; add it or write null"
    provided = {*contract.columns, *contract.combine, *contract.constants, *contract.constants_from}
    provided |= {*contract.derive, *contract.make}
    if contract.unpivot is not None:
        provided |= {contract.unpivot.name, contract.unpivot.value}
    if DURATION in provided:
        provided.add("exported_duration_seconds")
    for name, field in contract.fields.items():
        if field.is_required and name not in provided and name != "plant":
            yield f"{name}: {contract.feeds} needs it; give it a column, a combination or a constant, or make it"


def _stand_ins(contract: Contract) -> Iterator[str]:
    for stand_in in contract.stand_in:
        for name in (stand_in.missing, *stand_in.use, *stand_in.use.values()):
            if name not in contract.columns:
                close = close_name(name, contract.columns)
                yield f"stand_in.{stand_in.missing}: there is no column {name}{close}; name a column"
        if stand_in.missing not in stand_in.use:
            yield f"stand_in.{stand_in.missing}: use does not say what stands in for {stand_in.missing}; add it"


def _snapshot(contract: Contract) -> Iterator[str]:
    if contract.delivers == "changes":
        if contract.scope is not None:
            yield "scope: is for snapshots; a file that delivers changes is complete for nothing, so remove scope"
        return
    if contract.period is None:
        yield (
            "delivers: a snapshot is complete for a period, and the contract does not say where files declare theirs; "
            "add period: {file_name: …}"
        )
    if contract.changed_at is not None:
        yield "changed_at: the rows of a snapshot are as new as its export; remove changed_at"
