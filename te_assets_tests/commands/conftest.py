"""The stack as commands and Dagster's resources find it, in the environment; and commands as the shell calls them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from te_assets.cli import main
from te_assets_tests.assets.deliveries import enter
from te_assets_tests.conftest import Stack


@pytest.fixture
def plant(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Stack:
    """Empty topics and databases, named by the environment; the simulator's site."""
    return enter(stack, monkeypatch)


@dataclass(frozen=True)
class Answer:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    def about(self, name: str) -> str:
        """The lines on standard error that begin with a file's name."""
        return "\n".join(line for line in self.err.splitlines() if line.startswith(f"{name}: "))


Run = Callable[..., Answer]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Calls te-assets as the shell does."""

    def called(*arguments: object) -> Answer:
        monkeypatch.setattr(sys, "argv", ["te-assets", *map(str, arguments)])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return called
