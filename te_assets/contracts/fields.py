"""The fields of both data models that a contract can feed, with their types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from te_assets.contracts.layout import Model

FieldType = Literal["text", "decimal", "integer", "boolean", "date", "time", "datetime"]


@dataclass(frozen=True)
class ModelField:
    """A field of a data model.

    Attributes:
        type: How the text of a cell is read.
        is_nullable: An empty cell stays NULL; otherwise it becomes the empty text, 0 or false.
        is_required: A row without it is rejected, whatever its contract says.
    """

    type: FieldType
    is_nullable: bool = False
    is_required: bool = False


INTERACTIONS: Mapping[str, ModelField] = MappingProxyType(
    {
        "plant": ModelField("text", is_required=True),
        "work_center": ModelField("text", is_required=True),
        "interaction_id": ModelField("text", is_required=True),
        "started_at": ModelField("datetime", is_nullable=True, is_required=True),
        "ended_at": ModelField("datetime", is_nullable=True),
        "reason_code": ModelField("text"),
        "reason_text": ModelField("text"),
        "operator": ModelField("text"),
        "exported_duration_seconds": ModelField("decimal", is_nullable=True),
        "changed_at": ModelField("datetime", is_nullable=True),
    }
)
"""Fields of te_staging.interactions that come from a row, in the order of the typed columns."""

CONFIRMATIONS: Mapping[str, ModelField] = MappingProxyType(
    {
        "plant": ModelField("text", is_required=True),
        "work_center": ModelField("text", is_required=True),
        "order_id": ModelField("text", is_required=True),
        "operation": ModelField("text", is_required=True),
        "confirmation": ModelField("text", is_required=True),
        "counter": ModelField("text", is_required=True),
        "is_reversed": ModelField("boolean"),
        "cancelled_counter": ModelField("text"),
        "material": ModelField("text"),
        "unit": ModelField("text"),
        "good_qty": ModelField("decimal"),
        "scrap_qty": ModelField("decimal"),
        "rework_qty": ModelField("decimal"),
        "order_unit": ModelField("text"),
        "order_unit_good_qty": ModelField("decimal", is_nullable=True),
        "order_unit_scrap_qty": ModelField("decimal", is_nullable=True),
        "scrap_reason_code": ModelField("text"),
        "scrap_reason_text": ModelField("text"),
        "started_at": ModelField("datetime", is_nullable=True),
        "finished_at": ModelField("datetime", is_nullable=True),
        "entered_at": ModelField("datetime", is_nullable=True),
        "posted_at": ModelField("date", is_nullable=True),
        "is_final": ModelField("boolean"),
        "changed_at": ModelField("datetime", is_nullable=True),
    }
)
"""Fields of te_staging.confirmations that come from a row, in the order of the typed columns."""

MODELS: Mapping[Model, Mapping[str, ModelField]] = MappingProxyType(
    {"interactions": INTERACTIONS, "confirmations": CONFIRMATIONS}
)

LENGTHS: Mapping[Model, tuple[str, str, str]] = MappingProxyType(
    {
        "interactions": ("logged_seconds", "started_at", "ended_at"),
        "confirmations": ("execution_seconds", "started_at", "finished_at"),
    }
)
"""Per model the operand of rules that stands for a length in seconds, and the fields between which it is measured."""

DURATION = "duration"
"""Column of a layout that holds a duration in `unit`; it feeds exported_duration_seconds."""
