"""docs/uipath.md, acted out: the bytes that UiPath's HTTP Request writes, and what it is told when a file is refused.

The robot cannot run here. Its client is .NET's HttpClient; the request is written as that writes it and sent by a bare
socket, as any Python client would write another one.
"""

from __future__ import annotations

import errno
import hashlib
import http.client
import json
import re
import socket
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn, get_args
from urllib.parse import quote
from uuid import uuid4

import pytest
import requests

from te_assets.errors import SiteError
from te_assets.gateway.tokens import SCOPES, create
from te_assets.lake.deliveries import Stage
from te_assets_tests.assets.deliveries import confirmation, confirmation_book, write_bad
from te_assets_tests.conftest import Stack
from te_assets_tests.gateway.serving import SECONDS, Gateway, served
from te_assets_tests.gateway.test_answers import DAY, problem

pytestmark = pytest.mark.stack

REQUEST = Path(__file__).with_name("uipath_request.http").read_text(encoding="utf-8")
DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "uipath.md").read_text(encoding="utf-8")
PLAIN = "filename=Confirmations.xlsx; filename*=utf-8''Confirmations.xlsx"
_ROW = re.compile(r"^\| (\d{3}) \| `urn:te-assets:problem:([a-z-]+)` \| .+ \| (yes|no) \| .+ \| .+ \|$", re.MULTILINE)


# --- the request


@dataclass(frozen=True)
class Written:
    """A request as .NET writes it."""

    head: bytes
    body: bytes

    @property
    def whole(self) -> bytes:
        return self.head + self.body


def written(
    gateway: Gateway, book: bytes, *, token: str | None = None, change: Callable[[str], str] = lambda text: text
) -> Written:
    """The committed request with a workbook and a token in it; `change` is made to its text before."""
    text = change(REQUEST).replace("{host}", f"127.0.0.1:{gateway.port}")
    text = text.replace("{token}", gateway.token if token is None else token)
    head, _, body = text.replace("\n", "\r\n").encode().partition(b"\r\n\r\n")
    body = body.replace(b"{workbook}", book)
    return Written(head.replace(b"{length}", str(len(body)).encode()) + b"\r\n\r\n", body)


def named(name: str) -> Callable[[str], str]:
    """Another file name, as ContentDispositionHeaderValue writes `FileName` and `FileNameStar`."""
    if not name.isascii():
        plain = f'"=?utf-8?B?{b64encode(name.encode()).decode()}?="'
    else:
        plain = f'"{name}"' if " " in name else name
    return lambda text: text.replace(PLAIN, f"filename={plain}; filename*=utf-8''{quote(name)}")


