"""Inputs that no server may fall over: name → what is sent to the HTTP and to the native port."""

from __future__ import annotations

import base64
import gzip
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Port = Literal["http", "native"]
End = Literal["read", "close", "reset"]
"""Wait for an answer, close at once, or reset the connection."""


@dataclass(frozen=True)
class Input:
    """One connection."""

    family: str
    port: Port
    pieces: tuple[bytes, ...]
    end: End


def varint(value: int) -> bytes:
    """An unsigned LEB128 number."""
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def text(value: bytes) -> bytes:
    """A string of the native protocol."""
    return varint(len(value)) + value


def hello(user: bytes, password: bytes, revision: int = 54_450, database: bytes = b"") -> bytes:
    """The first packet of a native client."""
    return (
        varint(0)
        + text(b"client")
        + varint(26)
        + varint(9)
        + varint(revision)
        + text(database)
        + text(user)
        + text(password)
    )


def post(body: bytes, *headers: str, path: str = "/", login: str = "te_reader:wrong") -> bytes:
    """An HTTP request with a body of declared length."""
    token = base64.b64encode(login.encode()).decode()
    lines = [f"POST {path} HTTP/1.1", "Host: x", f"Authorization: Basic {token}", *headers]
    if not any(header.lower().startswith(("content-length", "transfer-encoding")) for header in headers):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body


def inputs(writer: str, reader: str) -> Iterator[Input]:
    """All of them; `writer` and `reader` are the passwords, for what only a user who is in can do."""
    yield from _junk()
    yield from _logins(writer)
    yield from _http_framing(f"te_writer:{writer}")
    yield from _http_bodies(f"te_writer:{writer}", f"te_reader:{reader}")
    yield from _native(writer.encode(), reader.encode())


