"""What goes wrong at a portal, by what is to be done about it."""

from __future__ import annotations

from pathlib import Path

from te_assets.errors import RobotError


class BrowserMissing(RobotError):
    """There is no browser that the robot can drive."""


class PortalTrouble(RobotError):
    """The portal failed, or showed something else than was expected: it is tried again."""


class SessionExpired(PortalTrouble):
    """The portal asks to sign in again."""


class ExportEmpty(PortalTrouble):
    """The workbook has no data rows."""


class SignInRefused(RobotError):
    """The portal does not let this user in: not tried again, for that may lock the account."""


class NotFetched(RobotError):
    """An export failed for good.

    Attributes:
        evidence: Folder that shows why; None where there was no browser yet.
    """

    def __init__(self, what: str, evidence: Path | None) -> None:
        super().__init__(what)
        self.evidence = evidence
