"""Who may use the gateway: tokens, kept as hashes in a file that may change while the gateway runs."""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import logging
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Literal, get_args

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from te_assets.errors import SettingsError
from te_assets.stack.home import locked, make_folder, write_private

Scope = Literal["files", "events", "read"]
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)
log = logging.getLogger(__name__)


class TokensUnusable(SettingsError):
    """The tokens file cannot be read, or a token cannot be made or revoked."""


class Grant(BaseModel):
    """What the bearer of a token may do.

    Attributes:
        name: Whose token it is; stands in the audit log.
        scopes: files: post workbooks; events: post events; read: status, rejected rows, metrics.
        sha256: Of the token, lower-case hex; the token itself is nowhere.
        expires: From when on it counts no more; None: never.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    scopes: frozenset[Scope] = Field(min_length=1)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    expires: AwareDatetime | None = None

    def is_expired(self, now: datetime) -> bool:
        """Whether it counts no more."""
        return self.expires is not None and self.expires <= now


_GRANTS = TypeAdapter(list[Grant])


class TokenFile:
    """The grants of a YAML file, read again when the file has changed."""

    def __init__(self, path: Path) -> None:
        """Nothing is read yet; a file that is missing grants nothing."""
        self.path = path
        self._stamp: tuple[int, int, int] | None = None
        self._grants: tuple[Grant, ...] = ()

    def find(self, token: str) -> Grant | None:
        """The grant of a token, whether expired or not; each comparison takes the same time.

        A file that became faulty leaves the grants as they were, and says so in the log once.
        """
        try:
            self.refresh()
        except TokensUnusable as error:
            log.warning("%s The tokens of before still count.", error)
        digest = _hash(token)
        found = [grant for grant in self._grants if hmac.compare_digest(grant.sha256, digest)]
        return found[0] if found else None

    def refresh(self) -> tuple[Grant, ...]:
        """The grants as the file has them now.

        Raises:
            TokensUnusable: The file cannot be read, or is faulty.
        """
        try:
            found = self.path.stat()
        except FileNotFoundError:
            self._stamp, self._grants = None, ()
            return ()
        stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
        if stamp != self._stamp:
            self._stamp = stamp
            self._grants = _read(self.path)
        return self._grants


def create(path: Path, name: str, scopes: Sequence[Scope], expires: datetime | None = None) -> str:
    """Add a token to the file; it is returned and never seen again.

    Raises:
        TokensUnusable: The name is taken, or the file cannot be used.
    """
    token = f"te_{secrets.token_urlsafe(32)}"
    grant = Grant(name=name, scopes=frozenset(scopes), sha256=_hash(token), expires=expires)
    make_folder(path.parent)
    with locked(path.with_name(f".{path.name}.lock")):
        grants = TokenFile(path).refresh()
        if any(other.name == name for other in grants):
            raise TokensUnusable(f"{path}: there is a token {name!r}. Revoke it first, or choose another name.")
        _write(path, (*grants, grant))
    return token


def revoke(path: Path, name: str) -> None:
    """Take a token out of the file; the next request with it is refused.

    Raises:
        TokensUnusable: There is no token of this name, or the file cannot be used.
    """
    make_folder(path.parent)
    with locked(path.with_name(f".{path.name}.lock")):
        grants = TokenFile(path).refresh()
        rest = [grant for grant in grants if grant.name != name]
        if len(rest) == len(grants):
            known = ", ".join(grant.name for grant in grants) or "none"
            raise TokensUnusable(f"{path}: there is no token {name!r}. There are: {known}.")
        _write(path, rest)


@contextmanager
def passing(path: Path, name: str, scopes: Sequence[Scope], lasts: timedelta) -> Iterator[str]:
    """A token for a command of the gateway's own home: revoked at the end, and of no use after its time in any case.

    A command that is repeated has the same name, since idempotency keys belong to names; its token takes the place of
    one that a killed command left, but not of one that is in use.

    Args:
        path: The tokens file.
        name: Who it is for.
        scopes: What it may.
        lasts: For how long it counts at the most.

    Raises:
        TokensUnusable: The file cannot be used, or another command has a token of this name.
    """
    make_folder(path.parent)
    with path.with_name(f".{name}.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise TokensUnusable(
                f"{path}: token {name!r} is in use by a command that is at work. Nothing was done; run this one again "
                "when that one has ended."
            ) from error
        if any(grant.name == name for grant in TokenFile(path).refresh()):
            revoke(path, name)
        token = create(path, name, scopes, datetime.now(UTC) + lasts)
        try:
            yield token
        finally:
            if TokenFile(path).find(token):  # somebody may have revoked it meanwhile
                revoke(path, name)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _read(path: Path) -> tuple[Grant, ...]:
    import yaml

    try:
        grants = _GRANTS.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")) or [])
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise TokensUnusable(f"{path}: cannot be read ({type(error).__name__}). Mend it, or make it anew.") from error
    except ValidationError as error:  # without the input: a token may stand there by mistake
        where = "/".join(str(part) for part in error.errors()[0]["loc"])
        raise TokensUnusable(
            f"{path}: {where}: {error.errors()[0]['msg']}. Tokens are made with te-assets token create."
        ) from error
    return tuple(grants)


def _write(path: Path, grants: Sequence[Grant]) -> None:
    import yaml

    entries = [grant.model_dump(mode="json", exclude_none=True) for grant in grants]
    for entry in entries:
        entry["scopes"] = sorted(entry["scopes"])
    write_private(path, yaml.safe_dump(entries, sort_keys=False))
