"""What a machine looks like to somebody who asks whether an engine left something behind."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from te_assets_tests.docker.network import link_names, mark_of

SYSCTLS = ("net/ipv4/ip_forward", "net/ipv4/conf/*/*", "net/ipv6/conf/*/*", "net/bridge/*", "kernel/keys/*")


@dataclass(frozen=True)
class Picture:
    """Sets of lines; two pictures of the same machine are compared with `==`."""

    links: frozenset[str]
    mounts: frozenset[str]
    rules: tuple[str, ...]
    routes: frozenset[str]
    sysctls: frozenset[str]
    processes: frozenset[str]
    control_groups: frozenset[str]


def picture(folder: Path) -> Picture:
    """What there is now.

    Args:
        folder: Of the engine in question. Mounts in it, and processes that name it on their command line, are the
            engine's; of those of others no picture is made.
    """
    mark = mark_of(folder)
    # Links of other engines' containers, and other engines of tests, come and go.
    others = re.compile(rf"\b(veth[0-9a-f]{{7}}|te-(?!{mark})[0-9a-f]{{8}})\b")
    return Picture(
        links=frozenset(name for name in link_names() if not others.match(name)),
        mounts=frozenset(mounts_below(folder)),
        rules=tuple(rule for rule in (*_rules("iptables-save"), *_rules("ip6tables-save")) if not others.search(rule)),
        routes=frozenset(line for line in _lines("ip", "route", "show", "table", "all") if not others.search(line)),
        sysctls=frozenset(line for line in _sysctls() if not others.search(line)),
        processes=frozenset(_processes(folder)),
        control_groups=frozenset(str(path) for path in Path("/sys/fs/cgroup").glob(f"**/te-docker-{mark}/")),
    )


def mounts_below(folder: Path) -> list[str]:
    """Where something is mounted in a folder, the innermost first."""
    rows = Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    points = [row.split()[4] for row in rows]
    return sorted((point for point in points if Path(point).is_relative_to(folder)), reverse=True)


def _rules(program: str) -> list[str]:
    """Rules, chains and policies by table, without counters and comments.

    A table that nobody has used yet is not there; it says the same as one that is empty and accepts everything.
    """
    found, table = [], ""
    for line in _lines(program):
        plain = re.sub(r"\[\d+:\d+\]", "", line).strip()
        if plain.startswith("*"):
            table = f"{program} {plain[1:]}"
        elif plain.startswith("-A") or (plain.startswith(":") and not plain.endswith(" ACCEPT")):
            found.append(f"{table} {plain}")
    return found


def _sysctls() -> list[str]:
    root = Path("/proc/sys")
    found = []
    for pattern in SYSCTLS:
        for path in root.glob(pattern):
            try:
                found.append(f"{path.relative_to(root)} = {path.read_text(encoding='utf-8').strip()}")
            except OSError:  # some can only be written
                continue
    return found


def _processes(folder: Path) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:  # ended meanwhile
            continue
        if f"{folder}/" in words:
            found.append(words)
    return found


def _lines(*command: str) -> list[str]:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
