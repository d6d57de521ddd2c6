"""The portals that the robot fetches from: one asset each, before the workbooks in the landing store."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import dagster as dg

from te_assets.assets.graph import MODELS, OWNERS
from te_assets.settings import Settings

if TYPE_CHECKING:
    from te_assets.contracts.catalog import Catalog
    from te_assets.contracts.layout import Model
    from te_assets.robot.outcome import Outcome
    from te_assets.robot.portal_file import Portal


def portal_key(portal: "Portal") -> list[str]:
    """Key of a portal's asset."""
    return ["portals", portal.name]


def portal_assets(portals: "Sequence[Portal]") -> list[dg.AssetsDefinition]:
    """One asset per portal; materializing it exports and delivers what is missing."""
    return [_portal(portal) for portal in portals]


def _portal(portal: "Portal") -> dg.AssetsDefinition:
    exports = ", ".join(export.name for export in portal.exports)

    @dg.asset(
        key=portal_key(portal),
        group_name="sources",
        kinds={"excel", "playwright"},
        owners=OWNERS,
        description=(
            f"Exports of {portal.url}: {exports}. Materializing signs in, exports the periods that are missing and "
            "posts them to the gateway; what is delivered is never exported again."
        ),
    )
    def fetched(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
        from te_assets.profile import Profile
        from te_assets.robot.at_home import run_at_home

        settings = Settings()
        outcome = run_at_home(portal, settings, say=context.log.info)
        metadata = dict(outcome.as_metadata())
        for model in models_of(portal, outcome, Profile.of(settings).contracts()):
            context.log_event(dg.AssetObservation(["excel", model], metadata=metadata))
        if outcome.failed:
            raise dg.Failure(str(metadata["failures"]), metadata=metadata, allow_retries=False)
        return dg.MaterializeResult(metadata=metadata)

    return fetched


def models_of(portal: "Portal", outcome: "Outcome", contracts: "Catalog") -> "list[Model]":
    """Models that a run looked after: those that the sources of its exports feed; of an export without, all."""
    looked_after = {each.export for each in outcome.periods}
    sources = {export.source for export in portal.exports if export.name in looked_after}
    fed = {contract.feeds for contract in contracts if contract.source in sources}
    return [model for model in MODELS if model in fed or "" in sources]
