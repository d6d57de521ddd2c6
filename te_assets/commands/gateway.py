"""`te-assets token` and `send`: who may use the gateway, and using it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from te_assets.gateway.tokens import SCOPES, Scope, TokenFile, create, revoke
from te_assets.settings import Settings

if TYPE_CHECKING:
    from te_assets.gateway.client import GatewayClient

_LONGEST_SEND: Final = timedelta(days=1)


@click.group()
def token() -> None:
    """Make, list and revoke tokens of the gateway; a running gateway takes a change at once.

    Example: te-assets token list
    """


@token.command("create")
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice(SCOPES), help="What it may do.")
@click.option("--days", type=click.IntRange(1), help="For how many days it counts; for ever unless given.")
def create_token(name: str, scopes: Sequence[Scope], days: int | None) -> None:
    """Make a token and print it: this once, only its hash is kept.

    files: post workbooks; events: post events; read: status and rejected rows.

    Example: te-assets token create uipath --scope files --scope read --days 365
    """
    expires = datetime.now(UTC) + timedelta(days=days) if days else None
    click.echo(create(Settings().gateway_tokens, name, scopes, expires))


@token.command("list")
def list_tokens() -> None:
    """Names, scopes and expiry; never the tokens.

    Example: te-assets token list
    """
    for grant in TokenFile(Settings().gateway_tokens).refresh():
        until = f"until {grant.expires:%Y-%m-%d %H:%M} UTC" if grant.expires else "without end"
        click.echo(f"{grant.name}  {', '.join(sorted(grant.scopes))}  {until}")


@token.command("revoke")
@click.argument("name")
def revoke_token(name: str) -> None:
    """Take a token back; the next request with it is refused.

    Example: te-assets token revoke uipath
    """
    revoke(Settings().gateway_tokens, name)
    click.echo(f"Token {name} is revoked.", err=True)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--url", help="Of the gateway; the home's own unless given.")
@click.option(
    "--token-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File that holds the token, needed with --url; its scopes must have files, and read to --wait.",
)
@click.option("--source", default="", help="The only source whose contract is tried.")
@click.option("--patience", default=600, show_default=True, help="Seconds for which sending is repeated.")
@click.option("--wait", default=0, show_default=True, help="Seconds to wait until the marts show it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per file on standard output.")
def send(
    files: Sequence[Path],
    url: str | None,
    token_file: Path | None,
    source: str,
    patience: int,
    wait: int,
    as_json: bool,
) -> None:
    """Deliver workbooks to a gateway; cut off, the same command goes on, and nothing counts twice.

    Exits 1 where a file was refused, or not taken in time.

    Example: te-assets send Confirmations.xlsx --url http://te-assets.plant.example --token-file token.txt
    """
    from te_assets.gateway.reaching import reached

    def say(line: str) -> None:
        click.echo(line, err=True)

    own = f"send-{os.getpid()}"  # several may be at work
    with reached(
        Settings(), own, ("files", "read"), _LONGEST_SEND, url=url, token_file=token_file, patience=patience, say=say
    ) as gateway:
        sent = [_send(gateway.client, file, source, wait, as_json) for file in files]
    if not all(sent):
        sys.exit(1)


def _send(client: GatewayClient, file: Path, source: str, wait: int, as_json: bool) -> bool:
    """Whether it was taken; what became of it is printed."""
    from te_assets.gateway.client import Refused, Unreachable

    try:
        sent = client.send_file(file, source=source)
        status: Mapping[str, Any] = {"receipt": sent.receipt, "publications": []}
        if wait:
            status = client.wait(sent.sha256, wait)
    except (Refused, Unreachable) as error:
        click.echo(f"te-assets: {error}", err=True)
        return False
    if as_json:
        click.echo(json.dumps(status))
        return True
    click.echo(f"{file.name}: {'known already' if sent.was_known else 'received'}, {sent.sha256}")
    for each in status["publications"]:
        click.echo(
            f"  {each['contract'] or 'no contract'}: {each['stage']}, {each['accepted']:,} accepted, "
            f"{each['rejected']:,} rejected{' ' + each['reason'] if each['reason'] else ''}"
        )
    return True
