"""`debian:bookworm-slim`, made by debootstrap from where this machine's apt gets its packages."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from te_assets_tests.docker.client import Client, DockerError
from te_assets_tests.docker.images.sources import SUITE, debian_sources

TAG = "debian:bookworm-slim"
BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
BUNDLE_VARIABLES = ("NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
INDEX_VARIABLES = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX", "NPM_CONFIG_REGISTRY")
CONFIGURATION = (
    Path("/etc/pip.conf"),
    Path.home() / ".config/pip/pip.conf",
    Path.home() / ".pip/pip.conf",
    Path("/etc/npmrc"),
    Path("/usr/etc/npmrc"),
    Path.home() / ".npmrc",
)
"""Where pip and npm look; copied to the same paths, so that builds get packages as this machine does."""
APT_OPTIONS = ("Acquire::http", "Acquire::https", "Acquire::Check-", "Acquire::Retries", "Acquire::ForceIPv")
SLIM = ("./usr/share/doc/*", "./usr/share/man/*", "./usr/share/info/*", "./usr/share/locale/*")
NOT_KEPT = ("./var/cache/apt/*", "./var/lib/apt/lists/*", "./var/log/*", "./debootstrap")
DPKG = "".join(f"path-exclude {pattern.lstrip('.')}\n" for pattern in SLIM) + "force-unsafe-io\n"


def make_base(client: Client, scratch: Path) -> None:
    """Make the image in an engine.

    Args:
        client: The engine.
        scratch: An empty folder; emptied again.

    Raises:
        DockerError: debootstrap failed.
    """
    archive, *beside = debian_sources()
    with _in_memory(scratch) as root:
        keyring = ["--keyring", archive.signed_by] if archive.signed_by else []
        command = ["debootstrap", "--variant=minbase", *keyring, SUITE, str(root), archive.uri]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        if done.returncode != 0:
            last = "\n".join((done.stdout + done.stderr).splitlines()[-20:])
            raise DockerError(f"debootstrap of {SUITE} failed with exit status {done.returncode}:\n{last}")
        (root / "etc/apt/sources.list").unlink(missing_ok=True)
        stanzas = "\n".join(source.stanza() for source in (archive, *beside))
        _write(root / "etc/apt/sources.list.d/debian.sources", stanzas)
        _write(root / "etc/apt/apt.conf.d/90machine", _apt_options())
        _write(root / "etc/dpkg/dpkg.cfg.d/docker", DPKG)
        _write(root / "usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n", mode=0o755)
        keyrings = {Path(source.signed_by) for source in (archive, *beside) if source.signed_by}
        own_authorities = Path("/usr/local/share/ca-certificates").glob("**/*.crt")
        for path in (BUNDLE, *CONFIGURATION, *keyrings, *own_authorities):
            if path.is_file():
                _copy(path, root)
        _import(client, root)


def _import(client: Client, root: Path) -> None:
    environment = {name: str(BUNDLE) for name in BUNDLE_VARIABLES if os.environ.get(name)}
    environment |= {name: os.environ[name] for name in INDEX_VARIABLES if os.environ.get(name)}
    changes = ['CMD ["bash"]', *(f'ENV {name}="{value}"' for name, value in environment.items())]
    tar = subprocess.Popen(
        ["tar", "-C", str(root), *(f"--exclude={pattern}" for pattern in (*SLIM, *NOT_KEPT)), "-c", "."],
        stdout=subprocess.PIPE,
    )
    done = subprocess.run(
        ["docker", "import", *(word for change in changes for word in ("--change", change)), "-", TAG],
        stdin=tar.stdout,
        capture_output=True,
        text=True,
        env={**os.environ, **client.environment},
        check=False,
    )
    assert tar.stdout is not None
    tar.stdout.close()
    if tar.wait() != 0 or done.returncode != 0:
        raise DockerError(f"docker import of {TAG} failed: {done.stderr.strip()}")


@contextmanager
def _in_memory(folder: Path) -> Iterator[Path]:
    """A file system of its own without a disk below: dpkg waits for the disk after each file."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1g,mode=0755", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        # debootstrap leaves /proc and /sys mounted where it was interrupted.
        subprocess.run(["umount", "--recursive", str(folder)], check=True)


def _apt_options() -> str:
    """How this machine's apt goes out: proxies, checks and tries."""
    dump = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=True).stdout
    own = "".join(f"{line}\n" for line in dump.splitlines() if line.startswith(APT_OPTIONS) and '""' not in line)
    return f'Acquire::Languages "none";\n{own}'


def _write(path: Path, text: str, mode: int = 0o644) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


def _copy(path: Path, root: Path) -> None:
    target = root / path.relative_to("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)
    shutil.copymode(path, target)
