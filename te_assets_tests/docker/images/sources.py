"""Where this machine's apt gets Debian's packages from, for containers that shall get them from the same place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

APT = Path("/etc/apt")
SUITE = "bookworm"
OTHER_SUITES = ("trixie", "forky", "sid", "stable", "testing", "unstable", "bullseye")
"""Suites of the same archive: where one of these is served, so is bookworm."""


class SourceError(AssertionError):
    """The machine's apt knows no Debian."""


@dataclass(frozen=True)
class Source:
    """One suite of one archive."""

    uri: str
    suite: str
    components: tuple[str, ...]
    signed_by: str | None

    def stanza(self) -> str:
        """As a file of `sources.list.d` has it."""
        signed = f"Signed-By: {self.signed_by}\n" if self.signed_by else ""
        return f"Types: deb\nURIs: {self.uri}\nSuites: {self.suite}\nComponents: main\n{signed}"


def debian_sources(folder: Path = APT) -> list[Source]:
    """Sources of bookworm main, the archive itself first, then its updates and security as far as they are known.

    Raises:
        SourceError: There is none, nor one of another Debian.
    """
    found = [source for source in _sources(folder) if "main" in source.components]
    own = [source for source in found if source.suite == SUITE]
    if own:
        beside = [source for source in found if source.suite.startswith(f"{SUITE}-")]
        return [own[0], *{source.suite: source for source in beside}.values()]
    for source in found:
        if source.suite in OTHER_SUITES:
            return [Source(source.uri, SUITE, ("main",), source.signed_by)]
    raise SourceError(
        f"{folder}: no source of Debian main, from which the base image of the tests is made. Add one, or run these "
        "tests on Debian."
    )


def _sources(folder: Path) -> Iterator[Source]:
    lists = [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*.list"))]
    for path in filter(Path.is_file, lists):
        yield from _of_lines(path.read_text(encoding="utf-8"))
    for path in sorted((folder / "sources.list.d").glob("*.sources")):
        yield from _of_stanzas(path.read_text(encoding="utf-8"))


def _of_lines(text: str) -> Iterator[Source]:
    for line in text.splitlines():
        if parts := re.match(r"deb\s+(?:\[([^]]*)]\s+)?(\S+)\s+(\S+)\s+(.+)", line.partition("#")[0].strip()):
            options, uri, suite, components = parts.groups()
            signed = re.search(r"signed-by=(\S+)", options or "")
            yield Source(uri, suite, tuple(components.split()), signed[1] if signed else None)


def _of_stanzas(text: str) -> Iterator[Source]:
    without_comments = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for stanza in re.split(r"\n\s*\n", without_comments):
        fields = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in stanza.splitlines() if not line.startswith(" "))
        }
        if "deb" not in fields.get("types", "").split() or fields.get("enabled", "yes").lower() == "no":
            continue
        signed = fields.get("signed-by", "")
        for uri in fields.get("uris", "").split():
            for suite in fields.get("suites", "").split():
                components = tuple(fields.get("components", "").split())
                yield Source(uri.rstrip("/"), suite, components, signed if signed.startswith("/") else None)
