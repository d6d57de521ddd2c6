"""Is what lies in the lake whole, fresh and as usual? Questions that no single load can answer, each with its words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from te_assets.lake.models import LakeModel
from te_assets.lake.sql import render

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

Table = Literal["raw", "history", "current"]

GRACE_MINUTES: Final = 15  # how long a publication may be under way
RECENT_DAYS: Final = 7  # production days that count as recent
FEWEST_LINES: Final = 50  # below, a share says nothing
REJECTED_FLOOR, REJECTED_FACTOR = 0.02, 3.0
UNCLASSIFIED_SHARE: Final = 0.10
LATE_DAYS: Final = 2  # a posting that much after its production day is late, if it is later than usual


@dataclass(frozen=True)
class Health:
    """Answer to one question about a model.

    Attributes:
        check: Name of the question.
        passed: Whether all is well.
        what: For a person: what is wrong and what to do, or the figure that is well.
        rows: What it rests on, at most 100 rows.
    """

    check: str
    passed: bool
    what: str
    rows: Sequence[Mapping[str, Any]] = field(default_factory=tuple)


@dataclass(frozen=True)
class Question:
    """A check of a table.

    Attributes:
        table: Which table of the model it is about.
        stops_marts: A wrong figure would be published: marts are not restated by sensors while it fails.
        title: What it asks, for the UI.
        models: Of which models it is asked.
    """

    table: Table
    title: str
    ask: Callable[[Client, LakeModel, timedelta], tuple[bool, str, Sequence[Mapping[str, Any]]]]
    stops_marts: bool = False
    models: tuple[str, ...] = ("interactions", "confirmations")


def look(client: Client, model: LakeModel, *, fresh_within: timedelta) -> Iterator[Health]:
    """Ask every question about a model.

    Args:
        client: Reads te_ops and te_staging.
        model: Which model.
        fresh_within: How old the newest data of a plant may be.
    """
    for name, question in QUESTIONS.items():
        if model.name in question.models:
            yield Health(name, *question.ask(client, model, fresh_within))


def _rows(client: Client, name: str, **parameters: Any) -> list[dict[str, Any]]:
    return list(client.query(render("health", name), parameters=parameters).named_results())


def _ledger(client: Client, model: LakeModel, _: timedelta) -> tuple[bool, str, Sequence[Mapping[str, Any]]]:
    holes = _rows(client, "ledger_holes", topic=model.topic)
    if not holes:
        return True, f"every offset of {model.topic} up to the position is loaded or known to be lost", ()
    first = holes[0]
    return (
        False,
        f"te_ops.load_ledger: {len(holes)} holes, the first in partition {first['partition']}: offsets "
        f"{first['first']} to {first['next'] - 1} of {model.topic} are neither loaded nor known to be lost. Lines of "
        "the ledger were removed, or a backup was restored without it: restore te_ops and te_raw together (te-assets "
        "restore).",
        holes,
    )


def _conservation(client: Client, model: LakeModel, _: timedelta) -> tuple[bool, str, Sequence[Mapping[str, Any]]]:
    off = _rows(client, "conservation", model=model.name, grace=GRACE_MINUTES)
    if not off:
        return True, "read = published = raw = accepted + rejected + skipped + duplicates", ()
    first = off[0]
    return (
        False,
        f"{first['name'] or first['stream']} ({first['contract']}): {first['rows_read']:,} rows read, "
        f"{first['rows_published']:,} published, {first['raw']:,} in raw, {first['accepted']:,} accepted, "
        f"{first['rejected']:,} rejected, {first['skipped']:,} skipped, {first['duplicates']:,} duplicates: "
        f"{first['difference']:,} do not add up. If runs failed, run load_{model.name} and look again; else "
        "publish the file once more under a new contract version (te-assets reprocess).",
        off,
    )


def _rejected(client: Client, model: LakeModel, _: timedelta) -> tuple[bool, str, Sequence[Mapping[str, Any]]]:
    (row,) = _rows(client, "rejected_share", topic=model.topic)
    share, usual = _share(row["recent_rejected"], row["recent"]), _share(row["usual_rejected"], row["usual"])
    text = f"{share:.1%} of {row['recent']:,} lines of the last day were rejected; usual is {usual:.1%}"
    if row["recent"] < FEWEST_LINES or share <= max(REJECTED_FLOOR, REJECTED_FACTOR * usual):
        return True, text, (row,)
    return False, f"{text}. te-assets rejects and te_staging.rejected_rows say which rows and why.", (row,)


def _unclassified(client: Client, _: LakeModel, __: timedelta) -> tuple[bool, str, Sequence[Mapping[str, Any]]]:
    reasons = _rows(client, "unclassified_share", days=RECENT_DAYS)
    seconds = sum(row["seconds"] for row in reasons)
    share = _share(seconds, reasons[0]["total"]) if reasons else 0.0
    text = f"{share:.1%} of the logged time of the last {RECENT_DAYS} production days has no class"
    if share <= UNCLASSIFIED_SHARE:
        return True, text, reasons
    named = ", ".join(f'"{row["reason_code"]}" ({row["reason_text"]})' for row in reasons[:5])
    return False, f"{text}: reasons {named}. Give them a class under reasons in site.yaml.", reasons


def _drift(client: Client, model: LakeModel, _: timedelta) -> tuple[bool, str, Sequence[Mapping[str, Any]]]:
    drifted = _rows(client, "contract_drift", model=model.name)
    if not drifted:
        return True, "the newest file of each layout has the columns of the one before", ()
    first = drifted[0]
    return (
        False,
        f"{first['name']} ({first['contract']}) has columns that no file had before and that no field takes: "
        f"{', '.join(first['new'])}. Nothing is lost, they travel as they are; to use one, add it to the aliases "
        "of a field in a new version of the contract.",
        [{**row, "new": ", ".join(row["new"])} for row in drifted],
    )


def _posting(client: Client, _: LakeModel, __: timedelta) -> tuple[bool, str, Sequence[Mapping[str, Any]]]:
    (row,) = _rows(client, "posting_delay", days=RECENT_DAYS)
    text = (
        f"of the last {RECENT_DAYS} production days 95 % of {row['recent']:,} confirmations were posted within "
        f"{row['recent_days']} days, in the thirty days before within {row['usual_days']}"
    )
    late = row["recent"] >= FEWEST_LINES and row["recent_days"] >= LATE_DAYS and row["recent_days"] > row["usual_days"]
    return not late, f"{text}. te_marts.late_postings lists them." if late else text, (row,)


def _age(client: Client, model: LakeModel, fresh_within: timedelta) -> tuple[bool, str, Sequence[Mapping[str, Any]]]:
    plants, now = _rows(client, "data_age", model=model.name), datetime.now(UTC)
    old = {}
    for row in plants:
        until = row["until"] and row["until"].replace(tzinfo=UTC)
        if until is None:
            old[row["plant"]] = f"plant {row['plant']}: nothing was ever delivered"
        elif now - until > fresh_within:
            hours = (now - until) / timedelta(hours=1)
            old[row["plant"]] = (
                f"plant {row['plant']}: the newest {model.name} are {hours:,.0f} h old ({until:%Y-%m-%d %H:%M} UTC)"
            )
    shown = [{"plant": row["plant"], "newest (UTC)": str(row["until"] or "never")} for row in plants]
    limit = fresh_within / timedelta(hours=1)
    if not old:
        return True, f"every plant delivered {model.name} within {limit:g} h", shown
    return (
        False,
        f"{'; '.join(old.values())}; the site's policy fresh_within_hours allows {limit:g} h. See whether the export "
        "ran and whether files wait in the inbox (te-assets status).",
        shown,
    )


def _share(part: Any, whole: Any) -> float:
    return float(part) / float(whole) if whole else 0.0


QUESTIONS: Final[Mapping[str, Question]] = {
    "ledger_contiguous": Question("raw", "Every offset is loaded once or known to be lost.", _ledger, stops_marts=True),
    "rows_conserved": Question(
        "history",
        "Rows read = published = raw = accepted + rejected + skipped + duplicates, per publication.",
        _conservation,
        stops_marts=True,
    ),
    "rejected_as_usual": Question("history", "The share of rejected rows is not far above its usual level.", _rejected),
    "columns_as_usual": Question("history", "Files have no columns that their layout never had.", _drift),
    "data_fresh": Question("history", "The newest data of each plant is not older than the site allows.", _age),
    "reasons_classed": Question(
        "current", "Hardly any logged time is of reasons without a class.", _unclassified, models=("interactions",)
    ),
    "posted_in_time": Question(
        "current", "Confirmations are posted as soon as usual.", _posting, models=("confirmations",)
    ),
}
"""Name of the check → question."""
