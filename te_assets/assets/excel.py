"""The workbooks in the landing store: external assets, the sources of the graph."""

from __future__ import annotations

import dagster as dg

from te_assets.assets.graph import MODELS, OWNERS

_TITLES = {
    "interactions": "Workbooks of what operators logged at the machines: stops, set-ups, breaks, reasons.",
    "confirmations": "Workbooks of good, scrap and rework quantities per order and operation, as an ERP exports them.",
}


def excel_assets() -> list[dg.AssetSpec]:
    """One source per model; files arrive by the inbox, never by a run."""
    return [
        dg.AssetSpec(
            key=["excel", model],
            group_name="sources",
            kinds={"excel"},
            owners=OWNERS,
            description=f"{_TITLES[model]} Landed by SHA-256; te_ops.files says what became of each.",
        )
        for model in MODELS
    ]
