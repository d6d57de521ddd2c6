"""Steps of a portal file: what a person does on a page, and how the elements of it are found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final, Literal, Self, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from te_assets.robot.placeholders import check

Text = Annotated[str, Field(min_length=1, max_length=1000), AfterValidator(check)]


class Part(BaseModel):
    """A frozen part that refuses unknown keys and other types than it says."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Locator(Part):
    """An element as people find it: by its role and name, its label, its text, a test id; by CSS only if need be."""

    role: str | None = None
    name: Text | None = Field(None, description="accessible name; with a role only")
    label: Text | None = None
    text: Text | None = None
    test_id: str | None = None
    css: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if sum(way is not None for way in (self.role, self.label, self.text, self.test_id, self.css)) != 1:
            raise ValueError("an element is found by one of role, label, text, test_id and css; write exactly one")
        if self.name is not None and self.role is None:
            raise ValueError("name needs a role beside it, such as {role: button, name: Export}")
        return self

    @property
    def texts(self) -> list[str]:
        """Everything in it that may hold placeholders."""
        return [text for text in (self.name, self.label, self.text) if text is not None]

    def __str__(self) -> str:
        """As `button "Export"`."""
        if self.role is not None:
            return self.role if self.name is None else f'{self.role} "{self.name}"'
        ways = (("label", self.label), ("text", self.text), ("test_id", self.test_id), ("css", self.css))
        return next(f'{way} "{value}"' for way, value in ways if value is not None)


class Entry(Locator):
    """An element that takes a value."""

    value: Text

    @property
    def texts(self) -> list[str]:
        """Everything in it that may hold placeholders."""
        return [*super().texts, self.value]


Action = Literal["open", "fill", "select", "check", "click", "wait_for", "download"]
_ACTIONS: Final[tuple[Action, ...]] = get_args(Action)


class Step(Part):
    """One thing that a person does; exactly one key."""

    open: Text | None = Field(None, description="path below the portal's url")
    fill: Entry | None = None
    select: Entry | None = Field(None, description="an option by its text or value")
    check: Locator | None = None
    click: Locator | None = None
    wait_for: Locator | None = None
    download: Locator | None = Field(None, description="click that starts the download, at once or after a while")

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if len(self.model_fields_set) != 1 or getattr(self, self.action) is None:
            raise ValueError("a step does one thing: one of open, fill, select, check, click, wait_for and download")
        return self

    @property
    def action(self) -> Action:
        """Which key it has."""
        return next(action for action in _ACTIONS if action in self.model_fields_set)

    @property
    def element(self) -> Locator | None:
        """What it acts on; None for `open`."""
        found: Locator | None = None if self.action == "open" else getattr(self, self.action)
        return found

    @property
    def texts(self) -> Iterator[str]:
        """Everything in it that may hold placeholders."""
        if self.open is not None:
            yield self.open
        if (element := self.element) is not None:
            yield from element.texts

    def __str__(self) -> str:
        """As `click button "Export"`; never a value."""
        return f"{self.action} {self.open if self.open is not None else self.element}"
