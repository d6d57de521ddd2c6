"""A small client of the gateway: it repeats what did not get through until it did, and nothing counts twice."""

from __future__ import annotations

import hashlib
import io
import random
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from te_assets.errors import TeAssetsError

if TYPE_CHECKING:
    import requests

    from te_assets.contracts.layout import Model

_REPEATED: Final = frozenset({409, 429, 500, 502, 503, 504, 507})
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
_CONNECT_SECONDS, _ANSWER_SECONDS = 10.0, 120.0
_WAIT_SECONDS: Final = 10.0


class Refused(TeAssetsError):
    """The gateway does not take it; sending it again as it is would not help.

    Attributes:
        status: Of the answer.
        problem: Its document.
    """

    def __init__(self, what: str, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(f"{what}: {status} {problem.get('detail') or problem.get('title') or 'without a reason'}")
        self.status = status
        self.problem = problem


class Unreachable(TeAssetsError):
    """The gateway did not take it in time; sending it again goes on, and nothing counts twice."""


@dataclass(frozen=True)
class Sent:
    """A workbook that the gateway has.

    Attributes:
        receipt: As it gave it.
        was_known: It had these bytes before.
    """

    receipt: Mapping[str, Any]
    was_known: bool

    @property
    def sha256(self) -> str:
        """Of the workbook."""
        return str(self.receipt["sha256"])


class GatewayClient:
    """Speaks to one gateway with one token; not thread-safe."""

    def __init__(
        self, url: str, token: str, *, patience: float = 600.0, say: Callable[[str], None] = lambda _: None
    ) -> None:
        """Nothing is sent yet.

        Args:
            url: Of the gateway, as http://127.0.0.1:8080.
            token: With the scopes that the calls need.
            patience: Seconds for which a call is repeated.
            say: Takes a line about each repetition.
        """
        import requests

        self._url = url.rstrip("/")
        self._patience = patience
        self._say = say
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy for the world outside is none for the plant
        self._session.headers["Authorization"] = f"Bearer {token}"

    def close(self) -> None:
        """Close its connections."""
        self._session.close()

    def send_file(self, path: Path, *, name: str = "", source: str = "") -> Sent:
        """Deliver a workbook; one that the gateway has is not sent again.

        Args:
            path: The workbook.
            name: What people call it; empty: the name of `path`.
            source: The only source whose contract is tried; empty: all.

        Raises:
            Refused: No workbook, no contract fits, or the token may not.
            Unreachable: It did not get through in time.
            OSError: The file cannot be read.
        """
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        fields = {"source": source} if source else {}
        name = name or path.name

        def post() -> requests.Response:
            with path.open("rb") as file:
                body = _Multipart(name, file, path.stat().st_size, fields)
                headers = {"Content-Type": body.content_type, "Idempotency-Key": f"file-{sha256}-{source}"}
                return self._session.post(f"{self._url}/v1/files", data=body, headers=headers, timeout=_TIMEOUT)

        answer = self._until_taken(name, post)
        return Sent(answer.json(), answer.status_code == 200)

    def send_events(
        self, model: Model, events: Mapping[str, Any] | Sequence[Mapping[str, Any]], *, key: str = "", source: str = ""
    ) -> int:
        """Deliver events, each once however often this has to be repeated.

        Args:
            model: Which they are.
            events: One or several; all are taken or none.
            key: Idempotency key, where a later call is to be a repetition of this one.
            source: Source whose contract reads them; empty: the model's default.

        Returns:
            How many were taken.

        Raises:
            Refused: They do not fit, or the token may not.
            Unreachable: They did not get through in time.
        """
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}

        def post() -> requests.Response:
            return self._session.post(
                f"{self._url}/v1/events/{model}",
                json=events,
                params={"source": source} if source else {},
                headers=headers,
                timeout=_TIMEOUT,
            )

        return int(self._until_taken(model, post).json()["accepted"])

    def status(self, sha256: str, *, wait: float = 0) -> Mapping[str, Any]:
        """How far a workbook has come.

        Args:
            sha256: Of the workbook.
            wait: Seconds, up to 10, for which the gateway waits until it is in its marts or rejected.

        Raises:
            Refused: The gateway does not know it, or the token may not.
            Unreachable: It did not answer in time.
        """
        answer = self._until_taken(
            sha256[:12],
            lambda: self._session.get(f"{self._url}/v1/files/{sha256}", params={"wait": wait}, timeout=_TIMEOUT),
        )
        found: Mapping[str, Any] = answer.json()
        return found

    def wait(self, sha256: str, seconds: float) -> Mapping[str, Any]:
        """The status of a workbook, once it is in its marts or rejected, or the time is over.

        Raises:
            Refused: The gateway does not know it, or the token may not.
            Unreachable: It did not answer in time.
        """
        until = time.monotonic() + seconds
        while True:
            left = until - time.monotonic()
            found = self.status(sha256, wait=min(max(left, 0), _WAIT_SECONDS))
            if found["is_settled"] or left <= 0:
                return found

    def _until_taken(self, what: str, send: Callable[[], requests.Response]) -> requests.Response:
        import requests

        until, pause = time.monotonic() + self._patience, _FIRST_PAUSE
        while True:
            try:
                answer = send()
            except requests.RequestException as error:
                why, wait = f"no answer ({type(error).__name__})", pause
            else:
                if answer.ok:
                    return answer
                if answer.status_code not in _REPEATED:
                    raise Refused(what, answer.status_code, _problem(answer))
                why = f"{answer.status_code} {_problem(answer).get('detail', '')}"
                wait = max(pause, _seconds(answer.headers.get("Retry-After")))
            if time.monotonic() + wait > until:
                raise Unreachable(
                    f"{what}: {self._url} did not take it within {self._patience:.0f} s: {why}. Send it again: it goes "
                    "on, and nothing counts twice."
                )
            self._say(f"{what}: {why}; again in {wait:.0f} s")
            time.sleep(wait * _CHANCE.uniform(0.8, 1.2))  # not all at once after a restart
            pause = min(2 * pause, _LONGEST_PAUSE)


_CHANCE: Final = random.SystemRandom()
_TIMEOUT: Final = (_CONNECT_SECONDS, _ANSWER_SECONDS)


def _problem(answer: requests.Response) -> Mapping[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {"title": answer.reason}
    return found if isinstance(found, dict) else {}


def _seconds(header: str | None) -> float:
    return float(header) if header and header.isdigit() else 0.0


class _Multipart(io.RawIOBase):
    """A body that is read from the file while it is sent; requests knows its length."""

    def __init__(self, name: str, file: BinaryIO, size: int, fields: Mapping[str, str]) -> None:
        boundary = uuid.uuid4().hex
        head = "".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
            for field, value in fields.items()
        )
        quoted = name.replace("\\", "\\\\").replace('"', '\\"').replace("\r", " ").replace("\n", " ")
        head += f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\n'
        head += "Content-Type: application/octet-stream\r\n\r\n"
        tail = f"\r\n--{boundary}--\r\n".encode()
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self._pieces: list[BinaryIO] = [io.BytesIO(head.encode()), file, io.BytesIO(tail)]
        self._size = len(head.encode()) + size + len(tail)

    def __len__(self) -> int:
        return self._size

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes; empty at the end."""
        while self._pieces:
            if chunk := self._pieces[0].read(size):
                return chunk
            self._pieces.pop(0)
        return b""
