"""The robot at the portal: what it does in each mood, and what it leaves behind when it gives up."""

from __future__ import annotations

import shutil
import stat
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote_plus

import psutil
import pytest
import requests
from pydantic import SecretStr

from te_assets.robot.browser import launched
from te_assets.robot.downloads import check_download
from te_assets.robot.faults import ExportEmpty, NotFetched
from te_assets.robot.fetching import Fetcher
from te_assets.robot.periods import of_days
from te_assets.robot.portal.moods import Mood
from te_assets.robot.portal_file import Export
from te_assets.robot.secrets import Secrets
from te_assets_tests.robot.conftest import PASSWORD, TOKEN, DemoPortal, Opening, Watched

pytestmark = pytest.mark.browser

(DAY,) = of_days(date(2026, 3, 3), date(2026, 3, 3), 24, "Europe/Berlin")
Fetching = Callable[[DemoPortal], Fetcher]


@pytest.fixture
def fetcher_of(chromium: Path, tmp_path: Path, watched: Watched) -> Iterator[Fetching]:
    with ExitStack() as opened:

        def make(portal: DemoPortal) -> Fetcher:
            folder = tmp_path / "robot"
            folder.mkdir()
            secrets = Secrets([PASSWORD, TOKEN])
            made = Fetcher(portal.file, portal.access, lambda: chromium, folder, watched.around, secrets)
            opened.callback(made.close)
            return made

        yield make


def exports(portal: DemoPortal) -> tuple[Export, Export]:
    log, confirmations = portal.file.exports
    return log, confirmations


