"""A network namespace for an engine, joined to the machine by one pair of links.

Docker takes the chains of iptables that bear its name for its own: an engine that starts empties those of another
one. So ours lives in a namespace: its bridges, rules and sysctls are there and end with it, and the machine itself
has one link, three rules and, where it was off, forwarding.
"""

from __future__ import annotations

import contextlib
import hashlib
import ipaddress
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

IPV4 = Path("/proc/sys/net/ipv4")
FORWARDING = IPV4 / "ip_forward"
CHANGED_WITH_IT = ("conf/*/forwarding", "conf/all/accept_redirects")
"""What the kernel sets when forwarding is switched on or off."""
BLOCKS = tuple(ipaddress.IPv4Network(f"10.{second}.0.0/16") for second in range(130, 250))
"""Each is enough for an engine: its link, its default bridge and 128 networks of Compose."""


class NetworkError(AssertionError):
    """A command that changes the machine's network failed."""


class Network:
    """The namespace of one folder: `up`, `down`, and what belongs to it."""

    def __init__(self, folder: Path) -> None:
        """Nothing is changed yet.

        Args:
            folder: Of the engine; its path gives the link its name.
        """
        self.mark = mark_of(folder)
        self._inside, self._outside = folder / "inside", folder / "outside"
        self._state = folder / "network.json"
        self._link = f"te-{self.mark}"
        self._start = int(self.mark, 16)

    @property
    def inside(self) -> Path:
        """Handle of the engine's namespace."""
        return self._inside

    @property
    def outside(self) -> Path:
        """Handle of the namespace that the machine's own programs are in."""
        return self._outside

    @property
    def machine_address(self) -> str:
        """Where containers find the machine itself."""
        return str(self._addresses(0)[1])

    @property
    def bridge_address(self) -> str:
        """For `dockerd --bip`."""
        return f"{self._addresses(1)[1]}/24"

    @property
    def pool(self) -> str:
        """For `dockerd --default-address-pool`."""
        return f"base={self._addresses(128).network_address}/17,size=24"

    @property
    def inode(self) -> int | None:
        """Number of the namespace, None where there is none."""
        return self._inside.stat().st_ino if _is_mounted(self._inside) else None

    @property
    def mtu(self) -> int:
        """Largest packet of the machine's way out."""
        return _mtu_of_default_route()

    def up(self) -> None:
        """Make the namespace and join it to the machine.

        Raises:
            NetworkError: The machine refuses, or every block of addresses is taken.
        """
        self.down()  # of an engine that was killed
        switches = [FORWARDING, *(path for pattern in CHANGED_WITH_IT for path in IPV4.glob(pattern))]
        # Written first: whoever cleans up may be another process.
        state: dict[str, Any] = {
            "block": str(free_block(self._start)),
            "sysctls": {str(path): path.read_text(encoding="ascii") for path in switches},
            "links": sorted(link_names()),
        }
        self._state.write_text(json.dumps(state), encoding="utf-8")
        for handle in (self._inside, self._outside):
            handle.touch()
        _run("unshare", f"--net={self._inside}", "true")
        _run("mount", "--bind", "/proc/self/ns/net", str(self._outside))
        link, mtu = self._addresses(0), str(_mtu_of_default_route())
        _run(
            *("ip", "link", "add", self._link, "mtu", mtu, "type", "veth"),
            *("peer", "name", "eth0", "mtu", mtu, "netns", str(self._inside)),
        )
        _run("ip", "address", "add", f"{link[1]}/30", "dev", self._link)
        _run("ip", "link", "set", self._link, "up")
        self.run_inside("ip", "link", "set", "lo", "up")
        self.run_inside("ip", "address", "add", f"{link[2]}/30", "dev", "eth0")
        self.run_inside("ip", "link", "set", "eth0", "up")
        self.run_inside("ip", "route", "add", "default", "via", str(link[1]))
        for table, chain, rule in self._rules():
            _run("iptables", "-w", "-t", table, "-I", chain, *rule)
        if not _is_on(state["sysctls"]):
            FORWARDING.write_text("1", encoding="ascii")

    def down(self) -> None:
        """Undo `up`, also where only a part of it was done or others have cleaned up meanwhile."""
        state = self._known()
        if state is not None:
            for table, chain, rule in self._rules():
                with contextlib.suppress(NetworkError):
                    _run("iptables", "-w", "-t", table, "-D", chain, *rule)
        with contextlib.suppress(NetworkError):
            _run("ip", "link", "delete", self._link)
        for handle in (self._inside, self._outside):
            while _is_mounted(handle):
                _run("umount", str(handle))
            handle.unlink(missing_ok=True)
        # A link that came meanwhile may be another engine's or a VPN's, which relies on forwarding by now.
        if state is not None and not _is_on(state["sysctls"]) and link_names() <= set(state["links"]):
            for path, value in state["sysctls"].items():
                with contextlib.suppress(FileNotFoundError):  # of a link that is gone
                    Path(path).write_text(value, encoding="ascii")
        self._state.unlink(missing_ok=True)

    def run_inside(self, *command: str) -> str:
        """Run a command of the machine in the namespace and return what it printed."""
        return _run(*self.enter(), *command)

    def enter(self) -> Sequence[str]:
        """What stands before a command that shall run in the namespace."""
        return ("nsenter", f"--net={self._inside}", "--")

    def _addresses(self, third: int) -> ipaddress.IPv4Network:
        state = self._known()
        assert state is not None, "up first"
        return list(ipaddress.IPv4Network(state["block"]).subnets(new_prefix=24))[third]

    def _known(self) -> dict[str, Any] | None:
        """What `up` found, None where it did not run."""
        if not self._state.exists():
            return None
        known: dict[str, Any] = json.loads(self._state.read_text(encoding="utf-8"))
        return known

    def _rules(self) -> list[tuple[str, str, list[str]]]:
        mine = ["-m", "comment", "--comment", f"te_assets tests {self._link}"]
        own = f"{self._addresses(0).network_address}/30"
        return [
            ("nat", "POSTROUTING", ["-s", own, "!", "-o", self._link, *mine, "-j", "MASQUERADE"]),
            ("filter", "FORWARD", ["-i", self._link, *mine, "-j", "ACCEPT"]),
            (
                "filter",
                "FORWARD",
                ["-o", self._link, "-m", "conntrack", "--ctstate", "RELATED,ESTABLISHED", *mine, "-j", "ACCEPT"],
            ),
        ]


