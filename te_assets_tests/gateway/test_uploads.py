"""Multipart bodies, cut into chunks wherever a network cuts them."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from te_assets.gateway.uploads import Upload, receive
from te_assets.intake.landing import LandingStore
from te_assets.web.problems import Problem

TYPE = "multipart/form-data; boundary=b0undary"
LIMIT = 1_000_000


def body(content: bytes, name: str = "a.xlsx", *, source: str | None = None, is_cut: bool = False) -> bytes:
    parts = (
        [b'--b0undary\r\nContent-Disposition: form-data; name="source"\r\n\r\n' + source.encode() + b"\r\n"]
        if source
        else []
    )
    parts.append(
        b'--b0undary\r\nContent-Disposition: form-data; name="file"; filename="' + name.encode() + b'"\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n" + content + b"\r\n"
    )
    return b"".join(parts) + (b"" if is_cut else b"--b0undary--\r\n")


async def _chunks(of: bytes, sizes: Sequence[int]) -> AsyncIterator[bytes]:
    for size in sizes:
        yield of[:size]
        of = of[size:]
    yield of


def taken(
    folder: Path, sent: bytes, sizes: Sequence[int] = (), content_type: str = TYPE, limit: int = LIMIT
) -> tuple[Upload, bytes, str]:
    """What the body said, the bytes on disk, and their hash."""

    async def take() -> tuple[Upload, bytes, str]:
        with LandingStore(folder).incoming() as copy:
            upload = await receive(_chunks(sent, sizes), content_type, copy, limit)
            copy.flush()
            return upload, copy.path.read_bytes(), copy.sha256

    return asyncio.run(take())


def refused(folder: Path, sent: bytes, content_type: str = TYPE, limit: int = LIMIT) -> Problem:
    with pytest.raises(Problem) as caught:
        taken(folder, sent, content_type=content_type, limit=limit)
    assert list((folder / "incoming").iterdir()) == []
    return caught.value


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.binary(max_size=300), sizes=st.lists(st.integers(0, 80), max_size=12))
def test_the_file_is_the_same_however_the_body_is_cut(tmp_path: Path, content: bytes, sizes: list[int]) -> None:
    upload, stored, sha256 = taken(tmp_path, body(content, source="mes"), sizes)

    assert (upload.file_name, upload.fields) == ("a.xlsx", {"source": "mes"})
    assert stored == content
    assert sha256 == hashlib.sha256(content).hexdigest()


def test_a_file_of_megabytes_goes_to_disk_in_pieces(tmp_path: Path) -> None:
    content = bytes(range(256)) * 12_000
    _, stored, _ = taken(tmp_path, body(content), [65_536] * 50, limit=4_000_000)

    assert stored == content


def test_names_are_data(tmp_path: Path) -> None:
    upload, _, _ = taken(tmp_path, body(b"x", "../../Störungen 工.xlsx"))

    assert upload.file_name == "../../Störungen 工.xlsx"


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("form-data; name=file; filename=a.xlsx; filename*=utf-8''a.xlsx", "a.xlsx"),
        ("form-data; name=file; filename=\"=?utf-8?B?UsO8Y2subHN4?=\"; filename*=utf-8''R%C3%BCck.xlsx", "Rück.xlsx"),
        ('form-data; name="file"; filename="=?utf-8?B?UsO8Y2sueGxzeA==?="', "Rück.xlsx"),
        ('form-data; name="file"; filename="=?nonsense?B?x?="', "=?nonsense?B?x?="),
        ("form-data; name=file; filename=a.xlsx; filename*=nonsense''b.xlsx", "a.xlsx"),
        ("form-data; name=file; filename=a.xlsx; filename*=idna''b%FF.xlsx", "a.xlsx"),  # a codec without “replace”
        ('form-data; name="file"', "workbook"),
    ],
)
def test_names_as_net_and_others_write_them(tmp_path: Path, disposition: str, name: str) -> None:
    """UiPath is .NET: its part headers have no quotes, and what is not ASCII is encoded twice."""
    sent = f"--b0undary\r\nContent-Disposition: {disposition}\r\n\r\nx\r\n--b0undary--\r\n".encode()
    upload, stored, _ = taken(tmp_path, sent, content_type='multipart/form-data; boundary="b0undary"')

    assert (upload.file_name, stored) == (name, b"x")


def test_a_body_without_a_file_has_no_name(tmp_path: Path) -> None:
    upload, _, _ = taken(
        tmp_path, b'--b0undary\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n--b0undary--\r\n'
    )

    assert upload == Upload(None, {"x": "1"})


def test_a_file_under_another_name_is_told_so(tmp_path: Path) -> None:
    """It was taken for a field, and its sender was told that the field is too long."""
    problem = refused(tmp_path, body(b"x" * 2_000).replace(b'name="file"', b'name="workbook"'))

    assert (problem.status, problem.kind) == (422, "no-file")
    assert "“workbook”" in problem.detail


@pytest.mark.parametrize("cut", [1, 40, 120, -20, -4])
def test_a_body_that_ends_early_was_cut(tmp_path: Path, cut: int) -> None:
    problem = refused(tmp_path, body(b"0123456789" * 20)[:cut])

    assert (problem.status, problem.kind) == (400, "body-cut")
    assert "Nothing was stored" in problem.detail


@pytest.mark.parametrize(
    "content_type", ["", "application/json", "multipart/form-data", "text/plain; boundary=b0undary"]
)
def test_another_kind_of_body_is_refused(tmp_path: Path, content_type: str) -> None:
    assert refused(tmp_path, body(b"x"), content_type).status == 415


def test_what_is_no_multipart_is_refused(tmp_path: Path) -> None:
    problem = refused(tmp_path, b"PK\x03\x04 a workbook as it is")

    assert (problem.status, problem.kind) == (400, "body-faulty")


@pytest.mark.parametrize(("size", "is_taken"), [(1000, True), (1001, False), (200_000, False)])
def test_a_file_may_have_so_many_bytes(tmp_path: Path, size: int, is_taken: bool) -> None:
    if is_taken:
        assert len(taken(tmp_path, body(bytes(size)), limit=1000)[1]) == size
    else:
        problem = refused(tmp_path, body(bytes(size)), limit=1000)
        assert (problem.status, problem.members) == (413, {"largest_bytes": 1000})


def test_two_files_in_one_body_are_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, body(b"one", is_cut=True) + body(b"two")).kind == "two-files"


def test_a_field_may_not_fill_the_memory(tmp_path: Path) -> None:
    assert refused(tmp_path, body(b"x", source="s" * 1001)).kind == "field-too-long"
