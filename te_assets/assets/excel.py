"""The workbooks in the landing store: external assets, the sources of the graph."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import dagster as dg

from te_assets.assets.graph import MODELS, OWNERS
from te_assets.assets.portals import portal_key

if TYPE_CHECKING:
    from te_assets.robot.portal_file import Portal

_TITLES = {
    "interactions": "Workbooks of what operators logged at the machines: stops, set-ups, breaks, reasons.",
    "confirmations": "Workbooks of good, scrap and rework quantities per order and operation, as an ERP exports them.",
}


def excel_assets(portals: Sequence[Portal] = ()) -> list[dg.AssetSpec]:
    """One source per model; files arrive by the inbox or the gateway, never by a run.

    Args:
        portals: Where the robot fetches workbooks.
    """
    return [
        dg.AssetSpec(
            key=["excel", model],
            deps=[portal_key(portal) for portal in portals],
            group_name="sources",
            kinds={"excel"},
            owners=OWNERS,
            description=f"{_TITLES[model]} Landed by SHA-256; te_ops.files says what became of each.",
        )
        for model in MODELS
    ]
