"""Contract → one ClickHouse SELECT that types its raw lines and judges every row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from te_assets.contracts.cells import Cells
from te_assets.contracts.completing import length, milliseconds
from te_assets.contracts.dates import date_order
from te_assets.contracts.escaping import literal, literals
from te_assets.contracts.fields import LENGTHS
from te_assets.contracts.headers import normalize
from te_assets.contracts.judgement import UNREADABLE, faults, notes
from te_assets.contracts.model import Contract
from te_assets.contracts.modelling import modelled
from te_assets.contracts.numerals import PLAIN, numerals
from te_assets.contracts.places import Places

_WIDE_BLANKS = ("\u00a0", "\u2007", "\u2009", "\u200b", "\u202f", "\u3000", "\ufeff")
_OUTER_BLANKS = r"^[\s\p{Z}\x{200B}\x{FEFF}]+|[\s\p{Z}\x{200B}\x{FEFF}]+$"
TYPING_SETTINGS: Final[Mapping[str, int]] = MappingProxyType(
    {"query_plan_merge_expressions": 0, "max_query_size": 16_000_000}
)
"""ClickHouse settings for statements that hold a typing SELECT.

Its layers are faster one by one than merged into one (3.4 s against 5.1 s per million rows); a site with thousands of
work centers makes it longer than the default of 256 KiB.
"""

_PROVENANCE = (
    *("topic_id", "partition", "offset", "line", "kafka_time", "file_sha256", "sheet", "row"),
    *("contract", "exported_at", "event_id"),
)


def compile_typing(contract: Contract, places: Places) -> str:
    """The SELECT that types lines of a contract.

    It reads from a table or CTE named `lines` with the columns of te_raw.<model> and yields one row per line:
    provenance, `payload`, `business_key`, the fields of the model (instants in UTC), `production_day`,
    `production_days`, `faults`, `notes`, `skip`. A row with faults holds the best values that could be read.

    Args:
        contract: What is to be typed; its names are identifiers by validation.
        places: Plants, zones and work centers; values that are not in it are faults or notes of the row.
    """
    cells = Cells(contract)
    return _template().render(
        **_columns(cells),
        **_places(contract, places),
        contract=contract,
        provenance=_PROVENANCE,
        fields=contract.fields,
        interval=LENGTHS[contract.feeds],
        numerals=numerals(contract.locale),
        plain_number=PLAIN,
        wide_blanks=_WIDE_BLANKS,
        outer_blanks=_OUTER_BLANKS,
        date_orders=tuple(date_order(pattern) for pattern in contract.locale.dates if pattern != "%Y-%m-%d"),
        unreadable=UNREADABLE,
        faults=faults(cells),
        notes=notes(cells, places),
        modelled=partial(modelled, cells),
        **_lengths(cells),
        **_matrix(cells),
    )


def _lengths(cells: Cells) -> dict[str, str]:
    """SQL of the milliseconds from the given to the computed end of an interval; empty where none is computed."""
    derive = cells.contract.derive
    ends = {"start_length": cells.start, "end_length": cells.end}
    return {key: length(cells, derive[name]) if name in derive else "" for key, name in ends.items()}


def _columns(cells: Cells) -> dict[str, object]:
    return {
        "cells": cells.columns,
        "decimals": cells.decimals,
        "integers": cells.of_type("integer"),
        "durations": cells.durations,
        "duration_units": cells.duration_units,
        "booleans": cells.of_type("boolean"),
        "text_columns": cells.of_type("text"),
        "stamps": cells.stamps,
        "start_other": [name for name in cells.stamps if name != cells.end].index(cells.start) + 1,
        "dates": cells.dates,
        "clocks": cells.clocks,
        "coded": cells.coded,
        "logged_seconds": cells.logged_seconds,
        "header_texts": _header_texts(cells.contract),
        "text": cells.text,
        "array_of": cells.texts,
        "boolean": cells.boolean,
        "text_of": cells.replaced,
    }


def _places(contract: Contract, places: Places) -> dict[str, object]:
    """The plants as constant arrays that are indexed by the number of the plant; the first is an unknown plant."""
    zones = sorted({*places.zones.values(), *([] if contract.timezone == "plant" else [contract.timezone])})
    plants = sorted(places.zones)
    plant_zones = [0, *(zones.index(places.zones[plant]) + 1 for plant in plants)]
    is_fixed = contract.timezone != "plant"
    return {
        "places": places,
        "zones": zones,
        "plants": plants,
        "plant_zones": plant_zones,
        "stamp_zones": [zones.index(contract.timezone) + 1] * len(plant_zones) if is_fixed else plant_zones,
        "day_starts": [0, *(places.day_start_minutes[plant] * 60_000 for plant in plants)],
        "since_days": [0, *((places.since[plant] - date(1970, 1, 1)).days for plant in plants)],
        "folded": _folded(places),
        "work_center_keys": lambda names: [f"{plant}\0{name}" for plant, name in names],
    }


def _matrix(cells: Cells) -> dict[str, object]:
    """SQL of what the lines of a matrix need; `cell_named` begins a call that names its cells, as `duration@F`."""
    unpivot = cells.contract.unpivot
    if unpivot is None:
        return {"cell_named": ""}
    named = literals([unpivot.value, "exported_duration_seconds", unpivot.name, "reason_text", cells.end])
    cell = f"concat({literal(unpivot.value + '@')}, cell_column)"
    before = (
        "arraySum(arrayMap(passed -> greatest(ifNull(passed, toDecimal64(0, 3)), toDecimal64(0, 3)), before_seconds))"
    )
    return {
        "cell_named": f"arrayMap(f -> (if(has({named}, f.1) AND cell_column != '', {cell}, f.1), f.2, f.3, f.4), ",
        "matrix_unit": cells.duration_units[cells.durations.index(unpivot.value)],
        "matrix_length": milliseconds(cells.value(unpivot.value)),
        "before_length": milliseconds(before),
    }


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 -- SQL, not HTML; values pass through the filter `literal`
    )
    environment.filters["literal"] = literal
    environment.filters["literals"] = literals
    return environment.get_template("typing.sql.jinja")


def _folded(places: Places) -> Mapping[tuple[str, str], str]:
    """Work centers by lower-case name, without names that mean two work centers once case is ignored."""
    found: dict[tuple[str, str], set[str]] = {}
    for (plant, name), work_center in places.work_center_ids.items():
        found.setdefault((plant, name.lower()), set()).add(work_center)
    return {key: next(iter(ids)) for key, ids in sorted(found.items()) if len(ids) == 1}


def _header_texts(contract: Contract) -> Mapping[str, tuple[str, ...]]:
    """Normalized header texts per column, to know a header that is repeated amid the data."""
    return {
        name: tuple(sorted({normalize(alias) for alias in (*column.aliases, *column.suffix_aliases)}))
        for name, column in contract.columns.items()
        if column.aliases or column.suffix_aliases
    }
