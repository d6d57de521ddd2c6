"""Read a site profile from YAML; every fault is explained with file and line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from te_assets.errors import SiteError
from te_assets.site.consistency import Inconsistent
from te_assets.site.model import Site

FILE_NAME = "site.yaml"


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


def parse_site(text: str, *, name: str = FILE_NAME) -> Site:
    """Read and check a profile from text; `name` stands in messages.

    Raises:
        ProfileFaulty: when the text is not YAML, or is no consistent profile.
    """
    try:
        # Plain scalars stay text and the model types them: YAML 1.1 reads 14:00 as 840 and 0001 as 1.
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ProfileFaulty(f"{name}, line {line}: not YAML: {error.problem}.") from error
    except yaml.YAMLError as error:
        raise ProfileFaulty(f"{name}: not YAML: {error}.") from error
    if not isinstance(root, yaml.MappingNode):
        raise ProfileFaulty(f"{name}: is empty or not a mapping. A profile begins with `name:` and `plants:`.")
    data = _plain(root, name)
    try:
        return Site.model_validate(data)
    except ValidationError as error:
        lines = sorted(set(_explain(error, root, name)))
        raise ProfileFaulty("\n".join(text for _, text in lines)) from error


def _plain(node: yaml.Node, name: str) -> Any:
    """A node as text, list or dict.

    Raises:
        ProfileFaulty: for a key that stands twice, which YAML would let pass.
    """
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise ProfileFaulty(f"{name}, line {key.start_mark.line + 1}: a key must be plain text.")
            if key.value in result:
                raise ProfileFaulty(f"{name}, line {key.start_mark.line + 1}: {key.value!r} stands twice; remove one.")
            result[key.value] = _plain(value, name)
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, name) for item in node.value]
    return None if node.tag == "tag:yaml.org,2002:null" else node.value


def _explain(error: ValidationError, root: yaml.Node, name: str) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for fault in error.errors():
        cause = fault.get("ctx", {}).get("error")
        places: Sequence[tuple[Sequence[str | int], str]]
        if isinstance(cause, Inconsistent):
            places = [(inner.path, inner.message) for inner in cause.faults]
        else:
            message = str(cause) if cause is not None else fault["msg"]
            places = [(fault["loc"], _hint(fault["type"], message, fault["loc"]))]
        for path, message in places:
            line = _line_of(root, path)
            found.append((line, f"{name}, line {line}: {'.'.join(map(str, path))}: {message}"))
    return found


def _hint(kind: str, message: str, path: Sequence[str | int]) -> str:
    """Pydantic's sentence, with what to do where it only says what is."""
    own: Mapping[str, str] = {
        "missing": f"{path[-1] if path else 'it'!s} is missing; add it",
        "extra_forbidden": "the profile has no such key; remove it or correct its spelling",
    }
    return own.get(kind, message)


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