def chunked(request: Written) -> bytes:
    """As .NET sends a body whose length it does not know: in pieces, the header among those of the request."""
    head = re.sub(rb"Content-Length: \d+\r\n", b"", request.head)
    head = head.replace(b"Content-Type: multipart", b"Transfer-Encoding: chunked\r\nContent-Type: multipart")
    pieces = [request.body[at : at + 4096] for at in range(0, len(request.body), 4096)]
    return head + b"".join(b"%X\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def expecting(request: Written) -> Written:
    return Written(request.head.replace(b"Accept-Encoding", b"Expect: 100-continue\r\nAccept-Encoding"), request.body)


class Answer:
    """What came back on the connection, read to its end."""

    def __init__(self, connection: socket.socket) -> None:
        response = http.client.HTTPResponse(connection)
        response.begin()
        self.status, self.headers, self._body = response.status, response.headers, response.read()

    def json(self) -> Any:
        return json.loads(self._body)


@contextmanager
def connected(gateway: Gateway) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", gateway.port), SECONDS) as connection:
        yield connection


def answer(gateway: Gateway, request: bytes) -> Answer:
    with connected(gateway) as connection:
        connection.sendall(request)
        return Answer(connection)


@pytest.fixture
def book(tmp_path: Path) -> bytes:
    return confirmation_book(tmp_path / "book.xlsx", [confirmation(1, DAY)]).read_bytes()


def test_the_page_shows_the_request_that_is_sent_here() -> None:
    (shown,) = re.findall(r"^```http\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)

    assert shown == REQUEST


def test_a_workbook_is_taken_and_known_the_second_time(gateway: Gateway, book: bytes) -> None:
    sha256 = hashlib.sha256(book).hexdigest()
    request = written(gateway, book).whole
    with connected(gateway) as connection:  # the activity keeps its connections
        connection.sendall(request)
        first = Answer(connection)
        connection.sendall(request)
        second = Answer(connection)

    receipt = first.json()
    assert (first.status, second.status, second.json()) == (202, 200, receipt)
    assert (receipt["name"], receipt["sha256"], receipt["size"]) == ("Confirmations.xlsx", sha256, len(book))
    assert (receipt["source"], receipt["sender"]) == ("sap_confirmations", "tests")
    assert first.headers["location"] == second.headers["location"] == receipt["status_url"] == f"/v1/files/{sha256}"
    assert gateway.stored() == [sha256]


def test_the_receipt_has_what_the_page_says(gateway: Gateway, book: bytes) -> None:
    (fields,) = re.findall(r"^The receipt: (.+?)\. ", PAGE, re.MULTILINE | re.DOTALL)

    assert set(answer(gateway, written(gateway, book).whole).json()) == set(re.findall(r"`(\w+)`", fields))


@pytest.mark.parametrize("name", ["Rückmeldungen März.xlsx", "Confirmations March.xlsx", "確認.xlsx"])
def test_names_come_as_they_are_on_the_robot(gateway: Gateway, book: bytes, name: str) -> None:
    """Receipts with =?utf-8?B?…?= for a name could not be found again by whoever looked for the file."""
    taken = answer(gateway, written(gateway, book, change=named(name)).whole)

    assert (taken.status, taken.json()["name"]) == (202, name)


def test_a_body_of_unknown_length_is_taken(gateway: Gateway, book: bytes) -> None:
    taken = answer(gateway, chunked(written(gateway, book)))

    assert (taken.status, taken.json()["sha256"]) == (202, hashlib.sha256(book).hexdigest())


def test_a_client_that_asks_before_it_sends_is_told_to_go_on(gateway: Gateway, book: bytes) -> None:
    request = expecting(written(gateway, book))
    with connected(gateway) as connection:
        connection.sendall(request.head)
        assert connection.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(request.body)
        taken = Answer(connection)

    assert (taken.status, taken.json()["size"]) == (202, len(book))


def test_a_client_that_asks_before_it_sends_is_refused_before_it_has_sent(gateway: Gateway, book: bytes) -> None:
    """A token that expired over the weekend must not cost the upload of each file."""
    request = expecting(written(gateway, book, token="te_unknown"))

    assert answer(gateway, request.head).status == 401


def test_without_source_all_contracts_are_tried(gateway: Gateway, book: bytes) -> None:
    """The part is optional in the page's table."""
    source = re.compile(r"\nContent-Type: text/plain.+?sap_confirmations\n--[0-9a-f-]{36}(?=--)", re.DOTALL)
    taken = answer(gateway, written(gateway, book, change=lambda text: source.sub("", text)).whole)

    assert (taken.status, taken.json()["source"]) == (202, "")


def test_one_key_for_portal_and_period_would_refuse_the_next_export(
    gateway: Gateway, book: bytes, tmp_path: Path
) -> None:
    """The week's export has more rows on Tuesday than on Monday: hence the instant of the download in the key."""
    tuesday = confirmation_book(tmp_path / "b.xlsx", [confirmation(1, DAY), confirmation(2, DAY)]).read_bytes()
    assert answer(gateway, written(gateway, book).whole).status == 202
    same = answer(gateway, written(gateway, tuesday).whole)
    new = answer(gateway, written(gateway, tuesday, change=lambda text: text.replace("0309T06", "0310T06")).whole)

    assert (same.status, same.json()["type"]) == (422, "urn:te-assets:problem:key-used")
    assert new.status == 202


# --- refusals


class Robot:
    """Sends what is refused; each attempt has a token of its own, as each has its own rate."""

    def __init__(self, gateway: Gateway, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.gateway, self.folder, self.monkeypatch = gateway, folder, monkeypatch
        self.book = confirmation_book(folder / "Confirmations.xlsx", [confirmation(1, DAY)]).read_bytes()

    def token(self, *, expires: datetime | None = None, scopes: tuple[Any, ...] = SCOPES) -> str:
        return create(self.gateway.settings.gateway_tokens, f"robot {uuid4()}", scopes, expires)

    def send(self, content: bytes | None = None, *, token: str | None = None, **headers: str) -> requests.Response:
        """The committed request with other content, token or headers; `_` in their names is a hyphen."""
        request = written(self.gateway, self.book if content is None else content)
        return self.send_body(request.body, token=token, **headers)

    def send_body(self, body: bytes, *, token: str | None = None, **headers: str) -> requests.Response:
        (kind,) = re.findall(r"^Content-Type: (multipart.+)$", REQUEST, re.MULTILINE)
        given = self.token() if token is None else token
        sent = {"Content-Type": kind} | ({"Authorization": f"Bearer {given}"} if given else {})
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return requests.post(f"{self.gateway.url}/v1/files", data=body, headers=sent, timeout=SECONDS)

    def send_bad(self, name: str) -> requests.Response:
        return self.send(write_bad(self.folder, name).read_bytes())

    def broken(self, place: str, error: Exception) -> None:
        def fail(*_: object, **__: object) -> NoReturn:
            raise error

        self.monkeypatch.setattr(place, fail)


def _body(robot: Robot, old: str, new: str) -> bytes:
    return written(robot.gateway, robot.book, change=lambda text: text.replace(old, new)).body


def _other_file_under_the_key(robot: Robot) -> requests.Response:
    token = robot.token()
    assert robot.send(token=token, Idempotency_Key="k").status_code in {200, 202}
    return robot.send(b"PK", token=token, Idempotency_Key="k")


def _too_often(robot: Robot) -> requests.Response:
    token = robot.token()
    for _ in range(50):
        if (found := robot.send_body(b"", token=token)).status_code == 429:
            break
    return found


def _site_is_faulty(robot: Robot) -> requests.Response:
    robot.monkeypatch.setattr("te_assets.gateway.site._SECONDS", -1.0)
    robot.broken("te_assets.profile.Profile.site", SiteError("/plant/site.yaml, line 3: no such time zone"))
    return robot.send(confirmation_book(robot.folder / "c.xlsx", [confirmation(3, DAY)]).read_bytes())


def _disk_is_full(robot: Robot) -> requests.Response:
    token, other = robot.token(), confirmation_book(robot.folder / "d.xlsx", [confirmation(4, DAY)]).read_bytes()
    robot.broken("te_assets.intake.landing.os.fsync", OSError(errno.ENOSPC, "No space left on device"))
    return robot.send(other, token=token)


def _defect(robot: Robot) -> requests.Response:
    robot.broken("te_assets.gateway.receipts.Receipts.claim", ZeroDivisionError())
    return robot.send(Idempotency_Key="k")


SECOND_FILE = "name=source\n\nsap_confirmations", "name=file; filename=b.xlsx\n\nx"
CAUSES: Mapping[str, Callable[[Robot], requests.Response]] = {
    "body-cut": lambda robot: robot.send_body(written(robot.gateway, robot.book).body[:-30]),
    "body-faulty": lambda robot: robot.send_body(robot.book),
    "no-token": lambda robot: robot.send(token=""),
    "unknown-token": lambda robot: robot.send(token="te_unknown"),
    "expired-token": lambda robot: robot.send(token=robot.token(expires=datetime.now(UTC) - timedelta(seconds=1))),
    "scope-missing": lambda robot: robot.send(token=robot.token(scopes=("read",))),
    "too-large": lambda robot: robot.send(bytes(1_000_001)),
    "no-multipart": lambda robot: robot.send(Content_Type="multipart/form-data"),
    "no-workbook": lambda robot: robot.send(b"<!DOCTYPE html><html><title>Log in</title></html>"),
    "no-file": lambda robot: robot.send_body(_body(robot, "name=file;", "name=workbook;")),
    "two-files": lambda robot: robot.send_body(_body(robot, *SECOND_FILE)),
    "field-too-long": lambda robot: robot.send_body(_body(robot, "\nsap_confirmations\n", f"\n{'s' * 1001}\n")),
    "invalid-request": lambda robot: robot.send(Idempotency_Key="k" * 201),
    "key-used": _other_file_under_the_key,
    "no-layout": lambda robot: robot.send_bad("no_scrap.xlsx"),
    "unreadable": lambda robot: robot.send_bad("cut.xlsx"),
    "too-many-requests": _too_often,
    "defect": _defect,
    "not-available": _site_is_faulty,
    "disk-full": _disk_is_full,
}


def refusals() -> list[tuple[int, str, bool]]:
    """The rows of the page's table: status, end of the type, whether the activity repeats the request."""
    return [(int(status), kind, repeated == "yes") for status, kind, repeated in _ROW.findall(PAGE)]


def test_each_refusal_of_the_page_is_what_the_gateway_answers(
    stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever builds the process has this table alone: by a wrong row a robot gives up, or never does."""
    strict = stack.settings.model_copy(update={"gateway_largest_file_mb": 1, "gateway_requests_per_second": 1.0})
    with served(strict) as gateway:
        for status, kind, is_repeated in refusals():
            with monkeypatch.context() as broken:
                found = CAUSES[kind](Robot(gateway, tmp_path, broken))
            problem(found, status, kind)
            assert ("retry-after" in found.headers) == (is_repeated and kind != "defect"), kind
        assert len(gateway.stored()) == 1  # the file that the key was for


def test_the_page_has_all_refusals_of_the_interface() -> None:
    interface = json.loads((DOCS / "api" / "openapi.json").read_text(encoding="utf-8"))
    documented = interface["paths"]["/v1/files"]["post"]["responses"]

    assert {str(status) for status, _, _ in refusals()} == documented.keys() - {"200", "202"}
    assert [kind for _, kind, _ in refusals()] == list(CAUSES)


def test_the_page_tells_each_stage_of_a_file() -> None:
    """A robot that waits for stages which it does not know waits for ever."""
    section = PAGE.partition("## Until it is in the marts")[2].partition("\n## ")[0]
    over = re.findall(r"^\| `([a-z ]+)` \|", section, re.MULTILINE)
    (on_the_way,) = re.findall(r"^(.+) are on the way", section, re.MULTILINE)

    assert sorted([*over, *re.findall(r"`(\w+)`", on_the_way)]) == sorted(get_args(Stage))


def test_the_activity_repeats_what_the_page_says_is_repeated() -> None:
    (statuses,) = re.findall(r"^\| Retry status codes \| `([\d, ]+)` \|", PAGE, re.MULTILINE)
    of_a_proxy = {408, 502, 504}

    assert {int(status) for status in statuses.split(", ")} == of_a_proxy | {
        status for status, _, is_repeated in refusals() if is_repeated
    }
