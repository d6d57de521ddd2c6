"""What there is to filter by, and what the figures mean at this site."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, cast

from te_assets import __version__
from te_assets.dashboard import answers
from te_assets.dashboard.columns import ColumnSpec
from te_assets.dashboard.concurrently import together
from te_assets.dashboard.filters import Basis
from te_assets.dashboard.profile import profile
from te_assets.dashboard.terms import PLACES
from te_assets.stack import running
from te_assets.stack.home import Home

if TYPE_CHECKING:
    from te_assets.dashboard.known import Known, Plant
    from te_assets.dashboard.lake import Lake
    from te_assets.dashboard.texts import PolicyText, Texts
    from te_assets.settings import Settings
    from te_assets.site.model import Policies

MOST_MATERIALS: Final = 2_000
_COLUMNS: Final = (
    ColumnSpec("term"),
    ColumnSpec("formula"),
    ColumnSpec("unit", heading="definition_unit"),
    ColumnSpec("standard"),
    ColumnSpec("column", heading="sql_column", is_hidden=True),
    ColumnSpec("note"),
)


async def meta(lake: Lake, known: Known, *, dagster: str | None, now: datetime | None = None) -> answers.Meta:
    """What there is to filter by.

    Args:
        lake: Is asked for materials, reasons and units.
        known: The site and its data.
        dagster: Address of Dagster's pages.
        now: The instant that `today` is of; now unless given.
    """
    found = await together(
        options=lake.row(
            "options", {"materials": MOST_MATERIALS}, converts=known.converts, mart=known.mart("scrap_rate")
        ),
        profile=profile(lake),
    )
    options, (name, policies) = found["options"], found["profile"]
    firsts = [plant.first_day for plant in known.plants.values() if plant.first_day]
    lasts = [plant.last_day for plant in known.plants.values() if plant.last_day]
    instant = now or datetime.now(UTC)
    return answers.Meta(
        site=name,
        plants=[_plant(known, plant, instant) for plant in known.plants.values()],
        shifts=list(dict.fromkeys(shift for plant in known.plants.values() for shift in plant.shifts)),
        materials=options["materials"],
        reasons=[
            answers.ReasonOption(reason_code=code, reason_text=text or code, reason_class=which)
            for code, text, which in options["reasons"]
        ],
        units=options["units"],
        first_day=min(firsts, default=None),
        last_day=max(lasts, default=None),
        headline_availability=policies.headline_availability,
        headline_basis=cast("Basis", known.policies.get("headline_scrap_basis", policies.headline_scrap_basis)),
        first_as_of=known.first_as_of,
        version=known.version,
        product_version=__version__,
        dagster_url=dagster,
    )


def dagster_url(settings: Settings) -> str | None:
    """Where Dagster's pages are: as set, else those that run in the home; None where none do."""
    if settings.dagster_url:
        return settings.dagster_url
    record = running.record(Home(settings.home))
    return record.services.get("dagster", {}).get("url") if record else None


async def definitions(lake: Lake, known: Known, texts: Texts) -> answers.Definitions:
    """What the figures mean, and which choices of the site they depend on."""
    _, policies = await profile(lake)
    return answers.Definitions(
        terms=[
            answers.Term(
                key=key,
                term=texts.terms[key].term,
                formula=texts.terms[key].formula,
                unit=texts.terms[key].unit,
                standard=texts.terms[key].standard,
                column=", ".join(PLACES[key].sql),
                note=texts.terms[key].note,
            )
            for key in PLACES
        ],
        policies=[_policy(name, text, values(known, policies)[name]) for name, text in texts.policies.items()],
        columns=[texts.column(spec) for spec in _COLUMNS],
    )


def values(known: Known, policies: Policies) -> dict[str, str]:
    """Policies as text: those of te_ops first, since figures are computed with them."""
    others = {"fresh_within_hours": format(policies.fresh_within_hours.normalize(), "f")}
    return {**policies.as_text(), **others, **known.policies}


def _policy(name: str, text: PolicyText, value: str) -> answers.Policy:
    words = text.values.get(value) or text.values.get("*", "{value}").format(value=value)
    return answers.Policy(name=name, label=text.label, value=words, meaning=text.meaning)


def _plant(known: Known, plant: Plant, now: datetime) -> answers.PlantOption:
    hours, minutes = divmod(plant.day_start_minute, 60)
    return answers.PlantOption(
        plant=plant.plant,
        name=plant.name or plant.plant,
        time_zone=plant.time_zone,
        day_starts=f"{hours:02}:{minutes:02}",
        today=plant.today(now),
        lines=[
            answers.LineOption.model_validate({name: each[name] for name in ("line", "name", "topology")})
            for each in known.lines
            if each["plant"] == plant.plant
        ],
        work_centers=[
            answers.WorkCenterOption(work_center=each.work_center, name=each.name, line=each.line)
            for each in known.work_centers
            if each.plant == plant.plant
        ],
        shifts=list(plant.shifts),
    )
