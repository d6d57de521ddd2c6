"""The model of a portal file: where a portal is, how one signs in, and what is exported; docs/robot.md explains it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import Field, field_validator

from te_assets.errors import RobotError
from te_assets.robot.placeholders import MOMENTS, named
from te_assets.robot.steps import Locator, Part, Step
from te_assets.yaml_model import Document


class PortalFaulty(RobotError):
    """A portal file cannot be used; the message lists every fault with its line."""


_PORTAL: Final = Document("portal file", "name", PortalFaulty)
Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
"""Lower-case words joined by hyphens: it becomes a folder and part of variables' names."""


class Export(Part):
    """A workbook that the portal makes for a period."""

    name: Slug
    steps: Annotated[list[Step], Field(min_length=1)]
    source: str = Field("", description="the gateway's source; empty: every contract is tried")
    may_be_empty: bool = Field(False, description="a period without a row is none to worry about")
    timeout_seconds: float = Field(120, gt=0, le=7200, description="for the download, from the click on")

    @field_validator("steps")
    @classmethod
    def _one_download(cls, steps: list[Step]) -> list[Step]:
        if (found := sum(step.action == "download" for step in steps)) != 1:
            raise ValueError(f"has {found} download steps; an export has exactly one")
        for step in steps:
            if any(named(text) - set(MOMENTS) for text in step.texts):
                raise ValueError(f"{step}: user and password are for login alone: steps of exports are recorded")
        return steps


class Periods(Part):
    """Into which periods time is cut, and when one is fetched."""

    hours: int = Field(24, ge=1, le=24, description="length, from the plant's midnight on")
    catch_up: int = Field(3, ge=1, le=1000, description="how many ended periods back are fetched when missing")
    settle_minutes: int = Field(0, ge=0, le=43_200, description="how long after its end a period is fetched")

    @field_validator("hours")
    @classmethod
    def _divides_a_day(cls, hours: int) -> int:
        if 24 % hours:
            raise ValueError(f"{hours} does not divide 24; choose 1, 2, 3, 4, 6, 8, 12 or 24")
        return hours

    @property
    def settled(self) -> timedelta:
        """`settle_minutes`."""
        return timedelta(minutes=self.settle_minutes)


class Portal(Part):
    """A portal and what the robot does there."""

    name: Slug
    url: str
    zone: str
    schedule: str | None = Field(None, description="cron line, by the clock in `zone`")
    period: Periods = Periods()
    login: Annotated[list[Step], Field(min_length=1)]
    signed_in: Locator = Field(description="shown to those who are signed in")
    signed_out: Locator = Field(description="shown to those who are not")
    error: Locator | None = Field(None, description="the portal's own message that something failed")
    exports: Annotated[list[Export], Field(min_length=1)]
    step_seconds: float = Field(15, gt=0, le=600, description="for an element to appear, a page to load")
    attempts: int = Field(4, ge=1, le=20, description="how often an export is tried")
    pause_seconds: float = Field(2, ge=0, le=600, description="before the second attempt; twice as long each time")

    @field_validator("url")
    @classmethod
    def _address(cls, url: str) -> str:
        return address(url)

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone not in available_timezones():
            raise ValueError(f"{zone!r} is not in the time zone database; write an IANA name such as Europe/Berlin")
        return zone

    @field_validator("schedule")
    @classmethod
    def _five_fields(cls, schedule: str | None) -> str | None:
        if schedule is not None and len(schedule.split()) != 5:
            raise ValueError(f'{schedule!r} is no cron line of five fields, such as "15 6 * * *"')
        return schedule

    @field_validator("signed_in", "signed_out", "error")
    @classmethod
    def _always_the_same(cls, element: Locator | None) -> Locator | None:
        if element is not None and any(named(text) for text in element.texts):
            raise ValueError(f"{element}: is looked for at any time, and takes no placeholder")
        return element

    @field_validator("login")
    @classmethod
    def _without_period(cls, steps: list[Step]) -> list[Step]:
        for step in steps:
            if step.action == "download" or any(named(text) & set(MOMENTS) for text in step.texts):
                raise ValueError(f"{step}: a login knows no period and downloads nothing")
        return steps

    @field_validator("exports")
    @classmethod
    def _names_differ(cls, exports: list[Export]) -> list[Export]:
        names = [export.name for export in exports]
        if again := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"{', '.join(again)} stands twice; each export has a name of its own")
        return exports


def address(url: str) -> str:
    """The address of a portal, without a slash at its end.

    Raises:
        ValueError: It is no http address, or holds a password.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("the url is no address; write it as https://portal.plant.example")
    if parts.username or parts.password:
        raise ValueError("an address holds no user and password; they come from the environment")
    return url.rstrip("/")


def load_portal(path: Path) -> Portal:
    """Read and check a portal file.

    Raises:
        PortalFaulty: It cannot be read, is no YAML, or breaks the rules; with the line of every fault.
    """
    return _PORTAL.parse(Portal, _PORTAL.read(path), str(path))
