"""Stale production days: a changed site profile can alter their figures, which stay until someone restates them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import TYPE_CHECKING

from te_assets.lake.marts import MARTS_OF, table_of
from te_assets.lake.sql import render

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_POLICIES: Mapping[str, tuple[str, ...]] = {
    "interactions": ("short_stop_minutes", "short_stops"),
    "confirmations": ("rework_in_produced",),
}
"""Policies that figures are computed with; the others are read where figures are shown."""


@dataclass(frozen=True, order=True)
class AffectedDay:
    """A production day of a plant whose figures a change of the site can alter."""

    model: str
    production_day: date
    plant: str
    why: tuple[str, ...]


@dataclass(frozen=True)
class Stale:
    """Production days of a model that wait for someone to restate them."""

    model: str
    days: int
    first: date
    last: date
    why: tuple[str, ...]

    def __str__(self) -> str:
        """One line for a person."""
        causes = ", ".join(self.why[:5]) + (f" and {len(self.why) - 5} more" if len(self.why) > 5 else "")
        return (
            f"{self.days} production days of {self.model}, {self.first} … {self.last}, have figures of an earlier site "
            f"profile: {causes}"
        )


def tables_of(model: str) -> tuple[str, ...]:
    """Current rows and marts: what a restated day of the model is swapped into."""
    return (f"te_staging.{model}", *(table_of(mart) for mart in MARTS_OF[model]))


def affected_days(client: Client, suffix: str) -> list[AffectedDay]:
    """Days whose figures can differ between the profile that counts and the one in the shadows of te_ops.

    Args:
        client: Writer.
        suffix: Of the shadows' names.
    """
    found = []
    for model in MARTS_OF:
        sql = render(
            "site",
            "affected_days",
            model=model,
            suffix=suffix,
            reads_lines=_is_computed_with("te_ops.lines"),
            reads_units=_is_computed_with("te_ops.units"),
        )
        result = client.query(
            sql,
            parameters={"tables": list(tables_of(model)), "policies": list(_POLICIES[model])},
            settings={"join_use_nulls": 0},
        )
        found += [AffectedDay(model, day, plant, tuple(why)) for plant, day, why in result.result_rows]
    return found


def mark(client: Client, days: Sequence[AffectedDay], site_hash: str) -> None:
    """Record days as stale; call it before the profile counts, so that no kill in between forgets them."""
    if days:
        client.insert(
            "te_ops.stale_days",
            [[d.model, d.plant, d.production_day, ", ".join(d.why), list(tables_of(d.model)), site_hash] for d in days],
            column_names=["model", "plant", "production_day", "why", "tables", "site_hash"],
            settings={"async_insert": 0},
        )


def note_use(client: Client, run_id: str) -> None:
    """Record which profile a run computes with; only its later swaps make stale days fresh."""
    client.command(
        "INSERT INTO te_ops.site_uses (run_id, site_hash, applied_at) "
        "SELECT {run:String}, hash, applied_at FROM te_ops.site_versions ORDER BY applied_at DESC LIMIT 1",
        parameters={"run": run_id},
        settings={"async_insert": 0},
    )


def stale(client: Client, table: str | None = None) -> list[Stale]:
    """What is stale now, per model; of one table alone if it is named."""
    rows = client.query(
        "SELECT model, uniqExact(production_day), min(production_day), max(production_day), "
        "arraySort(groupUniqArrayArray(splitByString(', ', why))) FROM te_ops.stale "
        "WHERE {table:String} = '' OR has(tables, {table:String}) GROUP BY model ORDER BY model",
        parameters={"table": table or ""},
    ).result_rows
    return [Stale(model, days, first, last, tuple(why)) for model, days, first, last, why in rows]


def stale_days(client: Client, model: str) -> frozenset[date]:
    """Production days of a model that have figures of an earlier site profile in some table."""
    rows = client.query(
        "SELECT DISTINCT production_day FROM te_ops.stale WHERE model = {model:String}", parameters={"model": model}
    ).result_rows
    return frozenset(day for (day,) in rows)


def _is_computed_with(site_table: str) -> bool:
    """Whether current rows or marts read the table when they are computed; views read it when they are looked at."""
    return any(site_table in text for text in _texts())


def _texts() -> Iterable[str]:
    lake = resources.files("te_assets.lake")
    for folder in ("marts", "marts/parts", "staging"):
        for file in lake.joinpath(folder).iterdir():
            if file.name.endswith(".sql") and (folder != "staging" or file.name.startswith("current_")):
                yield file.read_text(encoding="utf-8")
