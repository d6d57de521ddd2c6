"""Who asks, and whether they may: the bearer's token, its scopes, its rate."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from math import ceil
from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from te_assets.gateway.limits import Buckets
from te_assets.gateway.tokens import Grant, Scope, TokenFile
from te_assets.web.problems import Problem

_BEARER: Final = HTTPBearer(auto_error=False, description="A token of `te-assets token create`.")
_CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="te_assets"'}
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]


def bearer_with(scope: Scope) -> Callable[[Request, Credentials], Awaitable[Grant]]:
    """A dependency: the grant of a request whose token has the scope."""

    async def bearer(request: Request, credentials: Credentials) -> Grant:
        tokens: TokenFile = request.app.state.tokens
        buckets: Buckets = request.app.state.buckets
        if credentials is None:
            raise Problem(
                401,
                "no-token",
                "The request has no token. Send one as header “Authorization: Bearer …”; te-assets token create makes "
                "them.",
                headers=_CHALLENGE,
            )
        grant = tokens.find(credentials.credentials)
        if grant is None:
            raise Problem(
                401,
                "unknown-token",
                "The token is not known. Ask for a new one; it may have been revoked.",
                headers=_CHALLENGE,
            )
        request.state.bearer = grant.name
        if grant.is_expired(datetime.now(UTC)):
            raise Problem(
                401,
                "expired-token",
                f"Token “{grant.name}” expired at {grant.expires:%Y-%m-%d %H:%M} UTC. Ask for a new one.",
                headers=_CHALLENGE,
            )
        if scope not in grant.scopes:
            raise Problem(
                403,
                "scope-missing",
                f"Token “{grant.name}” has the scopes {', '.join(sorted(grant.scopes))}; this needs {scope}. Ask for a "
                "token that has it.",
                scope=scope,
            )
        if wait := buckets.take(grant.name):
            raise Problem(
                429,
                "too-many-requests",
                f"Token “{grant.name}” makes more requests than it may. Send this one again after the time in "
                "Retry-After; several events go into one request.",
                headers={"Retry-After": str(ceil(wait))},
            )
        return grant

    return bearer
