"""What machines did: heatmap and timeline."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from te_assets.dashboard.answers.base import State, Table
from te_assets.dashboard.filters import Grain


class Axis(BaseModel):
    """A row or column of a heatmap."""

    key: str = Field(description="<plant>/<work center>, a day, a weekday 1 (Monday) … 7, or an hour 0 … 23.")
    label: str
    plant: str | None = None
    work_center: str | None = None


class HeatmapRow(BaseModel):
    """A cell; x and y are the keys of its column and row."""

    x: str
    y: str
    value: float | None = Field(description="A ratio, or seconds of unplanned_down.")
    numerator: float | None
    denominator: float | None


class Heatmap(Table):
    """Cells that have a figure; `columns` are those of the table of cells."""

    kind: Literal["work_center_day", "weekday_hour"]
    measure: Literal["availability", "unplanned_down", "scrap_rate"]
    grain: Grain | None = Field(
        None, description="What a column is: day, week or month, the longer the more days there are; null: an hour."
    )
    unit: str | None = None
    units: list[str] = Field([])
    x: list[Axis]
    y: list[Axis]
    rows: list[HeatmapRow]


class Span(BaseModel):
    """A state of a machine, or several that are too short to be seen."""

    machine: int = Field(description="Index in machines.")
    start: int = Field(description="Milliseconds since 1970, UTC.")
    end: int
    state: State = Field(description="Of merged ones the worst.")
    reason_code: str
    interaction_id: str = Field(description="Of a single stop; else empty.")
    merged: int = Field(description="States in it.")


class Machine(BaseModel):
    """A row of the timeline."""

    plant: str
    work_center: str
    name: str
    line: str
    time_zone: str
    seconds: dict[State, float] = Field(description="Seconds per state: from the data, not from merged spans.")


class Band(BaseModel):
    """A shift of a machine."""

    machine: int
    shift: str
    start: int
    end: int


class StateRow(BaseModel):
    """Time of a machine in a state: the table beside the timeline."""

    plant: str
    work_center: str
    name: str
    state: State
    seconds: float
    share: float | None = Field(description="Of the time shown.")


class Timeline(Table):
    """States per machine; the table is that of `rows`."""

    start: int = Field(description="Milliseconds since 1970, UTC.")
    end: int
    pixel: int = Field(description="Milliseconds; shorter states are merged.")
    machines: list[Machine]
    spans: list[Span]
    bands: list[Band]
    reasons: dict[str, str] = Field(description="Texts of the reasons that occur.")
    rows: list[StateRow]
