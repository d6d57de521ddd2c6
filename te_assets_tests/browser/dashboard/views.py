"""All pages of the dashboard, as its sources have them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FRONTEND: Final = Path(__file__).parents[3] / "frontend"
AXE: Final = FRONTEND / "node_modules/axe-core/axe.min.js"
_ENTRY: Final = re.compile(
    r"\{\s*path: '(?P<path>[^']+)',\s*title: \(\) => .+?:@@[\w.]+:(?P<title>[^`]+)`,(?P<rest>.*?)\n  \}", re.S
)
_OF_A_MACHINE: Final = {":plant": "1000", ":work_center": "PRS01"}


@dataclass(frozen=True)
class View:
    """A page: its address, its title in English, and whether the navigation leads to it."""

    path: str
    title: str
    is_in_navigation: bool


def all_views() -> list[View]:
    """As `frontend/src/app/views.ts` has them; of pages of a machine that of one."""
    source = (FRONTEND / "src/app/views.ts").read_text(encoding="utf-8")
    found = [
        View(_address(entry["path"]), entry["title"], "icon:" in entry["rest"]) for entry in _ENTRY.finditer(source)
    ]
    assert len(found) == source.count("path: '"), "views.ts is written otherwise than this expects"
    return found


def _address(path: str) -> str:
    return "/".join(_OF_A_MACHINE.get(part, part) for part in path.split("/"))


VIEWS: Final = all_views()
