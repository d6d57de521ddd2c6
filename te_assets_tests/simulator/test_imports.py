"""The simulator is the referee: it may share no code with what it judges."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import te_assets.simulator

PACKAGE = Path(te_assets.simulator.__file__).parent


def imported_modules(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide what is imported"
            yield node.module or ""


@pytest.mark.parametrize("module", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.stem)
def test_imports_nothing_of_the_product_but_itself(module: Path) -> None:
    of_product = {name for name in imported_modules(module.read_text()) if name.split(".")[0] == "te_assets"}

    assert {name for name in of_product if not name.startswith("te_assets.simulator")} == set()
    assert "import_module" not in module.read_text()
