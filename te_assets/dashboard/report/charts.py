"""Where the lines, dots and bars of simple charts lie; the page draws them as inline SVG."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 720
HEIGHT: Final = 210
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 14, 12, 28
_MOST_LABELS: Final = 10
_TICKS: Final = 4


@dataclass(frozen=True)
class Tick:
    """A label of an axis, at a distance from the left or the top."""

    at: float
    label: str


@dataclass(frozen=True)
class Dot:
    """A figure; `label` says period and value."""

    x: float
    y: float
    label: str


@dataclass(frozen=True)
class Trend:
    """A line chart, interrupted where there is no figure.

    Attributes:
        lines: Points of each piece, as an SVG polyline has them.
        target: Height of the target's line.
    """

    lines: Sequence[str]
    dots: Sequence[Dot]
    x_ticks: Sequence[Tick]
    y_ticks: Sequence[Tick]
    target: float | None
    left: float = _LEFT
    right: float = WIDTH - _RIGHT
    bottom: float = HEIGHT - _BOTTOM
    width: int = WIDTH
    height: int = HEIGHT


def trend(
    points: Sequence[tuple[str, float | None]],
    text: Callable[[float], str],
    *,
    target: float | None = None,
    most: float | None = None,
) -> Trend:
    """A line chart of ratios.

    Args:
        points: Label of the period, and its figure.
        text: How a figure is written.
        target: What it should be.
        most: What no figure can exceed.
    """
    values = [value for _, value in points if value is not None]
    low, high, step = _scale([*values, *([target] if target is not None else [])] or [0.0, 1.0], most)

    def height(value: float) -> float:
        return round(_TOP + (high - value) / (high - low) * (HEIGHT - _TOP - _BOTTOM), 1)

    span = WIDTH - _LEFT - _RIGHT
    places = [round(_LEFT + span * (n + 0.5) / max(len(points), 1), 1) for n in range(len(points))]
    dots = [
        Dot(x, height(value), f"{label}: {text(value)}")
        for x, (label, value) in zip(places, points, strict=True)
        if value is not None
    ]
    every = max(1, math.ceil(len(points) / _MOST_LABELS))
    count = round((high - low) / step)
    return Trend(
        _pieces([(x, None if value is None else height(value)) for x, (_, value) in zip(places, points, strict=True)]),
        dots,
        [Tick(x, label) for n, (x, (label, _)) in enumerate(zip(places, points, strict=True)) if n % every == 0],
        [Tick(height(low + n * step), text(low + n * step)) for n in range(count + 1)],
        None if target is None else height(target),
    )


def _scale(values: Sequence[float], most: float | None) -> tuple[float, float, float]:
    """Ends and step of an axis in round numbers; it begins at 0 unless that would flatten the line."""
    least, greatest = min(values), max(values)
    low = 0.0 if least < greatest / 2 else max(0.0, least - (greatest - least or greatest * 0.1 or 0.1) / 2)
    raw = max((greatest - low) / _TICKS, 1e-6)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * n for n in (1, 2, 2.5, 5, 10) if power * n >= raw * 0.999)
    bottom = math.floor(low / step + 1e-9) * step
    top = math.ceil(greatest / step - 1e-9) * step
    top = top if top > bottom else bottom + step
    return bottom, top if most is None else min(top, max(most, bottom + step)), step


def _pieces(places: Sequence[tuple[float, float | None]]) -> list[str]:
    """Points, interrupted where there is no height."""
    pieces: list[list[str]] = [[]]
    for x, y in places:
        if y is None:
            pieces.append([])
        else:
            pieces[-1].append(f"{x:g},{y:g}")
    return [" ".join(piece) for piece in pieces if len(piece) > 1]


def width(value: float, widest: float) -> float:
    """Of a bar, in per cent of the widest one."""
    return round(100 * value / widest, 1) if widest else 0.0
