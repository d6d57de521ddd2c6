"""The two models of the lake: their topic and the columns that their layouts are typed into."""

from __future__ import annotations

from dataclasses import dataclass

LOGGED_SECONDS = (
    "if(b.ended_at IS NULL, NULL, toDecimal64((toUnixTimestamp64Milli(assumeNotNull(b.ended_at)) - "
    "toUnixTimestamp64Milli(b.started_at)) / 1000, 3))"
)
"""SQL: how long an interaction of a batch `b` lasts; NULL while it is open."""
PROVENANCE = ("file_sha256", "sheet", "row", "contract", "topic_id", "partition", "offset", "line")


@dataclass(frozen=True)
class LakeModel:
    """What the SQL of staging needs to know of a model.

    Attributes:
        name: `interactions` or `confirmations`; table names derive from it.
        topic: Kafka topic of its rows.
        touches: Models whose days a row of this one touches; the execution of a confirmation explains busy time in
            availability.
        typed: Columns that a contract yields and that make up the content of a version.
    """

    name: str
    topic: str
    touches: tuple[str, ...]
    typed: tuple[str, ...]


INTERACTIONS = LakeModel(
    "interactions",
    "te.interactions.v1",
    ("interactions",),
    (
        "plant",
        "work_center",
        "interaction_id",
        "started_at",
        "ended_at",
        "reason_code",
        "reason_text",
        "operator",
        "exported_duration_seconds",
    ),
)
CONFIRMATIONS = LakeModel(
    "confirmations",
    "te.confirmations.v1",
    ("confirmations", "interactions"),
    (
        *(
            "plant",
            "work_center",
            "order_id",
            "operation",
            "confirmation",
            "counter",
            "is_reversed",
            "cancelled_counter",
        ),
        *(
            "material",
            "unit",
            "good_qty",
            "scrap_qty",
            "rework_qty",
            "order_unit",
            "order_unit_good_qty",
            "order_unit_scrap_qty",
        ),
        *("scrap_reason_code", "scrap_reason_text", "started_at", "finished_at", "entered_at", "posted_at", "is_final"),
    ),
)
MODELS = {model.name: model for model in (INTERACTIONS, CONFIRMATIONS)}
