"""What leaves this repository: every file the package needs, and nothing that belongs to one machine."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import pytest

from te_assets.settings import Settings

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "te_assets"
PAGES = PACKAGE / "dashboard" / "static"
"""What `make frontend` has built, or not."""
SHIPPED = {".sql", ".yaml", ".jinja", ".lock", ".json", ".xml", ".typed"}


@cache
def tracked() -> tuple[Path, ...]:
    """Text files of the repository, tracked or to be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return tuple(path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file())


def package_data() -> list[str]:
    """The patterns of setup.py, read without running it."""
    tree = ast.parse((ROOT / "setup.py").read_text(encoding="utf-8"))
    setup = next(
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "setup"
    )
    given = next(keyword.value for keyword in setup.keywords if keyword.arg == "package_data")
    patterns: list[str] = ast.literal_eval(given)["te_assets"]
    return patterns


def test_every_data_file_of_the_package_is_installed_with_it() -> None:
    """The wheel lacked the SQL of a new folder; only the checkout worked."""
    matched = {path for pattern in package_data() for path in PACKAGE.glob(pattern)}
    needed = {path for path in PACKAGE.rglob("*") if path.suffix in SHIPPED and "__pycache__" not in path.parts}

    assert needed
    assert sorted(str(path.relative_to(PACKAGE)) for path in needed - matched) == []


def test_the_package_holds_no_file_that_would_be_left_out() -> None:
    others = {
        path.suffix
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix not in SHIPPED | {".py"}
        if PAGES not in path.parents
    }

    assert others == set()


def test_the_wheel_has_the_pages_with_all_that_they_are_made_of(tmp_path: Path) -> None:
    """Built in a copy of the checkout, where setuptools leaves what it makes."""
    copy = tmp_path / "copy"
    for path in tracked():
        if path.is_relative_to(PACKAGE) or path.parent == ROOT:
            target = copy / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    built = ["index.html", "main-S3UUOMTP.js", "favicon.svg", "media/roboto-ABCDEFGH.woff2"]
    for name in built:
        page = copy / PAGES.relative_to(ROOT) / name
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(name, encoding="utf-8")
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"),
            *("--no-build-isolation", "--no-index", "--wheel-dir", str(tmp_path / "dist"), str(copy)),
        ],
        check=True,
        timeout=120,
    )
    (wheel,) = (tmp_path / "dist").glob("te_assets-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())

    assert {f"te_assets/dashboard/static/{name}" for name in built} <= held
    ours = {str(path.relative_to(ROOT)) for path in tracked() if path.is_relative_to(PACKAGE)}
    assert ours - held == set()
    assert [name for name in held if name.startswith("te_assets_tests/")] == []


def test_every_folder_with_python_files_is_a_package() -> None:
    """find_packages passes over folders without __init__.py."""
    folders = {path.parent for path in PACKAGE.rglob("*.py")}

    assert [str(folder.relative_to(ROOT)) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_the_example_of_the_environment_names_exactly_the_settings() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = re.findall(r"^#?(TE_[A-Z_]+)=", text, flags=re.MULTILINE)

    assert sorted(named) == sorted(f"TE_{name.upper()}" for name in Settings.model_fields)


# Put together from parts, so that this file does not name what it looks for.
HOSTS = [
    "".join(parts)
    for parts in (
        ("pypi", ".org"),
        ("python", "hosted.org"),
        ("registry", ".npm", "js"),
        ("repo1.", "maven"),
        ("maven", ".org"),
        ("docker", ".io"),
        ("gcr", ".io"),
        ("quay", ".io"),
        ("arti", "factory"),
    )
]
OPTIONS = ["".join(parts) for parts in (("--index", "-url"), ("--extra-index", "-url"), ("--trusted", "-host"))]
# Of Kafka's image, /mnt/shared/config is where it looks for its configuration.
FOLDERS = ["home/", "root/", "Users/", "wo" + "rk/", "mnt/(?!shared/config)"]
MACHINE_PATH = re.compile(r"(?<![\w./~$}-])/(?:" + "|".join(FOLDERS) + ")")
LOCK = {".lock"}


def offences(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for path in tracked():
        if path == Path(__file__):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
            for number, line in enumerate(text.splitlines(), 1)
            if pattern.search(line)
        ]
    return found


def test_no_file_names_a_registry_host() -> None:
    """Where packages come from is a matter of the machine, not of the product."""
    assert offences(re.compile("|".join(re.escape(word) for word in (*HOSTS, *OPTIONS)), re.IGNORECASE)) == []


def test_no_file_names_a_path_of_one_machine() -> None:
    assert offences(MACHINE_PATH) == []
