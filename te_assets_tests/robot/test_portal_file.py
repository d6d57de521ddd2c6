"""A portal file is read strictly: a typing error is told with its line before anyone signs in anywhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from te_assets.robot.placeholders import filled
from te_assets.robot.portal.example import FILE, example
from te_assets.robot.portal_file import Portal, PortalFaulty, load_portal

TEXT = FILE.read_text(encoding="utf-8")
Loading = Callable[[str, str], Portal]


@pytest.fixture
def changed(tmp_path: Path) -> Loading:
    """Loads the shipped file with one text in it changed."""

    def load(old: str, new: str) -> Portal:
        assert old in TEXT
        path = tmp_path / "portal.yaml"
        path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
        return load_portal(path)

    return load


def test_the_shipped_file_is_read() -> None:
    portal = load_portal(FILE)

    assert (portal.name, portal.zone, portal.schedule) == ("demo", "Europe/Berlin", "15 * * * *")
    assert [export.name for export in portal.exports] == ["interactions", "confirmations"]
    assert [str(step) for step in portal.exports[1].steps] == [
        "open /exports/confirmations",
        'fill label "From"',
        'fill label "To"',
        'click button "Export"',
        'wait_for text "The export is ready"',
        'download link "Download"',
    ]
    assert "url: http://127.0.0.1:4711\n" in example("http://127.0.0.1:4711")


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("zone: Europe/Berlin", "zone: Europe/Bärlin", 5, "zone: 'Europe/Bärlin' is not in the time zone database"),
        ("hours: 24", "hours: 7", 7, "period.hours: 7 does not divide 24; choose 1, 2, 3, 4, 6, 8, 12 or 24"),
        ("settle_minutes", "settle_minuets", 7, "period.settle_minuets: is not a key of portal files"),
        ("{user}", "{usr}", 10, "login.1.fill.value: {usr} is no placeholder; there are {from:%Y-%m-%d}"),
        ("{from:%Y-%m-%dT%H:%M}", "{from}", 22, "{from} needs a format, such as {from:%Y-%m-%d}"),
        ("{from:%Y-%m-%dT%H:%M}", "{from", 22, "a brace itself is written {{ or }}"),
        ("{to:%Y-%m-%dT%H:%M}", "{password}", 20, "user and password are for login alone"),
        ('value: "{user}"', 'value: "{to:%Y}"', 8, "a login knows no period"),
        ("- open: /login", "- open: /login\n    click: {text: x}", 9, "a step does one thing"),
        ("- open: /login", "- open:", 9, "a step does one thing"),
        ("{label: User,", "{label: User, css: input,", 10, "write exactly one"),
        ("{label: User,", "{label: User, name: x,", 10, "name needs a role beside it"),
        ("- download: {role: button", "- click: {role: button", 20, "has 0 download steps; an export has exactly one"),
        ("name: confirmations", "name: interactions", 16, "interactions stands twice"),
        ("name: demo", "name: Demo Portal", 3, "name: String should match pattern"),
        ("url: http://", "url: http://me:secret@", 4, "url: an address holds no user and password"),
        ('"15 * * * *"', '"* * *"', 6, "is no cron line of five fields"),
        ("{role: alert}", '{text: "{last:%d}"}', 15, "is looked for at any time, and takes no placeholder"),
        ("attempts: 4", 'attempts: "4"', 35, "attempts: Input should be a valid integer"),
        ("name: demo", "name: demo\nname: demo", 4, "'name' stands here and on line 3; keep one"),
        ("zone: Europe/Berlin\n", "", 1, "zone: is missing; add it"),
    ],
)
def test_a_fault_is_told_with_its_line(changed: Loading, old: str, new: str, line: int, what: str) -> None:
    with pytest.raises(PortalFaulty) as caught:
        changed(old, new)

    assert what in str(caught.value)
    assert f"portal.yaml, line {line}: " in str(caught.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(PortalFaulty, match=r"cannot be read \(No such file or directory\)"):
        load_portal(tmp_path / "portal.yaml")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{from:%Y-%m-%d}", "2026-03-02"),
        ("{to:%d.%m.%Y %H:%M}", "03.03.2026 00:00"),
        ("{last:%d/%m} {{x}}", "02/03 {x}"),
        ("plain", "plain"),
    ],
)
def test_placeholders_are_filled(text: str, expected: str) -> None:
    zone = ZoneInfo("Europe/Berlin")
    values = {
        "from": datetime(2026, 3, 2, tzinfo=zone),
        "to": datetime(2026, 3, 3, tzinfo=zone),
        "last": datetime(2026, 3, 2, 23, 59, tzinfo=zone),
    }

    assert filled(text, values) == expected
