"""The site profile that counts, for what its tables in te_ops do not hold: its name, and how old data may be."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from anyio import to_thread

from te_assets.site.model import Policies
from te_assets.site.profile import ProfileFaulty, parse_site

if TYPE_CHECKING:
    from te_assets.dashboard.lake import Lake


async def profile(lake: Lake) -> tuple[str, Policies]:
    """Name of the site and its policies; those that te_assets has where there is no profile, or one of other rules."""
    rows = await lake.rows("profile", {})
    return await to_thread.run_sync(_parsed, rows[0]["yaml"]) if rows else ("", Policies())


@lru_cache(maxsize=4)
def _parsed(text: str) -> tuple[str, Policies]:
    try:
        site = parse_site(text)
    except ProfileFaulty:
        return "", Policies()
    return site.name, site.policies
