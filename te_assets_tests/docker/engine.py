"""A Docker engine of the tests' own, which leaves nothing behind on the machine."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import shlex
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from te_assets.stack.process import log_tail
from te_assets_tests.docker.client import Client, DockerError
from te_assets_tests.docker.network import Network
from te_assets_tests.docker.picture import mounts_below

CONTROL_GROUPS = Path("/sys/fs/cgroup")
RELAY = Path(__file__).with_name("relay.py")
START_LIMIT = 60.0  # seconds
STOP_LIMIT = 60.0  # seconds: containers have 15 to end by themselves
KILL_LIMIT = 20.0  # seconds until a killed process is gone
LONGEST_SOCKET = 107  # bytes that the kernel takes for the path of a socket
PROGRAMS = {
    "dockerd": "docker" + ".io",  # apart: a registry has the same name
    "docker": "docker-cli",
    "debootstrap": "debootstrap",
    "iptables": "iptables",
    "ip": "iproute2",
    "nsenter": "util-linux",
    "unshare": "util-linux",
}
"""Programs and the packages of Debian that bring them."""


class Engine(Client):
    """dockerd in a folder: `start`, `stop`, and `kill` for those who test what a power cut does."""

    def __init__(self, folder: Path) -> None:
        """Nothing is started or written yet.

        Args:
            folder: Takes images, volumes, socket and log; `stop` removes it.
        """
        self.folder = folder.resolve()
        self.log = self.folder / "dockerd.log"
        self._socket = self.folder / "docker.sock"
        self._own = self.folder / "client"
        self._network = Network(self.folder)
        self._groups = f"te-docker-{self._network.mark}"
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: subprocess.Popen[bytes] | None = None
        super().__init__({"DOCKER_HOST": f"unix://{self._socket}", "DOCKER_CONFIG": str(self._own)})

    @property
    def machine_address(self) -> str:
        """Where containers find the machine itself."""
        return self._network.machine_address

    @property
    def is_running(self) -> bool:
        """Whether dockerd lives."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start dockerd and wait until it answers.

        Raises:
            DockerError: It ended or did not answer.
        """
        if self.is_running:
            return
        if len(str(self._socket).encode()) > LONGEST_SOCKET:
            raise DockerError(
                f"{self._socket}: too long for a socket. Start the engine in a folder with a shorter path."
            )
        self.folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        self._write_client_configuration()
        self._start_guard()
        self._network.up()
        configuration = self.folder / "daemon.json"
        configuration.write_text(json.dumps(self._configuration()), encoding="utf-8")
        proxy = self.folder / "docker-proxy"
        words = [sys.executable, "-I", "-S", str(RELAY), str(self._network.outside)]
        proxy.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n', encoding="utf-8")
        proxy.chmod(0o755)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    # Its mounts are seen by nobody else, and end with its last process.
                    *("unshare", "--mount", "--propagation", "slave", "--", *self._network.enter()),
                    *("dockerd", "--config-file", str(configuration)),
                    *("--data-root", str(self.folder / "data"), "--exec-root", str(self.folder / "exec")),
                    *("--pidfile", str(self.folder / "dockerd.pid"), "-H", self.environment["DOCKER_HOST"]),
                    *("--bip", self._network.bridge_address, "--default-address-pool", self._network.pool),
                    *("--userland-proxy-path", str(proxy)),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until = time.monotonic() + START_LIMIT
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                how = "ended" if self._process.poll() is not None else f"did not answer for {START_LIMIT:.0f} s"
                raise DockerError(f"dockerd in {self.folder} {how}.{log_tail(self.log)}")

    def _configuration(self) -> dict[str, object]:
        """What has no option on the command line, or reads better here."""
        own: dict[str, object] = {"mtu": self._network.mtu}
        if not Path("/run/systemd/system").is_dir():  # there systemd keeps the groups, and wants other names
            own["cgroup-parent"] = f"/{self._groups}"
        return own

    def kill(self) -> None:
        """End everything at once, as a power cut does: dockerd, containerd and all that runs in containers.

        What such a machine keeps in memory is gone: state below the exec root, links, rules. `start` brings it back.
        """
        self._kill_processes()
        self._network.down()
        self._remove_control_groups()
        shutil.rmtree(self.folder / "exec", ignore_errors=True)
        for name in ("dockerd.pid", "docker.sock"):
            (self.folder / name).unlink(missing_ok=True)

    def stop(self) -> None:
        """Stop dockerd cleanly and remove whatever it has made, also where another process has started it.

        Raises:
            DockerError: Something of it cannot be ended or unmounted.
        """
        try:
            self._ask_to_end()
            self._kill_processes()
            self._network.down()
            self._remove_control_groups()
            for mount in mounts_below(self.folder):
                subprocess.run(["umount", "--lazy", mount], check=False)
            if left := mounts_below(self.folder):
                raise DockerError(f"{self.folder}: still mounted: {', '.join(left)}. Unmount them, remove the folder.")
            remove(self.folder)
        finally:
            if self._guard is not None:
                self._guard.communicate()
                self._guard = None

    def _start_guard(self) -> None:
        """Somebody who cleans up should this process end without."""
        if self._guard is None:
            self._guard = subprocess.Popen(
                [sys.executable, "-m", __name__, str(self.folder)],
                stdin=subprocess.PIPE,
                cwd=Path(__file__).parents[2],
                start_new_session=True,
            )

    def _ask_to_end(self) -> None:
        pidfile = self.folder / "dockerd.pid"
        pid = int(pidfile.read_text(encoding="ascii")) if pidfile.exists() else None
        until = time.monotonic() + STOP_LIMIT
        if pid in self.processes():
            os.kill(pid, signal.SIGTERM)
        while pid in self.processes() and time.monotonic() < until:
            self._wait(0.1)

    def _wait(self, seconds: float) -> None:
        """Wait, or less where dockerd ends."""
        if self._process is None:
            time.sleep(seconds)
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)

    def _answers(self) -> bool:
        if not self._socket.exists():
            self._wait(0.05)
            return False
        try:
            self.docker("info", "--format", "{{.ID}}", timeout=10.0)
        except DockerError:
            return False
        return True

    def _write_client_configuration(self) -> None:
        """A configuration of the client with nothing of the user's but the plugins and proxies."""
        self._own.mkdir(mode=0o700, exist_ok=True)
        users = Path(os.environ.get("DOCKER_CONFIG", Path.home() / ".docker"))
        known = json.loads((users / "config.json").read_text("utf-8")) if (users / "config.json").exists() else {}
        mine = {"cliPluginsExtraDirs": [*known.get("cliPluginsExtraDirs", []), str(users / "cli-plugins")]}
        if "proxies" in known:
            mine["proxies"] = known["proxies"]
        (self._own / "config.json").write_text(json.dumps(mine), encoding="utf-8")

    def _kill_processes(self) -> None:
        caught: set[int] = set()
        while fresh := set(self.processes()) - caught:  # what is stopped starts nothing any more
            for pid in fresh:
                _send(pid, signal.SIGSTOP)
            caught |= fresh
        for pid in caught:
            _send(pid, signal.SIGKILL)
        until = time.monotonic() + KILL_LIMIT
        while left := caught.intersection(_parents()):
            if time.monotonic() > until:
                raise DockerError(f"{self.folder}: processes {sorted(left)} of this engine do not end after SIGKILL.")
            self._wait(0.02)
        if self._process is not None:
            self._process.wait(KILL_LIMIT)
            self._process = None

    def processes(self) -> list[int]:
        """Everything that this engine runs: what is in its namespace, and the containers, which descend from that."""
        inode = self._network.inode
        if inode is None:
            return []
        parents = _parents()
        roots = {pid for pid in parents if _namespace(pid) == inode}
        return sorted(pid for pid in parents if _descends(pid, roots, parents))

    def _remove_control_groups(self) -> None:
        """Containers that were killed leave theirs behind, and builds do."""
        own = [group for depth in ("*", "*/*") for group in CONTROL_GROUPS.glob(f"{depth}/{self._groups}")]
        for group in [*own, CONTROL_GROUPS / self._groups]:
            for path in sorted(group.glob("**/"), reverse=True):
                with contextlib.suppress(OSError):  # a kernel that has not quite buried the last process
                    path.rmdir()


