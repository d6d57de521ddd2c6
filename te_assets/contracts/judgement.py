"""What a row is judged by: checks that reject it, and checks that only leave a note."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from te_assets.contracts.cells import Cells
from te_assets.contracts.completing import computed, is_plain_text
from te_assets.contracts.completion import Derivation
from te_assets.contracts.escaping import literal
from te_assets.contracts.fields import LENGTHS
from te_assets.contracts.model_parts import Rule
from te_assets.contracts.places import Places

_DAY = 86_400_000


@dataclass(frozen=True)
class Unreadable:
    """Why a cell cannot be read; `{value}` in the message stands for its text."""

    rule: str
    message: str


UNREADABLE: Mapping[int, Unreadable] = MappingProxyType(
    {
        1: Unreadable("not_a_number", "'{value}' is no number"),
        2: Unreadable("precision", "{value} has more than 3 decimals"),
        3: Unreadable("number_out_of_range", "{value} has more than 15 digits before the point"),
        4: Unreadable(
            "ambiguous_number",
            "'{value}' may be a thousand times as much: make the cell a number, or declare decimal and thousands "
            "separators in the contract",
        ),
        5: Unreadable("not_a_date", "'{value}' is no date in an order that the contract declares"),
        6: Unreadable("not_a_date_time", "'{value}' is no date and time in an order that the contract declares"),
        7: Unreadable("day_out_of_range", "{value} lies before 1990 or after 2148"),
        8: Unreadable("not_a_time", "'{value}' is no time of day"),
        9: Unreadable("not_a_boolean", "'{value}' is neither a word for true nor one for false"),
        10: Unreadable("not_an_integer", "{value} is no whole number"),
        11: Unreadable("excel_error", "the cell shows the error {value}; mend its formula"),
    }
)
"""By the code that typing.sql.jinja gives to the cell; 0 is a cell that could be read."""


@dataclass(frozen=True)
class Check:
    """One reason for a fault or a note.

    Attributes:
        column: SQL that yields the column to be marked.
        rule: Name of the rule.
        condition: SQL, true where the row breaks the rule.
        message: Text for people; `{value}` stands for the value.
        value: SQL that yields the text of the value.
    """

    column: str
    rule: str
    condition: str
    message: str
    value: str

    @property
    def message_sql(self) -> str:
        """SQL that yields the message."""
        before, marker, after = self.message.partition("{value}")
        return f"concat({literal(before)}, {self.value}, {literal(after)})" if marker else literal(before)


def faults(cells: Cells) -> tuple[Check, ...]:
    """Checks that reject a row, beside cells that cannot be read."""
    return (
        *_required(cells),
        *_plants(cells),
        *_days(cells),
        *_completions(cells),
        *_contradictions(cells, "reject"),
        *(_rule(cells, rule) for rule in cells.contract.rules if rule.effect == "reject"),
    )


def notes(cells: Cells, places: Places) -> tuple[Check, ...]:
    """Checks that leave a note on a row that is accepted."""
    contract = cells.contract
    found = [_rule(cells, rule) for rule in contract.rules if rule.effect == "note"]
    found += _contradictions(cells, "note")
    for number, name in enumerate(cells.stamps, 1):
        column, text = literal(name), _stamp_text(cells, name)
        reading = (
            "the second was taken where only that keeps it after the start"
            if name == cells.end
            else "the first was taken"
        )
        found += [
            Check(
                column,
                "dst_ambiguous",
                f"oddities[{number}] = 1",
                "{value} happened twice that night; " + reading,
                text,
            ),
            Check(
                column,
                "dst_impossible",
                f"oddities[{number}] = 2",
                "the clock jumped over {value}; taken as much later",
                text,
            ),
            Check(
                column,
                "time_over_24",
                f"{_hour(cells, name)} >= {_DAY}",
                "{value} counts past midnight; taken as of the next day",
                text,
            ),
        ]
    if cells.end in contract.combine and contract.combine[cells.end].not_before is not None:
        message = "{value} lies before the start; taken as of the next day"
        found.append(Check(literal(cells.end), "next_day", "is_next_day", message, _stamp_text(cells, cells.end)))
    if contract.feeds == "interactions":
        message = "23:59 stands for midnight, as the logged duration says"
        found.append(
            Check(
                f"if(midnight < 0, {literal(cells.start)}, {literal(cells.end)})",
                "minute_before_midnight",
                "midnight != 0",
                message,
                "''",
            )
        )
    if places.work_center_ids:
        unknown = (
            f"multiIf(plant_number = 0, false, {cells.text('work_center')} IS NULL, false, known_work_center = '')"
        )
        message = (
            "work center '{value}' is not in the site profile, so its rows count in no figure; add it to site.yaml"
        )
        found.append(Check("'work_center'", "unknown_work_center", unknown, message, "m_work_center"))
    return tuple(found)


def _hour(cells: Cells, name: str) -> str:
    number = cells.stamps.index(name) + 1
    return f"if({cells.text(name)} IS NULL, hours[{number}], stamp_times[{number}])"


def _stamp_text(cells: Cells, name: str) -> str:
    combination = cells.contract.combine.get(name)
    direct = f"ifNull({cells.text(name)}, '')"
    if combination is None:
        return direct
    date, time = cells.text(combination.date), cells.text(combination.time)
    return (
        f"if({cells.text(name)} IS NOT NULL, {direct}, trimBoth(concat(ifNull({date}, ''), ' ', ifNull({time}, ''))))"
    )


def _required(cells: Cells) -> Iterator[Check]:
    contract = cells.contract
    for name, field in contract.fields.items():
        column = contract.columns.get(name)
        is_needed = field.is_required or name in contract.business_key or (column is not None and column.required)
        if not is_needed or field.type in ("decimal", "boolean", "integer") or name == "plant":
            continue
        marked = literal(name)
        combination = contract.combine.get(name)
        if combination is not None:
            has_date = f"{cells.text(combination.date)} IS NOT NULL"
            has_time = f"{cells.text(combination.time)} IS NOT NULL"
            other_half = f"{has_date}, {literal(combination.time)}, {has_time}, {literal(combination.date)}"
            marked = f"multiIf({other_half}, {marked})"
        empty = f"m_{name} IS NULL AND NOT is_unreadable" if field.is_nullable else f"m_{name} = ''"
        yield Check(marked, "required", empty, f"{name} is empty", "''")
    for name, column in contract.columns.items():
        if column.required and name not in contract.fields:
            yield Check(literal(name), "required", f"{cells.text(name)} IS NULL", f"{name} is empty", "''")


def _plants(cells: Cells) -> Iterator[Check]:
    has_column = "plant" in cells.contract.columns
    empty = "plant is empty" if has_column else "the site profile does not say in which plant the work center is"
    yield Check("'plant'", "required", "m_plant = ''", empty, "''")
    message = "plant '{value}' is not in the site profile; add it to site.yaml"
    yield Check("'plant'", "unknown_plant", "if(m_plant = '', false, plant_number = 0)", message, "m_plant")


def _days(cells: Cells) -> Iterator[Check]:
    contract, start, end = cells.contract, cells.start, cells.end
    yield Check(
        literal(start if contract.feeds == "interactions" else end),
        "day_out_of_range",
        "if(plant_number = 0, false, first_day < since_day OR last_day > delivery_day + 1)",
        "{value} lies before the first production day of the plant or after the day of delivery",
        "arrayStringConcat(arrayDistinct(arrayMap(x -> toString(toDate32(ifNull(x, 0))), [first_day, last_day])), '…')",
    )
    if contract.feeds == "confirmations":
        message = "there is neither an end of execution nor an entry nor a posting date, so the row belongs to no day"
        yield Check(literal(end), "no_production_day", "first_day IS NULL AND NOT is_unreadable", message, "''")
        message = "the execution lasts longer than a year"
        yield Check(
            literal(start), "execution_too_long", f"until_ - from_ > 366 * {_DAY}", message, _stamp_text(cells, start)
        )
    limit = contract.combine[end].limit_hours * 3_600_000 if end in contract.combine else _DAY
    message = "{value} counts past midnight and lies too long after the start"
    beyond = f"if({_hour(cells, end)} >= {_DAY}, until_ - from_ > {limit}, false)"
    yield Check(literal(end), "longer_than_limit", beyond, message, _stamp_text(cells, end))


def _rule(cells: Cells, rule: Rule) -> Check:
    contract = cells.contract
    left, right = _operand(cells, rule.left), _operand(cells, rule.right)
    condition = f"NOT ({left} {rule.comparison} {right})"
    for name in rule.unless:
        condition = f"if({_is_set(cells, name)}, false, {condition})"
    is_combined = rule.left in contract.combine and rule.left not in contract.columns
    column = contract.combine[rule.left].time if is_combined else rule.left
    return Check(
        literal(column),
        rule.name,
        condition,
        rule.message.replace("{value}", "(value)"),
        # As it stood in the sheet: the typed instant is UTC, which nobody finds there.
        _stamp_text(cells, rule.left) if rule.left in cells.stamps else f"ifNull(toString({left}), '')",
    )


def _operand(cells: Cells, operand: str | Decimal) -> str:
    if isinstance(operand, Decimal):
        return f"toDecimal128({literal(format(operand, 'f'))}, 9)"
    if operand in cells.contract.fields or operand == LENGTHS[cells.contract.feeds][0]:
        return f"m_{operand}"
    return cells.value(operand)


def _is_set(cells: Cells, name: str) -> str:
    operand = _operand(cells, name)
    kind = cells.columns[name].type if name in cells.columns else "decimal"
    if kind in ("date", "time", "datetime"):
        return f"{operand} IS NOT NULL"
    empty = {"boolean": "false", "text": "''"}.get(kind, "0")
    return f"ifNull({operand} != {empty}, false)"


def _completions(cells: Cells) -> Iterator[Check]:
    """What a computed or made field lacks, and lengths and quantities that would be negative."""
    contract = cells.contract
    for name, derivation in contract.derive.items():
        if name in (cells.start, cells.end):
            flag = "is_start_computed" if name == cells.start else "is_end_computed"
            column = derivation.terms[0][1]
            shown = f"ifNull({cells.text(column)}, '')"
            message = f"{{value}} is negative, so {name} cannot be computed from {derivation.from_}"
            yield Check(literal(column), "derived_negative", f"{flag} AND until_ < from_", message, shown)
            continue
        for needed in (derivation.from_, derivation.terms[0][1]):
            empty = f"{cells.text(name)} IS NULL AND {cells.text(needed)} IS NULL"
            yield Check(literal(needed), "required", empty, f"{needed} is empty, so {name} cannot be computed", "''")
        result, given = computed(cells, name), cells.value(derivation.from_)
        # A reversal may have all quantities below zero; what is taken away is then no more than the whole either.
        is_negative = f"{cells.text(name)} IS NULL AND if({given} < 0, {result} > 0, {result} < 0)"
        message = f"{name} = {_formula(derivation)} would be {{value}}"
        yield Check(
            literal(derivation.from_), "derived_negative", is_negative, message, f"ifNull(toString({result}), '')"
        )
    if contract.unpivot is not None:
        value = contract.unpivot.value
        text = f"ifNull({cells.text(value)}, '')"
        yield Check(literal(value), "required", f"{cells.text(value)} IS NULL", f"{value} is empty", "''")
        message = "{value} is negative; a stop cannot last less than nothing"
        yield Check(literal(value), "derived_negative", f"{cells.value(value)} < 0", message, text)
    for name, parts in contract.make.items():
        for part in parts:
            field = contract.fields.get(part)
            if is_plain_text(cells, part) or (field is not None and field.is_required):
                continue
            value = f"m_{part}" if field is not None else cells.value(part)
            empty = f"{cells.text(name)} IS NULL AND {value} IS NULL AND NOT is_unreadable"
            yield Check(literal(part), "required", empty, f"{part} is empty, so {name} cannot be made of it", "''")


def _contradictions(cells: Cells, effect: str) -> Iterator[Check]:
    """Quantities that are given and differ from what would be computed; one per set of fields."""
    told: set[frozenset[str]] = set()
    for name, derivation in cells.contract.derive.items():
        fields = frozenset({name, *derivation.operands})
        if name in (cells.start, cells.end) or derivation.on_conflict != effect or fields in told:
            continue
        told.add(fields)
        value, result = cells.value(name), computed(cells, name)
        message = f"{name} is not {_formula(derivation)}: {{value}}"
        shown = f"concat(ifNull(toString({value}), ''), ' and ', ifNull(toString({result}), ''))"
        yield Check(literal(name), "derived_conflict", f"{value} != {result}", message, shown)


def _formula(derivation: Derivation) -> str:
    terms = "".join(f" {'+' if sign == '+' else '−'} {name}" for sign, name in derivation.terms)
    return f"{derivation.from_}{terms}"
