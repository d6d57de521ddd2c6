"""How commands of a home reach a gateway: its own without further ado, another one with an address and a token."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from te_assets.errors import SettingsError
from te_assets.gateway.tokens import Scope, passing

if TYPE_CHECKING:
    from te_assets.gateway.client import GatewayClient
    from te_assets.settings import Settings


@dataclass(frozen=True)
class Reached:
    """A client of a gateway, and the token that it sends."""

    client: GatewayClient
    token: str


@contextmanager
def reached(
    settings: Settings,
    name: str,
    scopes: Sequence[Scope],
    lasts: timedelta,
    *,
    url: str | None = None,
    token_file: Path | None = None,
    patience: float = 600.0,
    say: Callable[[str], None] = lambda _: None,
) -> Iterator[Reached]:
    """A client, closed at the end.

    Args:
        settings: Of the home.
        name: Of the token that is made where none is given; it counts as long as the block lasts.
        scopes: Of that token.
        lasts: For how long it counts at the most.
        url: Of the gateway; None: the home's own.
        token_file: Holds a token; None: one is made, which the home's own gateway alone knows.
        patience: Seconds for which a call is repeated.
        say: Takes a line about each repetition.

    Raises:
        SettingsError: Another gateway needs a token, its file cannot be read, or another command has that name.
        StackError: The home's gateway is not running.
    """
    from te_assets.gateway.client import GatewayClient
    from te_assets.stack.connect import gateway_url

    address = url or gateway_url(settings)
    with ExitStack() as held:
        if token_file is not None:
            token = _read(token_file)
        elif url is not None:
            asked = " ".join(f"--scope {scope}" for scope in scopes)
            raise SettingsError(
                f"{url}: another gateway than the home's own needs a token. Make one where it runs, te-assets token "
                f"create {name} {asked}, and name its file with --token-file."
            )
        else:
            token = held.enter_context(passing(settings.gateway_tokens, name, scopes, lasts))
        client = held.enter_context(closing(GatewayClient(address, token, patience=patience, say=say)))
        yield Reached(client, token)


def _read(path: Path) -> str:
    try:
        token = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: the token cannot be read ({type(error).__name__}). Check the path.") from error
    if not token:
        raise SettingsError(f"{path}: holds no token. Put into it what te-assets token create has printed.")
    return token
