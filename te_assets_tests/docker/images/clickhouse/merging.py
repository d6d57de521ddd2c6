"""Joins the files of a ClickHouse configuration as the server does. Needs the standard library alone."""

from __future__ import annotations

import os
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOTS = ("clickhouse", "yandex")
DIRECTIVES = ("replace", "remove", "from_env", "incl", "from_zk", "hide_in_preprocessed")
"""Attributes that say what to do with an element and are no part of what it is."""


class ConfigurationError(Exception):
    """A file that the server would refuse, or that asks for what is not known here."""


def merged(main: Path, environment: Mapping[str, str] = os.environ) -> ET.Element:
    """A configuration: the main file, then the files of `<its name>.d` and of `conf.d`, in the order of their paths.

    Args:
        main: config.xml or users.xml.
        environment: For elements with `from_env`.

    Raises:
        ConfigurationError: A file cannot be used.
    """
    root = _parse(main)
    for path in _beside(main):
        other = _parse(path)
        if other.tag not in ROOTS or root.tag not in ROOTS:
            raise ConfigurationError(f"{path}: the outermost element is <{other.tag}>, not <clickhouse>.")
        merge(root, other)
    for element in root.iter():
        _substitute(element, environment)
    return root


def merge(base: ET.Element, other: ET.Element) -> None:
    """Bring the children of one element into another.

    Each child meets the first one of the same name and attributes that no child before it has met. It is joined with
    that, stands in its place (`replace`), or takes it away (`remove`). Whom it meets nobody stands at the end.
    """
    waiting = list(base)
    base.text = other.text if other.text and other.text.strip() else None
    for child in other:
        met = next((one for one in waiting if identity(one) == identity(child)), None)
        if met is not None:
            waiting.remove(met)
        if "remove" in child.attrib and "replace" in child.attrib:
            raise ConfigurationError(f"<{child.tag}> says both remove and replace.")
        if "remove" in child.attrib:
            if met is not None:
                base.remove(met)
        elif met is None:
            base.append(child)
        elif child.attrib.pop("replace", None) is not None:
            base[list(base).index(met)] = child
        else:
            met.attrib.update(child.attrib)
            merge(met, child)


def identity(element: ET.Element) -> tuple[str, tuple[tuple[str, str], ...]]:
    """By what two elements are the same to the server."""
    return element.tag, tuple(sorted((name, value) for name, value in element.items() if name not in DIRECTIVES))


def _beside(main: Path) -> Iterator[Path]:
    folders = {main.with_suffix(".d"), main.with_name("conf.d")}
    files = sorted(path for folder in folders if folder.is_dir() for path in folder.iterdir())
    for path in files:
        if path.name.startswith(".") or path.suffix not in {".xml", ".conf", ".yaml", ".yml"}:
            continue
        if path.suffix in {".yaml", ".yml"}:
            raise ConfigurationError(f"{path}: the stand-in reads XML alone. Write it as XML.")
        yield path


def _parse(path: Path) -> ET.Element:
    try:
        return ET.parse(path).getroot()
    except (OSError, ET.ParseError) as error:
        raise ConfigurationError(f"{path}: {error}.") from error


def _substitute(element: ET.Element, environment: Mapping[str, str]) -> None:
    if unknown := {"incl", "from_zk"} & set(element.attrib):
        raise ConfigurationError(f"<{element.tag}>: the stand-in does not know {', '.join(sorted(unknown))}.")
    if (name := element.attrib.pop("from_env", None)) is not None:
        if name not in environment:
            raise ConfigurationError(f"<{element.tag}>: there is no variable {name} in the environment.")
        element.text = environment[name]
    for directive in ("replace", "remove", "hide_in_preprocessed"):
        element.attrib.pop(directive, None)
