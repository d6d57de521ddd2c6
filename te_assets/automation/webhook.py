"""Posts JSON to a webhook whose address is a secret: of the address only the host ever appears."""

from __future__ import annotations

import http.client
import ipaddress
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import IO, Any, Final
from urllib.parse import urlsplit

from te_assets.errors import TeAssetsError

TIMEOUT: Final = 5.0  # seconds for the connection, and for each piece of the answer


class AlertNotDelivered(TeAssetsError):
    """The webhook did not take an alert; it names the host, never the address, which is a password."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The alert goes to the host that was configured or nowhere; a redirect is an error of that host."""

    def redirect_request(
        self,
        req: urllib.request.Request,  # noqa: ARG002
        fp: IO[bytes],  # noqa: ARG002
        code: int,  # noqa: ARG002
        msg: str,  # noqa: ARG002
        headers: http.client.HTTPMessage,  # noqa: ARG002
        newurl: str,  # noqa: ARG002
    ) -> None:
        return None


def post(url: str, body: Mapping[str, Any], timeout: float = TIMEOUT) -> None:
    """Post a body as JSON; proxies of the environment are used, except for addresses of this machine.

    Args:
        url: http or https; a secret.
        body: What is posted.
        timeout: Seconds for the connection, and for each piece of the answer.

    Raises:
        AlertNotDelivered: The address cannot be used, nobody answered in time, or not with success.
    """
    host = _host(url)
    failure = _try(url, json.dumps(body, ensure_ascii=False).encode(), timeout)
    # Raised here, outside of any handler: what urllib raised may quote the address, and would be shown as context.
    if failure is not None:
        raise AlertNotDelivered(f"{host} did not take it: {failure}. It is tried again; see TE_ALERT_WEBHOOK_URL.")


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and "@" not in parts.netloc and url.isascii() and url.isprintable()
        host = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
    except ValueError:
        usable, host = False, None
    if not usable or not host or " " in url:
        raise AlertNotDelivered(
            "TE_ALERT_WEBHOOK_URL is no address that alerts can be posted to: it must be http://host/… or "
            "https://host/…, without a user name and without spaces."
        )
    return host


def _try(url: str, data: bytes, timeout: float) -> str | None:
    """Why the host did not take it, None where it did."""
    handlers: list[urllib.request.BaseHandler] = [_NoRedirect()]
    if _is_loopback(urlsplit(url).hostname or ""):
        handlers.append(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(  # noqa: S310  the scheme was checked
        url, data, {"Content-Type": "application/json; charset=utf-8", "User-Agent": "te_assets"}, method="POST"
    )
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=timeout):
            return None
    except urllib.error.HTTPError as error:
        error.close()
        redirect = ", a redirect, which is not followed" if 300 <= error.code < 400 else ""
        return f"it answered {error.code}{redirect}"
    except urllib.error.URLError as error:
        return _reason(error.reason, timeout)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return _reason(error, timeout)


def _reason(error: object, timeout: float) -> str:
    """What went wrong on the way, in words that cannot hold the address."""
    if isinstance(error, TimeoutError):
        return f"no answer within {timeout:g} s"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
