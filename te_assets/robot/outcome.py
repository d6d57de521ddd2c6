"""What became of a run, period by period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from te_assets.robot.periods import Period

Became = Literal["delivered", "known", "empty", "failed"]


@dataclass(frozen=True)
class PeriodOutcome:
    """What became of one export of one period.

    Attributes:
        became: delivered: by this run; known: by an earlier one; empty: it has no rows, and may have none; failed.
        sha256: Of the workbook; empty where there is none.
        reason: Why it failed, and what to do.
        evidence: Folder that shows why; None where there is none.
    """

    export: str
    period: Period
    became: Became
    sha256: str = ""
    reason: str = ""
    evidence: Path | None = None

    def as_json(self) -> Mapping[str, str]:
        """Plain values; instants in ISO 8601 with the plant's offset."""
        return {
            "export": self.export,
            "from": self.period.starts.isoformat(),
            "to": self.period.ends.isoformat(),
            "became": self.became,
            "sha256": self.sha256,
            "reason": self.reason,
            "evidence": str(self.evidence or ""),
        }


@dataclass(frozen=True)
class Outcome:
    """What became of a run; periods in the order in which they were worked on."""

    portal: str
    periods: tuple[PeriodOutcome, ...]

    @property
    def failed(self) -> tuple[PeriodOutcome, ...]:
        """What failed."""
        return tuple(each for each in self.periods if each.became == "failed")

    def number(self, became: Became) -> int:
        """How many periods became so."""
        return sum(each.became == became for each in self.periods)

    def as_metadata(self) -> Mapping[str, int | str]:
        """For Dagster and for people, by name: numbers, SHA-256 of the workbooks, and the text of what failed."""
        files = "\n".join(f"{each.export} {each.period}: {each.sha256}" for each in self.periods if each.sha256)
        failures = "\n".join(f"{each.export} {each.period}: {each.reason}" for each in self.failed)
        return {
            "portal": self.portal,
            "delivered": self.number("delivered"),
            "known": self.number("known"),
            "empty": self.number("empty"),
            "failed": self.number("failed"),
            "files": files,
            "failures": failures,
            "evidence": "\n".join(str(each.evidence) for each in self.failed if each.evidence),
        }

    def as_json(self) -> Mapping[str, Any]:
        """The whole of it in plain values."""
        return {"portal": self.portal, "periods": [each.as_json() for each in self.periods]}