def _junk() -> Iterator[Input]:
    chance = random.Random(26_9)
    ends: tuple[End, ...] = ("read", "close", "reset")
    for number in range(54):
        size = chance.choice((1, 2, 7, 64, 1000, 70_000))
        port: Port = "http" if number % 2 else "native"
        yield Input("junk", port, (chance.randbytes(size),), ends[number % 3])
    for port in ("http", "native"):
        for end in ends:
            yield Input("silence", port, (), end)
        tls = bytes.fromhex("160301020001000001fc0303") + bytes(500)
        yield Input("another protocol", port, (tls,), "read")
        yield Input("another protocol", port, (b"SSH-2.0-OpenSSH_9.2\r\n",), "read")
        yield Input("another protocol", port, (b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n",), "read")
        yield Input("another protocol", port, (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",), "read")
        yield Input("another protocol", port, (b"\x00\x00\x00\x12\x00\x12\x00\x04\x00\x00\x00\x01\x00\x00",), "close")
    yield Input("another protocol", "native", (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",), "read")
    yield Input("another protocol", "http", (hello(b"te_reader", b"wrong"),), "read")


def _logins(writer: str) -> Iterator[Input]:
    names = ("default", "te_writer", "te_reader", "root", "", "te_writer\x00", "ü" * 200, "' OR 1=1 --")
    for name in names:
        for end in ("read", "close"):
            yield Input("wrong login", "http", (post(b"SELECT 1", login=f"{name}:wrong"),), end)
            yield Input("wrong login", "native", (hello(name.encode(), b"wrong"),), end)
        yield Input("wrong login", "native", (hello(name.encode(), b""),), "reset")
    for header in ("Basic", "Basic !!!!", "Bearer x", "Basic " + "A" * 50_000, "Negotiate AAAA"):
        request = f"POST / HTTP/1.1\r\nHost: x\r\nAuthorization: {header}\r\nContent-Length: 8\r\n\r\nSELECT 1"
        yield Input("wrong login", "http", (request.encode(),), "read")
    yield Input("wrong login", "http", (post(b"SELECT 1", path="/?user=te_writer&password=no"),), "read")
    yield Input("wrong login", "native", (hello(b"te_writer", writer.encode(), database=b"no_such_database"),), "read")


def _http_framing(login: str) -> Iterator[Input]:
    whole = post(b"SELECT 1", login=login)
    for cut in (1, 5, 14, 30, len(whole) - 9, len(whole) - 8, len(whole) - 1):
        for end in ("close", "reset"):
            yield Input("cut request", "http", (whole[:cut],), end)
    for length in ("zz", "-1", "99999999999999999999999", "1e3", "", "8, 9", "0x8"):
        yield Input("bad length", "http", (post(b"SELECT 1", f"Content-Length: {length}", login=login),), "close")
    yield Input("close mid body", "http", (post(b"SELECT 1", "Content-Length: 1000000", login=login),), "close")
    yield Input("close mid body", "http", (post(b"SELECT 1", "Content-Length: 1000000", login=login),), "reset")
    chunks = (
        b"zz\r\nSELECT 1\r\n",
        b"-1\r\n",
        b"FFFFFFFFFFFFFFFFFF\r\nx",
        b"8\r\nSELECT",
        b"8\nSELECT 1\n0\n\n",
        b"\r\n\r\n",
    )
    both: tuple[End, ...] = ("read", "close")
    for chunk in chunks:
        for end in both:
            yield Input("bad chunk", "http", (post(chunk, "Transfer-Encoding: chunked", login=login),), end)
    for start in (
        b"GET",
        b"GET /\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\r\n" * 500,
        b"BREW / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /%zz%00%ff?%=% HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /" + b"a" * 300_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\n: novalue\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"b" * 2_000_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(5000)) + b"\r\n",
        b"GET / HTTP/1.1\r\nX\x00Y: z\r\n\r\n",
        b"HEAD /ping HTTP/1.0\r\n\r\n" * 50,
    ):
        yield Input("bad head", "http", (start,), "read")
    yield Input("slow", "http", tuple(whole[i : i + 1] for i in range(40)), "reset")


def _http_bodies(login: str, reader: str) -> Iterator[Input]:
    for encoding in ("gzip", "deflate", "br", "lz4", "zstd", "xz", "snappy", "nonsense"):
        body = post(b"\x1f\x8bnot compressed", f"Content-Encoding: {encoding}", login=login)
        yield Input("bad compression", "http", (body,), "read")
    yield Input("bad compression", "http", (post(b"x" * 100, path="/?decompress=1", login=login),), "read")
    bomb = gzip.compress(b"SELECT '" + b"a" * 50_000_000 + b"'")
    yield Input("bad compression", "http", (post(bomb, "Content-Encoding: gzip", login=login),), "read")
    for sql in (
        b"",
        b"\x00",
        b"\xff\xfe\xfd",
        b"SELECT " + b"(" * 20_000,
        b"SELECT 1" + b" UNION ALL SELECT 1" * 5000,
        b"SELECT '" + b"x" * 1000,
        b"INSERT INTO no_such.table FORMAT JSONEachRow {",
        b"INSERT INTO FUNCTION null('x Int8') FORMAT ArrowStream \xff\xff\xff\xff\x00\x00\x00\x7f",
        b"INSERT INTO FUNCTION null('x Int8') FORMAT Native \xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
        b"INSERT INTO FUNCTION null('x Int8') FORMAT Parquet PAR1PAR1",
        b"SELECT throwIf(1)",
        b"SELECT intDiv(1, 0)",
        b"SELECT repeat('a', 9000000000)",
        b"SELECT * FROM numbers(100000000000) SETTINGS max_execution_time = 0.2",
        b"SELECT range(4000000000)",
        b"SELECT CAST('x' AS Tuple(" + b"Array(" * 900 + b"Int8" + b")" * 900 + b"))",
    ):
        yield Input("bad query", "http", (post(sql, login=login),), "read")
    long = b"SELECT number, toString(number) FROM numbers(50000000)"
    for end in ("close", "reset"):
        yield Input("close mid answer", "http", (post(long, login=login),), end)
        yield Input("close mid answer", "http", (post(long, login=reader),), end)
    for path in ("/?session_id=%00", "/?query_id=" + "q" * 10_000, "/?max_threads=-1", "/?no_such=1", "/?param_x=%FF"):
        yield Input("bad parameter", "http", (post(b"SELECT 1", path=path, login=login),), "read")
    for path in ("/play", "/dashboard", "/replicas_status", "/metrics", "/js/uplot.js", "/ping/x"):
        yield Input("other path", "http", (post(b"SELECT 1", path=path, login=login),), "read")


def _native(writer: bytes, reader: bytes) -> Iterator[Input]:
    good = hello(b"te_reader", reader)
    for cut in (1, 2, 9, 13, len(good) - 1):
        for end in ("close", "reset"):
            yield Input("cut hello", "native", (good[:cut],), end)
    for packet in (
        varint(0) + varint(2**63) + b"x",
        varint(0) + text(b"c" * 1_000_000),
        varint(2**40),
        hello(b"te_reader", reader, revision=0),
        hello(b"te_reader", reader, revision=2**31),
        hello(b"te_reader", reader) * 2,
        b"\xff" * 64,
    ):
        yield Input("bad hello", "native", (packet,), "read")
    for after in (
        varint(1) + b"\xff" * 100,
        varint(1) + text(b"id"),
        varint(2) + text(b"") + b"\xff" * 50,
        varint(3),
        varint(4),
        varint(99),
        b"\x00" * 200,
        random.Random(1).randbytes(5000),
    ):
        for login in (good, hello(b"te_writer", writer)):
            yield Input("junk after login", "native", (login, after), "read")
        yield Input("junk after login", "native", (good, after), "reset")