def why_not_here() -> str | None:
    """Why an engine of the tests cannot run on this machine; None where it can."""
    if not sys.platform.startswith("linux"):
        return f"a Docker engine of the tests' own needs Linux, this is {platform.system()}"
    if platform.machine() != "x86_64":
        return f"the stand-ins for images are made for x86-64, this is {platform.machine()}"
    if os.geteuid() != 0:
        return "a Docker engine of the tests' own needs root"
    for program, package in PROGRAMS.items():
        if shutil.which(program) is None:
            return f"{program} is not installed; on Debian: apt-get install {package}"
    for plugin in ("compose", "buildx"):
        try:
            Client().docker(plugin, "version")
        except DockerError:
            return f"docker {plugin} is not installed; on Debian: apt-get install docker-{plugin}"
    return None


def remove(folder: Path) -> None:
    """Remove an engine's folder, several layers of images at a time: each of their many files waits for the disk."""
    with ThreadPoolExecutor(8) as pool:
        for layer in folder.glob("data/overlay2/*/"):
            pool.submit(shutil.rmtree, layer, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def _parents() -> dict[int, int]:
    """Every process that lives, and its parent."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # ended meanwhile
            state, parent, *_ = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if state not in "ZX":
                found[int(path.parent.name)] = int(parent)
    return found


def _namespace(pid: int) -> int | None:
    try:
        return Path(f"/proc/{pid}/ns/net").stat().st_ino
    except OSError:  # ended meanwhile
        return None


def _send(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _descends(pid: int, roots: set[int], parents: dict[int, int]) -> bool:
    while pid not in roots:
        if pid not in parents:
            return False
        pid = parents[pid]
    return True


def _guard(folder: Path) -> None:
    """Wait for the end of the process that holds our standard input, and clean up where it has not."""
    sys.stdin.read()
    if folder.exists():
        Engine(folder).stop()


if __name__ == "__main__":
    _guard(Path(sys.argv[1]))
