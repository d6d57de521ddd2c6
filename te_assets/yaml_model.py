"""From YAML text to a validated model, with the line that each fault stands on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from yaml.constructor import SafeConstructor

from te_assets.errors import TeAssetsError
from te_assets.yaml_nodes import compose

Parsed = TypeVar("Parsed", bound=BaseModel)


@dataclass(frozen=True)
class Document:
    """What a kind of YAML file is called in messages.

    Attributes:
        kind: As "contract"; its plural has an s.
        first: Key that it begins with.
        fault: What is raised when it is wrong.
    """

    kind: str
    first: str
    fault: type[TeAssetsError]

    def read(self, path: Path) -> str:
        """Text of a file.

        Raises:
            TeAssetsError: `fault`: it cannot be read as UTF-8.
        """
        try:
            return path.read_text(encoding="utf-8-sig")
        except OSError as error:
            msg = f"{path}: cannot be read ({error.strerror}). Check the path and the permissions."
            raise self.fault(msg) from error
        except UnicodeDecodeError as error:
            msg = f"{path}: is not UTF-8 (byte {error.start}). Save it as UTF-8."
            raise self.fault(msg) from error

    def parse(self, model: type[Parsed], text: str, origin: str) -> Parsed:
        """Parse and validate YAML; `origin` stands in messages.

        Raises:
            TeAssetsError: `fault`: with one line per fault: origin, line, place, what is wrong.
        """
        try:
            root = compose(text)
            self._refuse_repeated_keys(root, origin)
            data = None if root is None else SafeConstructor().construct_document(root)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            msg = f"{origin}, line {line}: is no YAML: {error.problem}. Mend the line."
            raise self.fault(msg) from error
        except yaml.YAMLError as error:
            msg = f"{origin}: is no YAML: {error}. Mend the file."
            raise self.fault(msg) from error
        if not isinstance(data, dict):
            msg = (
                f"{origin}, line 1: a {self.kind} is a YAML mapping that begins with {self.first}:, this is "
                f"{type(data).__name__}."
            )
            raise self.fault(msg)
        try:
            return model.model_validate(data)
        except ValidationError as error:
            faults = [line for fault in error.errors() for line in self._describe(fault, root, origin)]
            raise self.fault("\n".join(dict.fromkeys(faults))) from error

    def _describe(self, fault: ErrorDetails, root: yaml.Node | None, origin: str) -> Iterator[str]:
        place = [part for part in fault["loc"] if part != "[key]"]
        what = fault["msg"].removeprefix("Value error, ")
        if not place:  # the document as a whole: each line begins with the place that it speaks of
            for line in what.splitlines():
                names = line.partition(":")[0].split(".")
                yield f"{origin}, line {_find(root, names)[0]}: {line}"
            return
        number, known = _find(root, place)
        where = ".".join(str(part) for part in known)
        if fault["type"] == "extra_forbidden":
            what = f"is not a key of {self.kind}s; remove it or mend its spelling"
        elif fault["type"] == "missing":
            where, what = ".".join([*(str(part) for part in known), str(place[-1])]), "is missing; add it"
        yield f"{origin}, line {number}: {where + ': ' if where else ''}{what}"

    def _refuse_repeated_keys(self, node: yaml.Node | None, origin: str) -> None:
        """PyYAML keeps the last of two equal keys in silence: a column would vanish."""
        if isinstance(node, yaml.MappingNode):
            seen: dict[str, int] = {}
            for key, value in node.value:
                if key.value in seen and key.tag != "tag:yaml.org,2002:merge":
                    msg = (
                        f"{origin}, line {key.start_mark.line + 1}: {key.value!r} stands here and on line "
                        f"{seen[key.value]}; keep one"
                    )
                    raise self.fault(msg)
                seen[key.value] = key.start_mark.line + 1
                self._refuse_repeated_keys(value, origin)
        elif isinstance(node, yaml.SequenceNode):
            for item in node.value:
                self._refuse_repeated_keys(item, origin)


def _find(root: yaml.Node | None, place: Sequence[int | str]) -> tuple[int, list[int | str]]:
    """Line of the innermost key or item on the way to a place, and the way; union members have no node of their own."""
    node, line, known = root, 1, list[int | str]()
    for part in place:
        if isinstance(node, yaml.MappingNode):
            following = next(((key, value) for key, value in node.value if key.value == str(part)), None)
            if following is None:
                continue
            key, node = following
            line = key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and (item := _item(node, part)) is not None:
            node, line = item, item.start_mark.line + 1
        else:
            continue
        known.append(part)
    return line, known


def _item(node: yaml.SequenceNode, part: int | str) -> yaml.Node | None:
    """The item of a list by its number, or by its name (of a stand-in: the missing field)."""
    items: list[yaml.Node] = node.value
    if isinstance(part, int):
        return items[part] if part < len(items) else None
    for item in items:
        for key, value in item.value if isinstance(item, yaml.MappingNode) else ():
            if key.value in ("name", "missing") and value.value == part:
                return item
    return None
