"""Factors between units: chains multiplied out, exactly, with what single materials have of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from te_assets.site.faults import Fault

if TYPE_CHECKING:
    from te_assets.site.model import Unit

DECIMALS, DIGITS = 12, 38
"""Of a factor, as te_ops.units holds it."""


@dataclass(frozen=True)
class Factor:
    """One `unit` is `factor` of `target`; `material` is empty where every material has it."""

    unit: str
    material: str
    target: str
    factor: Decimal


def factors(units: Mapping[str, Unit], of_materials: Mapping[str, Mapping[str, Decimal]]) -> Iterator[Factor]:
    """Every conversion that follows: first for all materials, then for those with factors of their own.

    Args:
        units: Without cycles.
        of_materials: Material → unit → factor of its own.
    """
    for material, own in {"": {}, **of_materials}.items():
        for unit in units:
            chain = _chain(units, unit)
            if len(chain) == 1 or (material and not own.keys() & set(chain[:-1])):
                continue
            steps = [own.get(step, _general(units, step)) for step in chain[:-1]]
            known = [step for step in steps if step is not None]
            if len(known) == len(steps):
                yield Factor(unit, material, chain[-1], _product(known))


def unit_faults(units: Mapping[str, Unit], of_materials: Mapping[str, Mapping[str, Decimal]]) -> Iterator[Fault]:
    """What keeps units from being converted."""
    circles = [chain for chain in (_chain(units, name) for name in units) if len(chain) > 1 and chain[0] == chain[-1]]
    for chain in circles:
        message = f"the units go round in a circle: {' → '.join(chain)}; one must have no factor"
        yield Fault(("units", chain[0], "factor"), message)
    for name, unit in units.items():
        if unit.factor is None:
            continue
        place = ("units", name, "factor")
        if unit.factor.to not in units:
            yield Fault((*place, "to"), f"no unit {unit.factor.to!r}; units: {', '.join(units)}. Add it to units")
        if unit.factor.by is None and not any(name in own for own in of_materials.values()):
            yield Fault(
                place, f"says not how many {unit.factor.to} one {name} is; add by, or factors in material_units"
            )
    yield from _faults_of_materials(units, of_materials)
    if not circles:
        yield from _too_fine(units, of_materials)


def _faults_of_materials(
    units: Mapping[str, Unit], of_materials: Mapping[str, Mapping[str, Decimal]]
) -> Iterator[Fault]:
    for material, own in of_materials.items():
        for name in own:
            place = ("material_units", material, name)
            if name not in units:
                yield Fault(place, f"no unit {name!r}; units: {', '.join(units) or 'none'}. Add it to units")
            elif units[name].factor is None:
                yield Fault(
                    place, f"unit {name!r} is not converted; say to what, in units: {name}: {{factor: {{to: …}}}}"
                )


def _too_fine(units: Mapping[str, Unit], of_materials: Mapping[str, Mapping[str, Decimal]]) -> Iterator[Fault]:
    for factor in factors(units, of_materials):
        digits, exponent = len(factor.factor.as_tuple().digits), factor.factor.as_tuple().exponent
        assert isinstance(exponent, int)
        if exponent < -DECIMALS or digits + max(exponent, 0) > DIGITS:
            place = ("material_units", factor.material, factor.unit) if factor.material else ("units", factor.unit)
            yield Fault(
                place,
                f"one {factor.unit} is {factor.factor} {factor.target}: that is more than {DIGITS} digits, or than "
                f"{DECIMALS} decimals; convert to a smaller unit",
            )


def _chain(units: Mapping[str, Unit], unit: str) -> list[str]:
    """The unit and what it is converted to, step by step; ends where it began where units go round in a circle."""
    chain = [unit]
    while (step := units.get(chain[-1])) is not None and step.factor is not None:
        if step.factor.to in chain[1:]:  # a circle further on, which its own units report
            break
        chain.append(step.factor.to)
        if step.factor.to == unit:
            break
    return chain


def _general(units: Mapping[str, Unit], unit: str) -> Decimal | None:
    factor = units[unit].factor
    return factor.by if factor is not None else None


def _product(steps: list[Decimal]) -> Decimal:
    with localcontext(prec=4 * DIGITS):
        product = Decimal(1)
        for step in steps:
            product *= step
        return product.normalize()
