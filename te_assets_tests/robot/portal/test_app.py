"""The demo portal by HTTP: its door, its form, and each of its moods."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests

from te_assets.robot.portal.moods import BAD, Moods
from te_assets_tests.robot.conftest import PASSWORD, USER, DemoPortal, Opening

SECONDS = 10.0
ASKED = {"starts": "2026-03-03T00:00", "ends": "2026-03-04T00:00"}
Entering = Callable[[DemoPortal], requests.Session]


@pytest.fixture
def enter() -> Entering:
    def signed_in(portal: DemoPortal) -> requests.Session:
        session = requests.Session()
        entered = session.post(portal.url + "/login", data={"user": USER, "password": PASSWORD}, timeout=SECONDS)
        assert "<h1>Reports</h1>" in entered.text
        return session

    return signed_in


def ask(portal: DemoPortal, session: requests.Session, kind: str = "interactions") -> requests.Response:
    return session.post(f"{portal.url}/exports/{kind}", data=ASKED, timeout=SECONDS)


@pytest.mark.parametrize("path", ["/", "/exports/interactions", "/exports/interactions/x", "/jobs/x", "/jobs/x/file"])
def test_nothing_is_shown_to_strangers(portal_of: Opening, path: str) -> None:
    answer = requests.get(portal_of().url + path, timeout=SECONDS)

    assert answer.url.endswith("/login")
    assert "<h1>Sign in</h1>" in answer.text


@pytest.mark.parametrize(("user", "password"), [(USER, "x"), ("x", PASSWORD), ("", ""), (USER, "päss")])
def test_a_wrong_password_is_told(portal_of: Opening, user: str, password: str) -> None:
    portal = portal_of()
    answer = requests.post(portal.url + "/login", data={"user": user, "password": password}, timeout=SECONDS)

    assert answer.status_code == 401
    assert '<p role="alert">User or password is wrong</p>' in answer.text
    assert portal.desk.sign_ins == [False]


def test_who_signs_out_is_a_stranger_again(portal_of: Opening, enter: Entering) -> None:
    portal = portal_of()
    session = enter(portal)
    cookie = session.cookies["session"]
    session.post(portal.url + "/logout", timeout=SECONDS)

    answer = requests.get(portal.url + "/", cookies={"session": cookie}, timeout=SECONDS)
    assert "<h1>Sign in</h1>" in answer.text


@pytest.mark.parametrize(
    ("mood", "status", "shown"),
    [
        ("fine", 200, "const starts = 1,"),
        ("slow", 200, "Preparing the export"),
        ("twice", 200, "const starts = 2,"),
        ("empty", 200, "const starts = 1,"),
        ("zero", 200, "const starts = 1,"),
        ("error", 200, '<p role="alert">Export failed, try later</p>'),
        ("crash", 500, "Export failed, try later"),
        ("expired", 200, "<h1>Sign in</h1>"),
    ],
)
def test_an_export_goes_as_the_mood_is(portal_of: Opening, enter: Entering, mood: str, status: int, shown: str) -> None:
    portal = portal_of(mood, seconds=0.0)
    answer = ask(portal, enter(portal))

    assert (answer.status_code, shown in answer.text) == (status, True)
    assert portal.asked() == [("interactions", "2026-03-03", mood)]


@pytest.mark.parametrize(("mood", "is_empty"), [("fine", False), ("zero", True)])
def test_a_workbook_is_there_when_it_is_ready(portal_of: Opening, enter: Entering, mood: str, is_empty: bool) -> None:
    portal = portal_of(mood, seconds=0.0)
    session = enter(portal)
    job = ask(portal, session).url.rpartition("/")[2]
    assert session.get(f"{portal.url}/jobs/{job}", timeout=SECONDS).json() == {"ready": True}
    file = session.get(f"{portal.url}/jobs/{job}/file", timeout=SECONDS)

    assert (len(file.content) == 0) == is_empty
    assert "_exported-" in file.headers["Content-Disposition"]


def test_a_workbook_is_not_there_before_it_is_ready(portal_of: Opening, enter: Entering) -> None:
    portal = portal_of(seconds=600.0)
    session = enter(portal)
    job = ask(portal, session).url.rpartition("/")[2]

    assert session.get(f"{portal.url}/jobs/{job}", timeout=SECONDS).json() == {"ready": False}
    assert session.get(f"{portal.url}/jobs/{job}/file", timeout=SECONDS).status_code == 404


def test_moods_follow_the_script_and_then_the_seed() -> None:
    first, again, other = (Moods(["twice"], share=0.5, seed=seed) for seed in (1, 1, 2))
    drawn = [[moods.next() for _ in range(400)] for moods in (first, again, other)]

    assert drawn[0] == drawn[1] != drawn[2]
    assert drawn[0][0] == "twice"
    assert 160 <= sum(mood != "fine" for mood in drawn[0][1:]) <= 240
    assert set(drawn[0]) == {"fine", *BAD}
