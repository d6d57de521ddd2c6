"""`te-assets send` as README says it, with a gateway of the home's own and with another one."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from te_assets.gateway.tokens import TokenFile
from te_assets_tests.assets.deliveries import confirmation, confirmation_book
from te_assets_tests.commands.conftest import Run
from te_assets_tests.conftest import Stack
from te_assets_tests.gateway.conftest import gateway as gateway
from te_assets_tests.gateway.serving import Gateway

pytestmark = pytest.mark.stack


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return confirmation_book(tmp_path / "Confirmations.xlsx", [confirmation(1, date(2026, 3, 3))])


@pytest.fixture
def own(stack: Stack, gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> Gateway:
    """The gateway is that of the home in the environment."""
    monkeypatch.setenv("TE_HOME", str(stack.settings.home_dir))
    monkeypatch.setattr("te_assets.stack.connect.gateway_url", lambda _: gateway.url)
    return gateway


def test_a_workbook_is_sent_to_the_own_gateway_without_a_token(own: Gateway, run: Run, book: Path) -> None:
    sha256 = hashlib.sha256(book.read_bytes()).hexdigest()
    first, second = run("send", book), run("send", book, "--json")

    assert (first.code, first.out) == (0, f"Confirmations.xlsx: received, {sha256}\n")
    assert json.loads(second.out)["receipt"]["sha256"] == sha256
    assert json.loads(second.out)["receipt"]["sender"].startswith("send-")
    assert own.stored() == [sha256]
    assert [grant.name for grant in TokenFile(own.settings.gateway_tokens).refresh()] == ["tests"]


def test_of_several_one_that_is_refused_does_not_stop_the_others(own: Gateway, run: Run, book: Path) -> None:
    page = book.with_name("Login.xlsx")
    page.write_text("<html>Sign in</html>")
    ended = run("send", page, book)

    assert ended.code == 1
    assert ended.err.startswith("te-assets: Login.xlsx: 415 ")
    assert ended.out.startswith("Confirmations.xlsx: received, ")


def test_another_gateway_is_reached_with_a_token_of_it(gateway: Gateway, run: Run, book: Path, tmp_path: Path) -> None:
    token = tmp_path / "token.txt"
    token.write_text(gateway.token + "\n")
    ended = run("send", book, "--url", gateway.url, "--token-file", token, "--wait", "1")

    assert ended.code == 0
    assert len(gateway.stored()) == 1


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (None, "another gateway than the home's own needs a token"),
        ("\n", "holds no token"),
        ("te_wrong", "The token is not known"),
    ],
)
def test_without_a_good_token_it_says_what_to_do(
    gateway: Gateway, run: Run, book: Path, tmp_path: Path, content: str | None, what: str
) -> None:
    token = tmp_path / "token.txt"
    if content is not None:
        token.write_text(content)
    ended = run("send", book, "--url", gateway.url, *(("--token-file", token) if content else ()))

    assert ended.code == 1
    assert what in ended.err
    assert gateway.stored() == []
