"""The robot of a home: portals of its site, its token, its gateway, its browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from te_assets.robot.portal_file import Portal, PortalFaulty, load_portal

if TYPE_CHECKING:
    from te_assets.robot.outcome import Outcome
    from te_assets.settings import Settings

_LONGEST_RUN: Final = timedelta(days=1)


def portal_files(site: Path) -> list[Path]:
    """Portal files of a site folder, `portals/*.yaml`, by name."""
    return sorted(file for file in (site / "portals").glob("*.yaml") if not file.name.startswith("."))


def portals_of(site: Path, say: Callable[[str], None]) -> list[Portal]:
    """The portals of a site folder that can be used, each name once; what is wrong with the others is said."""
    found: dict[str, Portal] = {}
    for file in portal_files(site):
        try:
            portal = load_portal(file)
        except PortalFaulty as error:
            say(str(error))
            continue
        if portal.name in found:
            say(f"{file}: a portal {portal.name!r} stands in another file too; this one is not used. Rename one.")
        else:
            found[portal.name] = portal
    return list(found.values())


def run_at_home(
    portal: Portal,
    settings: Settings,
    *,
    url: str | None = None,
    token_file: Path | None = None,
    patience: float = 600.0,
    days: tuple[date, date] | None = None,
    again: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Outcome:
    """Fetch what is missing from a portal and deliver it to a gateway.

    Args:
        portal: What to do where.
        settings: Of the home.
        url: Of the gateway; None: the home's own.
        token_file: Holds the gateway's token; None: `$TE_HOME/robot/token`; where it is missing too, the home's own
            gateway gets one that lasts as long as the run.
        patience: Seconds for which sending is repeated.
        days: Local days, both inclusive, whose periods are looked after; None: the last periods that ended.
        again: Export periods too that were delivered.
        say: Takes a line of progress.

    Raises:
        SettingsError: User, password or token is missing, or another run has the token.
        StackError: The home's gateway is not running.
        PortalBusy: Another run is at this portal.
        BrowserMissing: Something has to be exported, and there is no browser.
    """
    from te_assets.gateway.reaching import reached
    from te_assets.robot.browser import find_chromium
    from te_assets.robot.fetching import Surroundings
    from te_assets.robot.run import run_portal
    from te_assets.settings import portal_access

    access = portal_access(portal.name)
    own = settings.home_dir / "robot" / "token"
    with reached(
        settings,
        f"robot-{portal.name}",
        ("files", "read"),
        _LONGEST_RUN,
        url=url,
        token_file=token_file or (own if own.exists() else None),
        patience=patience,
        say=say,
    ) as gateway:
        return run_portal(
            portal,
            access,
            gateway.client,
            home=settings.home_dir,
            chromium=partial(find_chromium, settings),
            days=days,
            again=again,
            token=gateway.token,
            around=Surroundings(say=say),
        )
