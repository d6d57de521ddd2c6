"""What the assets of the graph share: keys, partitions, pools, descriptions in the UI."""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import date
from typing import Any

import dagster as dg

from te_assets.contracts.layout import Model
from te_assets.lake.marts import MARTS_OF, Mart
from te_assets.lake.schema import tables

MODELS: tuple[Model, ...] = ("interactions", "confirmations")
MARTS: Mapping[Model, tuple[Mart, ...]] = {model: MARTS_OF[model] for model in MODELS}
OWNERS = ("team:data-engineering",)
# Changes of append-only assets are told per production day, by staging/<model>_days: with a version of their own
# every load would turn every day of the marts stale.
APPEND_ONLY = dg.DataVersion("append-only")
RESTATE_POOL = "restate"
TOUCHED_ONLY_TAG = "te/touched_only"


def load_pool(model: Model) -> str:
    """Pool of size 1 that keeps one writer per topic."""
    return f"load_{model}"


def production_day_partitions(since: date) -> dg.DailyPartitionsDefinition:
    """One partition per production day, up to tomorrow: east of UTC it has begun."""
    return dg.DailyPartitionsDefinition(start_date=since.isoformat(), end_offset=2)


def table_metadata(table: str) -> dict[str, Any]:
    """Table name and column schema, as the UI shows them."""
    # The UI takes what stands in angle brackets for HTML and drops it.
    columns = [dg.TableColumn(c.name, c.type, html.escape(c.comment, quote=False)) for c in tables()[table]]
    return {"dagster/table_name": table, "dagster/column_schema": dg.TableSchema(columns)}