def mark_of(folder: Path) -> str:
    """What names of an engine's links and groups have of its folder."""
    return hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:8]


def free_block(start: int) -> ipaddress.IPv4Network:
    """A block that no address and no route of this machine touches.

    Args:
        start: Where to begin; two engines that start at the same time begin at different places.

    Raises:
        NetworkError: There is none.
    """
    rows = [row.get("dst", "") for row in json.loads(_run("ip", "-j", "-4", "route", "show", "table", "all"))]
    taken = []
    for row in rows:
        with contextlib.suppress(ValueError):  # "default"
            taken.append(ipaddress.IPv4Network(row, strict=False))
    for number in range(len(BLOCKS)):
        block = BLOCKS[(start + number) % len(BLOCKS)]
        if not any(block.overlaps(other) for other in taken):
            return block
    raise NetworkError(
        f"Every network from {BLOCKS[0]} to {BLOCKS[-1]} overlaps with a route of this machine: there is no room for "
        "a Docker engine of the tests. Look at `ip route show table all`."
    )


def link_names() -> set[str]:
    """Names of the links of this namespace."""
    return {row["ifname"] for row in json.loads(_run("ip", "-j", "link", "show"))}


def _is_on(sysctls: dict[str, str]) -> bool:
    return sysctls[str(FORWARDING)].strip() != "0"


def _mtu_of_default_route() -> int:
    routes = json.loads(_run("ip", "-j", "-4", "route", "show", "default"))
    if not routes:
        return 1500
    (link,) = json.loads(_run("ip", "-j", "link", "show", routes[0]["dev"]))
    return int(link["mtu"])


def _is_mounted(handle: Path) -> bool:
    rows = Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    return any(row.split()[4] == str(handle) for row in rows)


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise NetworkError(f"{' '.join(command)}: exit status {done.returncode}. {done.stderr.strip()}")
    return done.stdout
