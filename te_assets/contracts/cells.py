"""Where typing.sql.jinja keeps the texts and values of a contract's columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from te_assets.contracts.escaping import literal, literals
from te_assets.contracts.fields import DURATION, LENGTHS, FieldType
from te_assets.contracts.model import Contract
from te_assets.contracts.model_parts import Column

_MILLISECONDS = {"ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000}


@dataclass(frozen=True)
class Cells:
    """The values that are read from a payload: the fields of the model, which an event may carry, and the columns."""

    contract: Contract

    @cached_property
    def columns(self) -> dict[str, Column]:
        """All cells in the order in which the tuple `cell` holds their texts."""
        direct = {name: Column(type=field.type) for name, field in self.contract.fields.items()}
        return direct | dict(self.contract.columns)

    @property
    def start(self) -> str:
        """The instant at which the interval of a row begins."""
        return LENGTHS[self.contract.feeds][1]

    @property
    def end(self) -> str:
        """The instant at which the interval of a row ends."""
        return LENGTHS[self.contract.feeds][2]

    def of_type(self, *kinds: FieldType) -> list[str]:
        """Names of the cells of a type."""
        return [name for name, column in self.columns.items() if column.type in kinds]

    @property
    def decimals(self) -> list[str]:
        """Plain numbers, in the order of the array `bounded`."""
        return [name for name in self.of_type("decimal", "integer") if self.columns[name].unit is None]

    @property
    def durations(self) -> list[str]:
        """Numbers with a unit, in the order of the array `seconds`."""
        return [name for name in self.of_type("decimal", "integer") if self.columns[name].unit is not None]

    @property
    def duration_units(self) -> list[int]:
        """Milliseconds of the unit of each duration."""
        return [_MILLISECONDS[self.columns[name].unit or "s"] for name in self.durations]

    @property
    def stamps(self) -> list[str]:
        """Instants, in the order of the arrays `stamp_…`, `fixed`, `direct`, `hours`, `walls`, `firsts`."""
        return self.of_type("datetime")

    @property
    def dates(self) -> list[str]:
        """Dates, in the order of the arrays `dates` and `date_times`."""
        return self.of_type("date")

    @property
    def clocks(self) -> list[str]:
        """Times of day, in the order of the array `clock_times`."""
        return self.of_type("time")

    @property
    def coded(self) -> list[str]:
        """Cells in the order of the array `codes`; an empty name stands for none."""
        others = [*self.of_type("boolean"), *self.of_type("integer"), "", *self.of_type("text")]
        return [*self.decimals, *self.durations, *self.dates, *self.stamps, *self.clocks, *others]

    def text(self, name: str) -> str:
        """SQL of the text of a cell, Nullable(String)."""
        return f"cell.{list(self.columns).index(name) + 1}"

    def texts(self, names: Iterable[str]) -> str:
        """SQL of an array with the texts of cells; NULL where a name is empty."""
        items = ", ".join(self.text(name) if name else "NULL" for name in names)
        return f"[{items}]" if items else "CAST([] AS Array(Nullable(String)))"

    def value(self, name: str) -> str:
        """SQL of the typed value of a cell; of an instant, in milliseconds since 1970."""
        kind = self.columns[name].type
        if kind == "text":
            return self.text(name)
        if kind == "boolean":
            return self.boolean(name)
        if kind == "datetime":
            return self.instant(name)
        if kind == "date":
            return f"toDate32(dates[{self.dates.index(name) + 1}])"
        if kind == "time":
            return f"clock_times[{self.clocks.index(name) + 1}]"
        if name in self.durations:
            return f"seconds[{self.durations.index(name) + 1}]"
        return f"thousandths(bounded[{self.decimals.index(name) + 1}])"

    def instant(self, name: str) -> str:
        """SQL of an instant before a roll-over, in milliseconds since 1970."""
        number = self.stamps.index(name) + 1
        return f"coalesce(fixed[{number}], firsts[{number}])"

    def boolean(self, name: str) -> str:
        """SQL of a truth value, NULL where the text is neither word."""
        column = self.columns[name]
        text = f"lowerUTF8(ifNull({self.text(name)}, ''))"
        true, false = (literals(word.lower() for word in words) for words in (column.true_values, column.false_values))
        return f"multiIf(has({true}, {text}), true, has({false}, {text}), false, NULL)"

    @property
    def logged_seconds(self) -> str:
        """SQL of the duration that an interaction's row states."""
        names = [name for name in ("exported_duration_seconds", DURATION) if name in self.columns]
        return f"coalesce({', '.join(self.value(name) for name in names)})"

    def replaced(self, clean: str, name: str, column: Column) -> str:
        """SQL of a text after the contract's replacements, constants, defaults and leading zeros."""
        text = clean
        if column.values:
            text = f"transform({text}, {literals(column.values)}, {literals(column.values.values())}, {text})"
        fallback = self.contract.constants.get(name, column.default)
        if fallback is not None:
            text = f"coalesce({text}, {literal(fallback)})"
        if column.zero_pad is not None:
            text = f"padded({text}, {column.zero_pad})"
        return text
