"""An alert reaches its receiver or says why not, and the address, which is a password, is never shown."""

from __future__ import annotations

import socket
import time
import traceback
from collections.abc import Iterator

import pytest

from te_assets.automation.webhook import AlertNotDelivered, post
from te_assets_tests.automation.receiver import SECRET, Receiver, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A local webhook."""
    with receiving() as made:
        yield made


def refused(url: str, timeout: float = 5.0) -> str:
    """The message of a failure, after looking through everything that a log would show of it."""
    with pytest.raises(AlertNotDelivered) as caught:
        post(url, {"text": "x"}, timeout)
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert SECRET not in shown
    assert caught.value.__cause__ is caught.value.__context__ is None
    return str(caught.value)


def test_a_body_arrives_as_utf8_json(receiver: Receiver) -> None:
    post(receiver.url, {"text": "Stückzahl – 5 µm"})

    assert receiver.bodies == [{"text": "Stückzahl – 5 µm"}]
    assert receiver.requests == [("POST", f"/services/{SECRET}", "application/json; charset=utf-8")]


@pytest.mark.parametrize("status", [400, 404, 410, 429, 500, 503])
def test_what_is_no_success_is_not_delivered(receiver: Receiver, status: int) -> None:
    receiver.status = status

    assert refused(receiver.url) == (
        f"{receiver.host} did not take it: it answered {status}. It is tried again; see TE_ALERT_WEBHOOK_URL."
    )


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(receiver: Receiver, status: int) -> None:
    """A login page that a proxy redirects to answers 200 to everything; the alert would be lost."""
    receiver.status = status

    assert f"it answered {status}, a redirect, which is not followed" in refused(receiver.url)
    assert [path for _, path, _ in receiver.requests] == [f"/services/{SECRET}"]


def test_a_receiver_that_hangs_is_left_after_the_timeout(receiver: Receiver) -> None:
    receiver.status = None
    begin = time.monotonic()

    assert "no answer within 0.2 s" in refused(receiver.url, timeout=0.2)
    assert time.monotonic() - begin < 5


def test_nobody_listens() -> None:
    with socket.socket() as probe:  # bound, but it does not listen
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

        message = refused(f"http://127.0.0.1:{port}/{SECRET}")

    assert message.startswith(f"127.0.0.1:{port} did not take it: Connection refused")


@pytest.mark.parametrize(
    "url",
    [
        f"ftp://hooks.example/{SECRET}",
        f"file:///{SECRET}",
        f"hooks.example/{SECRET}",
        f"http:///{SECRET}",
        f"http://[::1/{SECRET}",
        f"http://hooks.example:port/{SECRET}",
        f"http://user:{SECRET}@hooks.example/",
        f"http://hooks.example/{SECRET} two",
        f"http://hooks.example/{SECRET}\nX-Injected: yes",
        f"http://hooks.example/{SECRET}…",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_being_shown(url: str) -> None:
    message = refused(url)

    assert message.startswith("TE_ALERT_WEBHOOK_URL is no address that alerts can be posted to")
    assert "hooks.example" not in message


def test_proxies_are_for_other_machines_only(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plant's proxy does not know the receiver that runs beside Dagster."""
    with receiving() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://{proxy.host}")
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("REQUEST_METHOD", raising=False)
        post(receiver.url, {"to": "loopback"})
        post("http://hooks.invalid/services/1", {"to": "elsewhere"})

        assert receiver.bodies == [{"to": "loopback"}]
        assert proxy.bodies == [{"to": "elsewhere"}]
        assert proxy.requests[0][1] == "http://hooks.invalid/services/1"
