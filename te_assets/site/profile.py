"""Read a site profile from YAML; every fault is explained with file and line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from yaml.reader import ReaderError

from te_assets.errors import SiteError
from te_assets.site.consistency import Inconsistent
from te_assets.site.explaining import is_noise, sentence
from te_assets.site.model import Site
from te_assets.yaml_nodes import compose

FILE_NAME = "site.yaml"
_DEEPEST, _MOST_NODES = 50, 500_000
_REMEDIES: Mapping[str, str] = {
    "\\t": "indent with spaces, not with tabs",
    "mapping values are not allowed": "put text with a colon in quotes, or mend the indentation",
    "found another document": "remove the second ---: a site is one document",
    ", but got '": "mend the brackets: every [ needs its ], every { its }",
    "undefined alias": "a text that begins with * needs quotes",
}


class ProfileFaulty(SiteError):
    """The profile cannot be used; the message lists every fault with its line."""


def load_site(path: Path) -> Site:
    """Read and check a profile.

    Args:
        path: The YAML file, or the folder that holds it as `site.yaml`.

    Raises:
        ProfileFaulty: when the file cannot be read, is not YAML, or is no consistent profile.
    """
    file = path / FILE_NAME if path.is_dir() else path
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ProfileFaulty(f"{file}: no site profile there. Create one with: te-assets site init DIR") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileFaulty(
            f"{file}: cannot be read ({error}). Save it as UTF-8 text that this user may read."
        ) from error
    return parse_site(text, name=file.name)


@lru_cache(maxsize=10)  # the assets of a run ask for the same profile a dozen times
def parse_site(text: str, *, name: str = FILE_NAME) -> Site:
    """Read and check a profile from text; `name` stands in messages.

    Raises:
        ProfileFaulty: when the text is not YAML, or is no consistent profile.
    """
    try:
        # Plain scalars stay text and the model types them: YAML 1.1 reads 14:00 as 840 and 0001 as 1.
        root = compose(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ProfileFaulty(f"{name}, line {line}: not YAML: {error.problem}; {_mend(error.problem or '')}.") from error
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        what = f"the character {chr(error.character)!r} may not stand in YAML; remove it"
        raise ProfileFaulty(f"{name}, line {line}: not YAML: {what}.") from error
    except RecursionError as error:
        raise ProfileFaulty(f"{name}: is nested too deeply. A profile has no more than ten levels.") from error
    if not isinstance(root, yaml.MappingNode):
        raise ProfileFaulty(f"{name}: is empty or not a mapping. A profile begins with `name:` and `plants:`.")
    data = _Plain(name).of(root)
    try:
        return Site.model_validate(data)
    except ValidationError as error:
        lines = sorted(set(_explain(error, root, name)))
        raise ProfileFaulty("\n".join(text for _, text in lines)) from error


class _Plain:
    """Turns nodes into text, lists and dicts; refuses a profile that points at itself or repeats itself without end."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._nodes = 0

    def of(self, node: yaml.Node, depth: int = 0) -> Any:
        """The node as plain data.

        Raises:
            ProfileFaulty: for a key that stands twice, which YAML would let pass, and for a profile without end.
        """
        self._nodes += 1
        if depth > _DEEPEST or self._nodes > _MOST_NODES:
            raise self._faulty(node, "repeats itself without end; write out what the *names stand for")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.of(item, depth + 1) for item in node.value]
        return None if node.tag == "tag:yaml.org,2002:null" else node.value

    def _mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self._faulty(key, "a key must be plain text; put it in quotes")
            if key.value in result:
                raise self._faulty(key, f"{key.value!r} stands twice; remove one")
            result[key.value] = self.of(value, depth + 1)
        return result

    def _faulty(self, node: yaml.Node, what: str) -> ProfileFaulty:
        return ProfileFaulty(f"{self._name}, line {node.start_mark.line + 1}: {what}.")


def _mend(problem: str) -> str:
    """What to do about YAML's own complaint."""
    for sign, remedy in _REMEDIES.items():
        if sign in problem:
            return remedy
    return "mend the line, or the one before it"


def _explain(error: ValidationError, root: yaml.Node, name: str) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    faults = error.errors()
    for fault in faults:
        cause = fault.get("ctx", {}).get("error")
        places: Sequence[tuple[Sequence[str | int], str]]
        if isinstance(cause, Inconsistent):
            places = [(inner.path, inner.message) for inner in cause.faults]
        else:
            places = [] if is_noise(fault, faults) else [(fault["loc"], sentence(fault))]
        for path, message in places:
            steps = [step for step in path if step != "[key]"]
            line = _line_of(root, steps)
            found.append((line, f"{name}, line {line}: {'.'.join(map(str, steps))}: {message}"))
    return found


def _line_of(root: yaml.Node, path: Sequence[str | int]) -> int:
    """Line, from 1, of the deepest node on `path` that exists."""
    node, line = root, root.start_mark.line
    for step in path:
        if isinstance(node, yaml.MappingNode):
            hit = next(((key, value) for key, value in node.value if key.value == str(step)), None)
            if hit is None:
                break
            line, node = hit[0].start_mark.line, hit[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line
        else:
            break
    return line + 1
