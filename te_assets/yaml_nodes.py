"""YAML text → nodes that know their lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import yaml


def compose(text: str) -> yaml.Node | None:
    """The document's root; None where there is nothing.

    Raises:
        yaml.YAMLError: The text is no YAML, in the words of the parser that says more.
        RecursionError: It is nested too deeply.
    """
    import yaml

    fast = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml, ten times as fast where the wheel has it
    try:
        return yaml.compose(text, Loader=fast)
    except (yaml.YAMLError, UnicodeEncodeError):
        return yaml.compose(text, Loader=yaml.SafeLoader)
