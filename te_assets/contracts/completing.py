"""SQL of what a contract computes or makes where a cell is empty."""

from __future__ import annotations

from te_assets.contracts.cells import Cells
from te_assets.contracts.completion import Derivation

_LONGEST = 3_900_000_000
"""Seconds that a duration counts at most: far past every accepted day, and within what instants can hold."""


def computed(cells: Cells, name: str) -> str:
    """SQL of a quantity as its derivation computes it, Nullable(Decimal(18, 3))."""
    derivation = cells.contract.derive[name]
    return " ".join([cells.value(derivation.from_), *_terms(cells, derivation)])


def length(cells: Cells, derivation: Derivation) -> str:
    """SQL of the milliseconds that an instant lies from the one that it is computed from; NULL: not known."""
    first, *others = [cells.value(name) for _, name in derivation.terms]
    seconds = " + ".join([first, *(f"ifNull({other}, toDecimal64(0, 3))" for other in others)])
    return milliseconds(seconds)


def milliseconds(seconds: str) -> str:
    """SQL of seconds as a whole number of milliseconds, within what can be added to an instant."""
    return (
        f"if(({seconds}) IS NULL, NULL, toInt64(1000 * greatest(toDecimal64(-{_LONGEST}, 3), "
        f"least(toDecimal64({_LONGEST}, 3), ifNull({seconds}, toDecimal64(0, 3))))))"
    )


def made(cells: Cells, name: str) -> str:
    """SQL of a text made of other fields, with / between them; empty where all of them are."""
    parts = [_part(cells, part) for part in cells.contract.make[name]]
    joined = f"arrayStringConcat(arrayMap(part -> replaceAll(part, '/', '//'), [{', '.join(parts)}]), '/')"
    are_empty = " AND ".join(f"{part} = ''" for part in parts)
    return f"if({are_empty}, '', {joined})"


def is_plain_text(cells: Cells, name: str) -> bool:
    """Whether a field is a text, of which a made text may have an empty one."""
    return cells.columns[name].type in ("text", "time")


def _terms(cells: Cells, derivation: Derivation) -> list[str]:
    (sign, first), *others = derivation.terms
    return [
        f"{sign} {cells.value(first)}",
        *(f"{sign} ifNull({cells.value(name)}, toDecimal64(0, 3))" for sign, name in others),
    ]


def _part(cells: Cells, name: str) -> str:
    """Text of a part; instants in UTC, and a row's own start where its stops stand one after another."""
    if name in ("plant", "work_center"):
        return f"m_{name}"
    kind = cells.columns[name].type
    if kind in ("text", "time"):
        return f"ifNull({cells.text(name)}, '')"
    if kind == "datetime":
        instant = {cells.start: "stated_from", cells.end: "until_"}.get(name, cells.instant(name))
        stamp = f"toString(fromUnixTimestamp64Milli({instant}, 'UTC'))"
        return f"ifNull(replaceOne({stamp}, ' ', 'T'), '')"
    return f"ifNull(toString({cells.value(name)}), '')"
