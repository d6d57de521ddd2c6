"""Data quality: are files whole, is data fresh, what was rejected, what has no reason, what is late or stale?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from te_assets.dashboard import answers
from te_assets.dashboard.asking import Asking
from te_assets.dashboard.columns import ColumnSpec
from te_assets.dashboard.concurrently import together
from te_assets.dashboard.filters import Filters
from te_assets.dashboard.known import utc
from te_assets.dashboard.profile import profile
from te_assets.lake.health import GRACE_MINUTES
from te_assets.lake.sql import render

MOST_FILES: Final = 200
MODELS: Final = ("interactions", "confirmations")
_COUNTED: Final = ("rows_read", "accepted", "rejected", "skipped", "duplicates", "difference")
_PLACE: Final = (ColumnSpec("plant"), ColumnSpec("work_center"), ColumnSpec("name"))
FILES: Final = (
    ColumnSpec("file_name"),
    ColumnSpec("at", "instant"),
    ColumnSpec("model", "choice"),
    ColumnSpec("contract"),
    ColumnSpec("state", "choice", heading="file_state"),
    *(ColumnSpec(name, "integer") for name in _COUNTED),
    ColumnSpec("reason", heading="why"),
    ColumnSpec("file_sha256", is_hidden=True),
)
_FRESHNESS: Final = (
    ColumnSpec("model", "choice"),
    ColumnSpec("plant"),
    ColumnSpec("name"),
    ColumnSpec("data_until", "instant"),
    ColumnSpec("age_hours", "quantity"),
    ColumnSpec("is_fresh", "boolean"),
)
_RULES: Final = (
    ColumnSpec("model", "choice"),
    ColumnSpec("contract"),
    ColumnSpec("rule"),
    ColumnSpec("column"),
    ColumnSpec("rows", "integer"),
    ColumnSpec("example"),
)
_DRIFT: Final = (ColumnSpec("contract"), ColumnSpec("file_name"), ColumnSpec("new_columns"))
_SHARES: Final = (
    *_PLACE,
    ColumnSpec("unexplained_share", "percent"),
    ColumnSpec("unclassified_share", "percent"),
    ColumnSpec("unexplained_seconds", "hours"),
    ColumnSpec("unclassified_seconds", "hours"),
    ColumnSpec("planned_busy_seconds", "hours"),
)
_LATE: Final = (
    *_PLACE,
    ColumnSpec("confirmations", "integer", heading="late_confirmations"),
    ColumnSpec("latest_days", "integer"),
)
_STALE: Final = (
    ColumnSpec("model", "choice"),
    ColumnSpec("plant"),
    ColumnSpec("first_day", "day"),
    ColumnSpec("last_day", "day"),
    ColumnSpec("days", "integer"),
    ColumnSpec("why"),
)


async def show(asking: Asking, query: Filters) -> answers.Quality:
    """All sections; files, rules, drift and stale days are of the whole site, whatever the filters."""
    del query
    lake, scope = asking.lake, asking.scope
    places = scope.conditions("material", "reason_class")
    found = await together(
        files=_files(asking),
        rules=lake.rows("open_rules", {}),
        shares=asking.rows(
            "shares", places, availability=scope.mart("availability"), reasons=scope.mart("downtime_reasons")
        ),
        late=asking.rows("late", places),
        stale=lake.rows("stale", {}),
        profile=profile(lake),
        **{f"age_{model}": lake.ask(render("health", "data_age"), {"model": model}) for model in MODELS},
        **{f"drift_{model}": lake.ask(render("health", "contract_drift"), {"model": model}) for model in MODELS},
    )
    _, policies = found["profile"]
    fresh_within = timedelta(hours=float(policies.fresh_within_hours))
    stale = [answers.StaleRow.model_validate(row) for row in found["stale"]]
    if stale:
        scope.note("stale_days", days=sum(row.days for row in stale))
    shown = {plant.plant for plant in scope.plants}
    if not found["shares"]:
        scope.note_empty()
    return answers.Quality(
        about=scope.about(),
        files=found["files"],
        freshness=answers.FreshnessSection(
            columns=asking.columns(_FRESHNESS),
            rows=[
                _freshness(asking, model, row, fresh_within)
                for model in MODELS
                for row in found[f"age_{model}"]
                if row["plant"] in shown
            ],
        ),
        rules=_rules(asking, found["rules"]),
        drift=answers.DriftSection(
            columns=asking.columns(_DRIFT),
            rows=[
                answers.DriftRow(
                    contract=row["contract"], file_name=row["name"], new_columns=", ".join(map(str, row["new"]))
                )
                for model in MODELS
                for row in found[f"drift_{model}"]
            ],
        ),
        shares=answers.ShareSection(
            columns=asking.columns(_SHARES),
            rows=[answers.ShareRow(**row, name=_name(asking, row)) for row in found["shares"]],
        ),
        late=answers.LateSection(
            columns=asking.columns(_LATE),
            rows=[answers.LateRow(**row, name=_name(asking, row)) for row in found["late"]],
        ),
        stale=answers.StaleSection(columns=asking.columns(_STALE), rows=stale),
    )


async def _files(asking: Asking) -> answers.FileSection:
    """The newest publications; those whose lines do not add up at first sight are counted once more, exactly."""
    lake = asking.lake
    rows = await lake.rows("publications", {"limit": MOST_FILES, "grace": GRACE_MINUTES})
    off = {f"{row['file_sha256']}@{row['contract']}": row for row in rows if row["difference"]}
    if off:
        hashes = sorted({row["file_sha256"] for row in off.values()})
        for counted in await lake.rows("recount", {"publications": sorted(off), "hashes": hashes}):
            _recount(off[counted["publication"]], counted["accepted"])
    return answers.FileSection(
        columns=asking.columns(FILES),
        rows=[answers.FileRow.model_validate({**row, "at": utc(row["at"])}) for row in rows],
        total=rows[0]["total"] if rows else 0,
        differing=sum(1 for row in rows if row["difference"] and not row["is_under_way"]),
    )


def _recount(row: dict[str, Any], accepted: int) -> None:
    """Another number of accepted lines; each counts in one model alone."""
    if accepted:
        typed = accepted + row["rejected"] + row["skipped"] + row["duplicates"]
        row["accepted"] = accepted
        row["difference"] = abs(row["rows_read"] - row["rows_published"]) + abs(row["rows_published"] - typed)


def _freshness(asking: Asking, model: str, row: Mapping[str, Any], fresh_within: timedelta) -> answers.FreshnessRow:
    until = utc(row["until"])
    age = None if until is None else datetime.now(UTC) - until
    return answers.FreshnessRow(
        model=model,
        plant=row["plant"],
        name=asking.scope.known.name_of_line(row["plant"], ""),
        data_until=until,
        age_hours=None if age is None else round(age / timedelta(hours=1), 3),
        is_fresh=age is not None and age <= fresh_within,
    )


def _rules(asking: Asking, rows: Sequence[Mapping[str, Any]]) -> answers.RuleSection:
    return answers.RuleSection(
        columns=asking.columns(_RULES),
        rows=[answers.RuleRow.model_validate(row) for row in rows if not row["is_total"]],
        total=next((row["rows"] for row in rows if row["is_total"]), 0),
    )


def _name(asking: Asking, row: Mapping[str, Any]) -> str:
    return asking.scope.known.name_of(row["plant"], row["work_center"])
