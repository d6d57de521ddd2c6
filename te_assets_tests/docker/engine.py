"""A Docker engine of the tests' own, which leaves nothing behind on the machine."""

from __future__ import annotations

import json
import os
import platform
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from te_assets.stack.process import log_tail
from te_assets_tests.docker.client import Client, DockerError
from te_assets_tests.docker.network import Network
from te_assets_tests.docker.picture import mounts_below

RELAY = Path(__file__).with_name("relay.py")
START_LIMIT = 60.0  # seconds
STOP_LIMIT = 60.0  # seconds: containers have 15 to end by themselves
KILL_LIMIT = 20.0  # seconds until a killed process is gone
LONGEST_SOCKET = 107  # bytes that the kernel takes for the path of a socket
PROGRAMS = {
    "dockerd": "docker.io",
    "docker": "docker-cli",
    "debootstrap": "debootstrap",
    "iptables": "iptables",
    "ip": "iproute2",
    "nsenter": "util-linux",
    "unshare": "mount and util-linux",
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
        self._process: subprocess.Popen[bytes] | None = None
        super().__init__({"DOCKER_HOST": f"unix://{self._socket}", "DOCKER_CONFIG": str(self._own)})

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
            raise DockerError(f"{self._socket}: too long for a socket. Start the engine in a folder with a shorter path.")
        self.folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        self._write_client_configuration()
        self._network.up()
        configuration = self.folder / "daemon.json"
        configuration.write_text(json.dumps({"mtu": self._network.mtu}), encoding="utf-8")
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

    def kill(self) -> None:
        """End everything at once, as a power cut does: dockerd, containerd and all that runs in containers.

        What such a machine keeps in memory is gone: state below the exec root, links, rules. `start` brings it back.
        """
        self._kill_processes()
        self._network.down()
        shutil.rmtree(self.folder / "exec", ignore_errors=True)
        for name in ("dockerd.pid", "docker.sock"):
            (self.folder / name).unlink(missing_ok=True)

    def stop(self) -> None:
        """Stop dockerd cleanly and remove whatever it has made."""
        if self.is_running:
            assert self._process is not None
            self._process.terminate()
            try:
                self._process.wait(STOP_LIMIT)
            except subprocess.TimeoutExpired:
                self._process.kill()
        groups = self._control_groups()
        self._kill_processes()
        self._network.down()
        for group in groups:
            _remove_groups(group)
        for mount in mounts_below(self.folder):
            subprocess.run(["umount", "--lazy", mount], check=False)
        if left := mounts_below(self.folder):
            raise DockerError(f"{self.folder}: still mounted: {', '.join(left)}. Unmount and remove the folder by hand.")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _answers(self) -> bool:
        assert self._process is not None
        if not self._socket.exists():
            try:
                self._process.wait(0.05)
            except subprocess.TimeoutExpired:
                return False
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
        until = time.monotonic() + KILL_LIMIT
        while pids := self.processes():
            for pid in pids:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
            if self._process is not None:
                self._process.poll()  # else it stays as a zombie
            if time.monotonic() > until:
                raise DockerError(f"{self.folder}: processes {pids} of this engine do not end after SIGKILL.")
        if self._process is not None:
            self._process.wait(KILL_LIMIT)
            self._process = None

    def processes(self) -> list[int]:
        """Everything that this engine runs: what is in its namespace, and the containers, which descend from that."""
        inode = self._network.inode
        if inode is None:
            return []
        parents, roots = {}, set()
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                fields = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
                if fields[0] == "Z":
                    continue
                parents[int(folder.name)] = int(fields[1])
                if (folder / "ns/net").stat().st_ino == inode:
                    roots.add(int(folder.name))
            except OSError:  # ended meanwhile
                continue
        return sorted(pid for pid in parents if _descends(pid, roots, parents))

    def _control_groups(self) -> list[Path]:
        """Groups of containers, which a container that was killed leaves behind."""
        containers = self.folder / "data/containers"
        names = [path.name for path in containers.iterdir()] if containers.is_dir() else []
        return [group for name in names for group in Path("/sys/fs/cgroup").glob(f"**/*{name}*") if group.is_dir()]


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


def _descends(pid: int, roots: set[int], parents: dict[int, int]) -> bool:
    while pid not in roots:
        if pid not in parents:
            return False
        pid = parents[pid]
    return True


def _remove_groups(group: Path) -> None:
    """Remove a control group and those below it, which are empty by now."""
    for path in [*sorted(group.glob("**/"), reverse=True)]:
        try:
            path.rmdir()
        except OSError:
            continue
