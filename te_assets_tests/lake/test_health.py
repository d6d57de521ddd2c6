"""What is asked of the lake as a whole, each question with a lake of which the answer is known."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client

from te_assets.lake.health import GRACE_MINUTES, QUESTIONS, Health, look
from te_assets.lake.models import CONFIRMATIONS, INTERACTIONS, LakeModel

pytestmark = pytest.mark.stack

NOW = datetime.now(UTC)
LONG_AGO = NOW - timedelta(minutes=GRACE_MINUTES + 1)
TODAY = NOW.date()
FRESH = timedelta(hours=26)


def ask(client: Client, check: str, model: LakeModel = INTERACTIONS) -> Health:
    (answer,) = [found for found in look(client, model, fresh_within=FRESH) if found.check == check]
    return answer


def insert(client: Client, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    names = list(rows[0])
    client.insert(table, [[row[name] for name in names] for row in rows], column_names=names)


def ranges(client: Client, *bounds: tuple[int, int, str], topic_id: uuid.UUID | None = None) -> None:
    where = {"topic": INTERACTIONS.topic, "topic_id": topic_id or uuid.uuid4(), "partition": 0}
    insert(
        client,
        "te_ops.load_ledger",
        [{**where, "lo": lo, "hi": end - 1, "next": end, "state": state} for lo, end, state in bounds],
    )


def test_every_question_of_a_model_is_asked_once(clickhouse: Client) -> None:
    for model in (INTERACTIONS, CONFIRMATIONS):
        asked = [found.check for found in look(clickhouse, model, fresh_within=FRESH)]

        assert asked == [name for name, question in QUESTIONS.items() if model.name in question.models]


def test_ranges_that_follow_on_each_other_overlap_or_are_known_to_be_lost_make_no_hole(clickhouse: Client) -> None:
    ranges(clickhouse, (0, 10, "LOADED"), (5, 20, "LOADED"), (20, 30, "GAP"), (30, 31, "LOADED"))
    ranges(clickhouse, (7, 9, "LOADED"))  # another topic of the same name begins where it begins

    assert ask(clickhouse, "ledger_contiguous").passed


def test_a_plan_that_was_never_fulfilled_leaves_a_hole_and_the_words_name_it(clickhouse: Client) -> None:
    ranges(clickhouse, (0, 10, "LOADED"), (10, 20, "PLANNED"), (20, 30, "LOADED"), topic_id=uuid.uuid4())
    found = ask(clickhouse, "ledger_contiguous")

    assert not found.passed
    assert found.rows == [{"partition": 0, "first": 10, "next": 20}]
    assert "1 holes, the first in partition 0: offsets 10 to 19 of te.interactions.v1" in found.what
    assert "te-assets restore" in found.what


def published(client: Client, rows: int, at: datetime, name: str = "log.xlsx", **more: Any) -> None:
    insert(
        client,
        "te_ops.files",
        [
            {
                "sha256": name.encode().hex().rjust(64, "0"),
                "contract": "operator_log@2",
                "model": "interactions",
                "name": name,
                "state": "PUBLISHED",
                "rows_read": rows,
                "rows_published": rows,
                "at": at,
                **more,
            }
        ],
    )


def test_rows_that_never_reached_raw_are_missed_once_they_can_no_longer_be_under_way(clickhouse: Client) -> None:
    published(clickhouse, 12, NOW)
    assert ask(clickhouse, "rows_conserved").passed

    published(clickhouse, 7, LONG_AGO, name="old.xlsx")
    found = ask(clickhouse, "rows_conserved")
    assert not found.passed
    assert [(row["name"], row["raw"], row["difference"]) for row in found.rows] == [("old.xlsx", 0, 7)]
    assert found.what.startswith("old.xlsx (operator_log@2): 7 rows read, 7 published, 0 in raw,")


def typed(client: Client, at: datetime, lines: int, rejected: int) -> None:
    row = {"topic": INTERACTIONS.topic, "topic_id": uuid.uuid4(), "partition": 0, "lo": 0, "next": 1, "state": "LOADED"}
    insert(client, "te_ops.typing_ledger", [{**row, "lines": lines, "rejected": rejected, "at": at}])


@pytest.mark.parametrize(
    ("usual", "recent", "passes"),
    [
        ((1_000, 0), (1_000, 20), True),  # two of a hundred are nothing
        ((1_000, 0), (1_000, 21), False),
        ((1_000, 50), (1_000, 150), True),  # three times the usual
        ((1_000, 50), (1_000, 151), False),
        ((1_000, 0), (49, 49), True),  # too few to say
        ((1_000, 0), (50, 50), False),
    ],
)
def test_rejected_rows_beside_the_usual_level(
    clickhouse: Client, usual: tuple[int, int], recent: tuple[int, int], passes: bool
) -> None:
    typed(clickhouse, NOW - timedelta(days=3), *usual)
    typed(clickhouse, NOW - timedelta(minutes=1), *recent)
    typed(clickhouse, NOW - timedelta(days=40), 1_000, 1_000)  # longer ago than anybody remembers
    found = ask(clickhouse, "rejected_as_usual")

    assert found.passed is passes
    assert f"of {recent[0]:,} lines of the last day were rejected; usual is {usual[1] / usual[0]:.1%}" in found.what
    assert ("te-assets rejects" in found.what) is not passes


def stop(number: int, seconds: int, reason: str, reason_class: str, day: date = TODAY) -> dict[str, Any]:
    begin = datetime.combine(day, datetime.min.time(), UTC)
    return {
        "plant": "1000",
        "work_center": "PRS01",
        "interaction_id": str(number),
        "business_key": str(number),
        "started_at": begin,
        "ended_at": begin + timedelta(seconds=seconds),
        "logged_seconds": seconds,
        "reason_code": reason,
        "reason_text": f"text of {reason}",
        "reason_class": reason_class,
        "production_day": day,
    }


@pytest.mark.parametrize(("seconds", "passes"), [(100, True), (101, False)])
def test_time_without_a_class(clickhouse: Client, seconds: int, passes: bool) -> None:
    rows = [stop(1, 1_000 - seconds, "110", "technical"), stop(2, seconds, "X9", "unclassified")]
    old = stop(3, 50_000, "X8", "unclassified", TODAY - timedelta(days=7))
    insert(clickhouse, "te_staging.interactions", [*rows, old])
    found = ask(clickhouse, "reasons_classed")

    assert found.passed is passes
    assert found.what.startswith(f"{seconds / 1_000:.1%} of the logged time of the last 7 production days")
    assert ('"X9" (text of X9)' in found.what) is not passes
    assert "X8" not in found.what


def test_a_column_that_no_file_had_before_is_named(clickhouse: Client) -> None:
    columns = ['["Shop"]', '["Shop"]', '["Shop", "Comment"]']
    for number, unmapped in enumerate(columns):
        exported = NOW - timedelta(days=3 - number)
        # delivered in the reverse order: what is newer is told by the export
        published(clickhouse, 0, NOW - timedelta(hours=number), f"log-{number}.xlsx", exported_at=exported)
        clickhouse.command(
            "ALTER TABLE te_ops.files UPDATE manifest = {manifest:String} WHERE name = {name:String}",
            parameters={"manifest": f'{{"unmapped": {unmapped}}}', "name": f"log-{number}.xlsx"},
            settings={"mutations_sync": 2},
        )
        assert ask(clickhouse, "columns_as_usual").passed is (number < 2)

    assert ask(clickhouse, "columns_as_usual").what.startswith(
        "log-2.xlsx (operator_log@2) has columns that no file had before and that no field takes: Comment."
    )


def confirmations(client: Client, day: date, delay: int, number: int) -> None:
    rows = [
        {
            "plant": "1000",
            "work_center": "PRS01",
            "confirmation": f"{day}-{n}",
            "business_key": f"{day}-{n}",
            "production_day": day,
            "posted_at": day + timedelta(days=delay),
        }
        for n in range(number)
    ]
    insert(client, "te_staging.confirmations", rows)


@pytest.mark.parametrize(
    ("usual", "recent", "number", "passes"),
    [(0, 1, 100, True), (0, 2, 100, False), (3, 3, 100, True), (0, 9, 49, True)],
    ids=["a day later", "two days later", "as late as ever", "too few"],
)
def test_postings_later_than_usual(clickhouse: Client, usual: int, recent: int, number: int, passes: bool) -> None:
    confirmations(clickhouse, TODAY - timedelta(days=20), usual, 100)
    confirmations(clickhouse, TODAY - timedelta(days=1), recent, number)
    found = ask(clickhouse, "posted_in_time", CONFIRMATIONS)

    assert found.passed is passes
    assert f"95 % of {number} confirmations were posted within {recent} days" in found.what


def covered(client: Client, plant: str, until: datetime) -> None:
    row = {"model": "interactions", "source": "operator_log", "file_sha256": plant, "contract": "operator_log@2"}
    place = {"plant": plant, "work_center": "PRS01", "covers_from": until - timedelta(hours=8), "covers_until": until}
    insert(client, "te_ops.coverage", [{**row, **place, "origin": "rows"}])


def test_plants_whose_newest_data_are_older_than_the_site_allows(clickhouse: Client) -> None:
    for plant in ("1000", "2000", "3000"):
        insert(clickhouse, "te_ops.plants", [{"plant": plant, "name": "", "time_zone": "UTC"}])
    covered(clickhouse, "1000", NOW - timedelta(hours=25))
    covered(clickhouse, "2000", NOW - timedelta(hours=30))
    found = ask(clickhouse, "data_fresh")

    assert not found.passed
    assert "1000" not in found.what
    assert "plant 2000: the newest interactions are 30 h old" in found.what
    assert "plant 3000: nothing was ever delivered" in found.what
    assert "fresh_within_hours allows 26 h" in found.what

    for plant in ("2000", "3000"):
        covered(clickhouse, plant, NOW)
    assert ask(clickhouse, "data_fresh").passed
