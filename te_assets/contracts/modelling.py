"""SQL of the fields of a model, from the typed values of a row."""

from __future__ import annotations

from te_assets.contracts.cells import Cells
from te_assets.contracts.completing import computed, made
from te_assets.contracts.fields import DURATION


def modelled(cells: Cells, name: str) -> str:
    """A field as the model has it; instants in UTC, numbers with 3 decimals."""
    contract, field = cells.contract, cells.contract.fields[name]
    if field.type == "datetime":
        return f"fromUnixTimestamp64Milli({_instant(cells, name)}, 'UTC')"
    value = cells.value(name)
    if name in contract.make:
        value = f"coalesce({value}, {made(cells, name)})"
    if name in contract.derive:
        value = f"coalesce({value}, {computed(cells, name)})"
    if name == "cancelled_counter":  # 0 in all digits cancels nothing
        return f"if(replaceAll(ifNull({value}, ''), '0', '') = '', '', assumeNotNull({value}))"
    if name == "exported_duration_seconds" and DURATION in contract.columns:
        return cells.logged_seconds
    if field.is_nullable:
        return value
    empty = {"text": "''", "decimal": "toDecimal64(0, 3)", "boolean": "false"}[field.type]
    return f"ifNull({value}, {empty})"


def _instant(cells: Cells, name: str) -> str:
    if name in (cells.start, cells.end):
        return "from_" if name == cells.start else "until_"
    changed_at = cells.contract.changed_at
    if name == "changed_at" and changed_at not in (None, name):
        return f"coalesce({cells.instant(name)}, {cells.instant(str(changed_at))})"
    return cells.instant(name)
