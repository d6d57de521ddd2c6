"""Tokens: kept as hashes, changed while the gateway runs."""

from __future__ import annotations

import hashlib
import logging
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from te_assets.gateway.tokens import TokenFile, TokensUnusable, create, passing, revoke

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gateway" / "tokens.yaml"


def test_a_token_is_found_by_itself_and_stands_nowhere(path: Path) -> None:
    token = create(path, "uipath", ["read", "files"])
    grant = TokenFile(path).find(token)

    assert grant is not None
    assert (grant.name, grant.expires) == ("uipath", None)
    assert set(grant.scopes) == {"files", "read"}
    assert token.startswith("te_")
    assert len(token) == 46
    written = path.read_text(encoding="utf-8")
    assert token not in written
    assert hashlib.sha256(token.encode()).hexdigest() in written
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("given", ["", "te_", "te_äöü", "x" * 10_000])
def test_another_token_is_not_found(path: Path, given: str) -> None:
    create(path, "uipath", ["files"])

    assert TokenFile(path).find(given) is None


def test_a_passing_token_counts_within_its_block_and_takes_the_place_of_what_a_killed_command_left(path: Path) -> None:
    """Commands of the gateway's own home need no token on disk."""
    create(path, "uipath", ["files"])
    left = create(path, "simulate", ["events"], datetime.now(UTC) + timedelta(hours=1))
    with passing(path, "simulate", ("events", "files"), timedelta(hours=1)) as token:
        grant = TokenFile(path).find(token)
        assert TokenFile(path).find(left) is None

    assert grant is not None
    assert (grant.name, set(grant.scopes)) == ("simulate", {"events", "files"})
    assert grant.expires is not None
    assert timedelta(minutes=59) < grant.expires - datetime.now(UTC) <= timedelta(hours=1)
    assert [each.name for each in TokenFile(path).refresh()] == ["uipath"]


def test_a_passing_token_that_is_in_use_is_nobody_elses(path: Path) -> None:
    """A scheduled run of the robot lost its token to one that was started by hand."""
    with passing(path, "robot-demo", ("files",), timedelta(hours=1)) as token:
        with (
            pytest.raises(TokensUnusable, match="token 'robot-demo' is in use by a command that is at work"),
            passing(path, "robot-demo", ("files",), timedelta(hours=1)),
        ):
            pytest.fail("it was given away")
        assert TokenFile(path).find(token) is not None


def test_a_passing_token_that_another_took_the_place_of_leaves_that_one(path: Path) -> None:
    with passing(path, "simulate", ("events",), timedelta(hours=1)):
        revoke(path, "simulate")
        other = create(path, "simulate", ["events"])

    assert TokenFile(path).find(other) is not None


def test_without_a_file_nobody_may_anything(path: Path) -> None:
    assert TokenFile(path).find("te_anything") is None


def test_a_change_counts_at_once_in_both_directions(path: Path) -> None:
    """A gateway that has to be started again for a new token is started again amid uploads."""
    running = TokenFile(path)
    first = create(path, "first", ["files"])
    assert running.find(first) is not None

    second = create(path, "second", ["events"])
    assert running.find(second) is not None
    assert running.find(first) is not None

    revoke(path, "first")
    assert running.find(first) is None
    assert running.find(second) is not None

    path.unlink()
    assert running.find(second) is None


@pytest.mark.parametrize(
    ("days", "is_expired"), [(None, False), (timedelta(days=1), False), (timedelta(0), True), (timedelta(-1), True)]
)
def test_a_token_counts_until_its_end(path: Path, days: timedelta | None, is_expired: bool) -> None:
    token = create(path, "mes", ["events"], None if days is None else NOW + days)
    grant = TokenFile(path).find(token)

    assert grant is not None
    assert grant.is_expired(NOW) is is_expired


@pytest.mark.parametrize(
    "text",
    ["{", "- name: a\n", "- {name: a, scopes: [all], sha256: " + "0" * 64 + "}\n", "- te_secret\n", "\xff"],
    ids=["no yaml", "half", "unknown scope", "a token itself", "no utf-8"],
)
def test_a_faulty_file_is_said_once_and_the_tokens_of_before_still_count(
    path: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A slip in an editor must not shut the robot out until somebody looks."""
    running = TokenFile(path)
    token = create(path, "uipath", ["files"])
    assert running.find(token) is not None
    path.write_bytes(text.encode("latin-1"))

    with caplog.at_level(logging.WARNING):
        assert running.find(token) is not None
        assert running.find(token) is not None

    (said,) = [record.getMessage() for record in caplog.records]
    assert str(path) in said
    assert "The tokens of before still count" in said
    assert "te_secret" not in said
    with pytest.raises(TokensUnusable):
        TokenFile(path).refresh()


def test_a_name_is_given_once(path: Path) -> None:
    create(path, "uipath", ["files"])

    with pytest.raises(TokensUnusable, match=r"there is a token 'uipath'\. Revoke it first"):
        create(path, "uipath", ["read"])


def test_what_is_not_there_cannot_be_revoked(path: Path) -> None:
    create(path, "uipath", ["files"])

    with pytest.raises(TokensUnusable, match=r"no token 'robot'\. There are: uipath"):
        revoke(path, "robot")
