from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import ValidationError

from te_assets.site.model import Site
from te_assets.site.profile import parse_site
from te_assets.site.units import Factor, factors

UNITS = """\
units:
  PC: {name: Stück}
  ST: {factor: {to: PC, by: 1}}
  BOX: {factor: {to: PC, by: 6}}
  CAR: {name: Karton, factor: {to: BOX, by: 2}}
  PAL: {factor: {to: CAR}}
  KG: {}
  G: {factor: {to: KG, by: 0.001}}
material_units:
  M-1: {BOX: 10}
  M-2: {PAL: 40}
"""


@pytest.fixture
def site(profile: str) -> Site:
    return parse_site(profile + UNITS)


def test_chains_are_multiplied_out_and_materials_have_their_own(site: Site) -> None:
    """A carton is two boxes of 6 pieces, of M-1 two boxes of 10; only M-2 is known to come on pallets."""
    assert list(factors(site.units, site.material_units)) == [
        Factor("ST", "", "PC", Decimal(1)),
        Factor("BOX", "", "PC", Decimal(6)),
        Factor("CAR", "", "PC", Decimal(12)),
        Factor("G", "", "KG", Decimal("0.001")),
        Factor("BOX", "M-1", "PC", Decimal(10)),
        Factor("CAR", "M-1", "PC", Decimal(20)),
        Factor("PAL", "M-2", "PC", Decimal(480)),
    ]


def test_factors_are_exact(profile: str) -> None:
    fine = profile + "units: {A: {}, B: {factor: {to: A, by: 0.000001}}, C: {factor: {to: B, by: 0.333333}}}\n"
    found = {factor.unit: factor.factor for factor in factors(parse_site(fine).units, {})}

    assert found["C"] == Decimal("0.000000333333")
    with pytest.raises(ValidationError, match="decimal"):
        Site.model_validate({**parse_site(fine).model_dump(by_alias=True), "material_units": {"M": {"B": "1e-13"}}})
