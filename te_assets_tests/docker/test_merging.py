"""The stand-in of ClickHouse joins configuration files as the server does: else tests would pass that a plant fails."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from te_assets_tests.docker.images.clickhouse.merging import ConfigurationError, merged


def joined(folder: Path, main: str, **files: str) -> str:
    """The one line that main.xml and the files of main.d come to."""
    (folder / "main.d").mkdir()
    (folder / "main.xml").write_text(f"<clickhouse>{main}</clickhouse>", encoding="utf-8")
    for name, text in files.items():
        (folder / "main.d" / f"{name}.xml").write_text(f"<clickhouse>{text}</clickhouse>", encoding="utf-8")
    result = merged(folder / "main.xml", {"SECRET": "s3cret"})
    return "".join(ET.tostring(child, encoding="unicode") for child in result)


@pytest.mark.parametrize(
    ("main", "other", "result"),
    [
        ("<a>1</a>", "<a>2</a>", "<a>2</a>"),
        ("<a><b>1</b><c>1</c></a>", "<a><b>2</b></a>", "<a><b>2</b><c>1</c></a>"),
        ("<a><b>1</b><c>1</c></a>", '<a replace="replace"><b>2</b></a>', "<a><b>2</b></a>"),
        ("<a><b>1</b><c>1</c></a>", '<a><b remove="remove"/></a>', "<a><c>1</c></a>"),
        ("<a>1</a>", '<b remove="1"/>', "<a>1</a>"),
        ("<a>1</a>", '<b replace="1">2</b>', "<a>1</a><b>2</b>"),
        ("", '<a from_env="SECRET"/>', "<a>s3cret</a>"),
    ],
    ids=["text", "deep", "replace", "remove", "remove nothing", "replace nothing", "environment"],
)
def test_two_files(tmp_path: Path, main: str, other: str, result: str) -> None:
    assert joined(tmp_path, main, other=other) == result


def test_repeated_elements_meet_one_by_one(tmp_path: Path) -> None:
    """One `listen_host` of ours did not take the place of the image's two: the engine listened on both again."""
    main = "<host>::</host><host>0.0.0.0</host>"
    assert joined(tmp_path, main, other="<host>127.0.0.1</host>") == "<host>127.0.0.1</host><host>0.0.0.0</host>"


def test_files_are_taken_in_the_order_of_their_names(tmp_path: Path) -> None:
    assert joined(tmp_path, "<a>1</a>", b="<a>3</a>", a="<a>2</a>") == "<a>3</a>"


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ('<a replace="1" remove="1"/>', "both remove and replace"),
        ('<a from_env="NOT_THERE"/>', "no variable NOT_THERE"),
        ('<a incl="elsewhere"/>', "does not know incl"),
        ("<a>", "main.d/other.xml: mismatched tag"),
    ],
)
def test_what_the_server_would_refuse_is_refused(tmp_path: Path, other: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        joined(tmp_path, "<a>1</a>", other=other)