def test_both_ways_of_downloading_give_the_periods_rows(
    portal_of: Opening, fetcher_of: Fetching, watched: Watched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = Path(tempfile.mkdtemp(prefix="te-"))  # short: Chromium makes a socket in it
    monkeypatch.setenv("TMPDIR", str(elsewhere))
    portal = portal_of()
    fetcher = fetcher_of(portal)
    names = []
    for export in exports(portal):
        got = fetcher.fetch(export, DAY)
        assert got is not None
        path, name = got
        names.append(name.partition("_exported-")[0])
        assert path.stat().st_size > 5000

    assert names == ["Störungen_1000", "Rückmeldungen_1000"]
    assert portal.asked() == [("interactions", "2026-03-03", "fine"), ("confirmations", "2026-03-03", "fine")]
    assert portal.desk.sign_ins == [True]
    assert watched.pauses == []
    fetcher.close()
    assert list((tmp_path / "robot").iterdir()) == []  # neither downloads nor recordings stay behind
    assert list(elsewhere.glob("playwright*")) == []
    shutil.rmtree(elsewhere)


@pytest.mark.parametrize(
    ("mood", "pauses", "asked", "sign_ins"),
    [
        ("error", 1, 2, 1),
        ("crash", 1, 2, 1),
        ("empty", 1, 2, 1),
        ("zero", 1, 2, 1),
        ("expired", 0, 2, 2),
        ("twice", 0, 1, 1),
        ("slow", 0, 1, 1),
    ],
)
def test_a_bad_moment_passes(
    portal_of: Opening,
    fetcher_of: Fetching,
    watched: Watched,
    mood: Mood,
    pauses: int,
    asked: int,
    sign_ins: int,
) -> None:
    portal = portal_of(mood)
    got = fetcher_of(portal).fetch(exports(portal)[0], DAY)

    assert got is not None
    check_download(*got)
    assert len(watched.pauses) == pauses
    assert len(portal.asked()) == asked
    assert portal.desk.sign_ins == [True] * sign_ins


def test_a_session_that_ends_again_and_again_counts_as_a_failure(
    portal_of: Opening, fetcher_of: Fetching, watched: Watched
) -> None:
    portal = portal_of(*["expired"] * 4)

    assert fetcher_of(portal).fetch(exports(portal)[0], DAY) is not None
    assert len(watched.pauses) == 1
    assert len(portal.desk.sign_ins) == 5


def test_giving_up_leaves_evidence_without_a_secret(portal_of: Opening, fetcher_of: Fetching, watched: Watched) -> None:
    """The recording of a failed run was mailed to the portal's support, with the password in it."""
    portal = portal_of("error", "expired", "error", "error", "error")

    with pytest.raises(NotFetched, match=r"the portal says: Export failed, try later \(4 attempts\)") as caught:
        fetcher_of(portal).fetch(exports(portal)[0], DAY)
    folder = caught.value.evidence
    assert folder is not None
    assert [2 ** (n + 1) * 0.8 <= pause <= 2 ** (n + 1) * 1.2 for n, pause in enumerate(watched.pauses)] == [True] * 3
    assert folder.name == "20260305T060000.000000Z-interactions"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert (folder / "screenshot.png").read_bytes().startswith(b"\x89PNG\r\n")
    with zipfile.ZipFile(folder / "trace.zip") as trace:
        assert trace.testzip() is None
        assert b"Export failed, try later" in b"".join(trace.read(name) for name in trace.namelist())
    told = (folder / "page.txt").read_text()
    assert f"url: {portal.url}/exports/interactions" in told
    assert "title: Interactions - Plant reports" in told
    assert "Export failed, try later" in told
    for secret in (PASSWORD, quote_plus(PASSWORD), TOKEN):
        assert [name for name, content in everything_in(folder) if secret.encode() in content] == []


def everything_in(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Each file of a folder, and what is packed into it."""
    for path in folder.iterdir():
        yield path.name, path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    yield f"{path.name}/{name}", archive.read(name)


def test_a_workbook_without_rows_is_a_failure_and_is_kept_to_look_at(
    portal_of: Opening, fetcher_of: Fetching, watched: Watched
) -> None:
    portal = portal_of("empty", "empty", attempts=2)

    with pytest.raises(NotFetched, match=r"the workbook has no data rows \(2 attempts\)") as caught:
        fetcher_of(portal).fetch(exports(portal)[1], DAY)
    assert caught.value.evidence is not None
    (refused,) = caught.value.evidence.glob("refused-*.xlsx")
    with pytest.raises(ExportEmpty):
        check_download(refused, refused.name)


def test_a_period_may_be_empty_where_the_file_says_so(portal_of: Opening, fetcher_of: Fetching) -> None:
    portal = portal_of("empty", "empty", attempts=2)
    export = exports(portal)[0].model_copy(update={"may_be_empty": True})

    assert fetcher_of(portal).fetch(export, DAY) is None
    assert len(portal.asked()) == 2


def test_a_wrong_password_is_tried_once(portal_of: Opening, fetcher_of: Fetching, watched: Watched) -> None:
    """Four attempts in a minute locked the account of the whole department."""
    portal = portal_of()
    fetcher = fetcher_of(portal)
    portal.desk.access = replace(portal.desk.access, password=SecretStr("changed yesterday"))

    failures = []
    for export in exports(portal):
        with pytest.raises(NotFetched, match=r"User or password is wrong\. Check TE_PORTAL_DEMO_USER and") as caught:
            fetcher.fetch(export, DAY)
        failures.append(caught.value)
    assert portal.desk.sign_ins == [False]
    assert watched.pauses == []
    assert [PASSWORD in str(failure) for failure in failures] == [False, False]
    first, second = (failure.evidence for failure in failures)
    assert second is None  # it was not begun
    assert first is not None
    assert sorted(path.name for path in first.iterdir()) == ["page.txt", "screenshot.png"]  # a login is not recorded
    assert [name for name, content in everything_in(first) if PASSWORD.encode() in content] == []


def test_a_recording_of_the_login_would_hold_the_password(portal_of: Opening, chromium: Path, tmp_path: Path) -> None:
    """Why logins are not recorded; and the search for secrets in evidence finds them."""
    portal, trace = portal_of(), tmp_path / "trace.zip"
    with launched(chromium, tmp_path) as launch:
        context = launch.browser.new_context()
        context.tracing.start(screenshots=True, snapshots=True)
        page = context.new_page()
        page.goto(portal.url + "/login")
        page.get_by_label("Password").fill(PASSWORD)
        context.tracing.stop(path=trace)

    assert Secrets([PASSWORD]).are_in(trace)
    assert not Secrets([TOKEN]).are_in(trace)


def test_a_download_that_stands_still_has_an_end(fetcher_of: Fetching, portal_of: Opening, watched: Watched) -> None:
    """Playwright waits for the end of a download for ever; a night's run hung until Monday."""
    portal = portal_of(attempts=1)
    with standing_still(portal.url) as url:
        still = replace(portal, url=url)
        export = exports(portal)[0].model_copy(update={"timeout_seconds": 2.0})

        with pytest.raises(NotFetched, match=r"the download began, but did not end within 2 s"):
            fetcher_of(still).fetch(export, DAY)


@contextmanager
def standing_still(behind: str) -> Iterator[str]:
    """A portal in front of the portal at `behind`, whose files end in the middle."""
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.pass_on("GET", None)

        def do_POST(self) -> None:
            self.pass_on("POST", self.rfile.read(int(self.headers["Content-Length"])))

        def pass_on(self, method: str, body: bytes | None) -> None:
            sent = {name: self.headers[name] for name in ("Cookie", "Content-Type") if name in self.headers}
            got = requests.request(
                method, behind + self.path, data=body, headers=sent, allow_redirects=False, timeout=9
            )
            self.send_response(got.status_code)
            for name in ("Location", "Set-Cookie", "Content-Type", "Content-Disposition"):
                if name in got.headers:
                    self.send_header(name, got.headers[name])
            self.send_header("Content-Length", str(len(got.content)))
            self.end_headers()
            if self.path.endswith("/file"):
                self.wfile.write(got.content[: len(got.content) // 2])
                self.wfile.flush()
                over.wait(60)
            else:
                self.wfile.write(got.content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def test_what_comes_too_late_is_not_taken_for_the_next_period(
    portal_of: Opening, fetcher_of: Fetching, watched: Watched
) -> None:
    portal = portal_of("slow", seconds=0.2)
    export = exports(portal)[0].model_copy(update={"timeout_seconds": 1.0})

    assert fetcher_of(portal).fetch(export, DAY) is not None
    assert len(watched.pauses) == 1
    assert [mood for *_, mood in portal.asked()] == ["slow", "fine"]
    assert "the download did not begin within 1 s (timeout_seconds)" in "\n".join(watched.said)


def test_a_browser_that_dies_is_started_again(portal_of: Opening, fetcher_of: Fetching, watched: Watched) -> None:
    portal = portal_of()
    fetcher = fetcher_of(portal)
    assert fetcher.fetch(exports(portal)[0], DAY) is not None
    (browser,) = browsers()
    browser.kill()

    assert fetcher.fetch(exports(portal)[1], DAY) is not None
    assert portal.desk.sign_ins == [True, True]


def test_a_browser_that_hangs_is_killed_and_started_again(
    portal_of: Opening, fetcher_of: Fetching, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Closing a tab amid a change of pages hung for ever, and the portal's lock was held by a run that did nothing."""
    portal = portal_of()
    log, confirmations = exports(portal)
    fetcher = fetcher_of(portal)
    # What a hanging browser costs, and more than a slow download may take; this test does not wait for it.
    assert log.timeout_seconds < fetcher._bound(log) < 900
    monkeypatch.setattr(fetcher, "_bound", lambda _: 12.0)
    assert fetcher.fetch(log, DAY) is not None
    (browser,) = browsers()
    browser.suspend()

    assert fetcher.fetch(confirmations, DAY) is not None
    assert [line for line in watched.said if "the browser failed: " in line] != []
    assert not browser.is_running()


def browsers() -> list[psutil.Process]:
    """Chromium's first processes among those that this process began."""
    ours = psutil.Process().children(recursive=True)
    return [each for each in ours if "chrom" in each.name() and "chrom" not in (each.parent() or each).name()]
