"""The app's files and its page, as browsers and proxies ask for them; no server behind them is needed."""

from __future__ import annotations

import gzip
import http.client
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from te_assets.dashboard.bundle import Bundle
from te_assets.settings import Settings
from te_assets_tests.dashboard.serving import Dashboard, served

INDEX = """<!doctype html><html><head><base href="/"/><script nonce="__CSP_NONCE__">1</script>
<link rel="stylesheet" href="styles-SSY2JYCC.css" nonce="__CSP_NONCE__"></head>
<body><te-root ngcspnonce="__CSP_NONCE__"></te-root></body></html>"""
MAIN = "const figures = 'availability and scrap rate';\n" * 100


@pytest.fixture
def static(tmp_path: Path) -> Path:
    """A bundle as Angular builds it, with a secret beside it."""
    folder = tmp_path / "static"
    (folder / "media").mkdir(parents=True)
    (folder / "index.html").write_text(INDEX, encoding="utf-8")
    (folder / "main-S3UUOMTP.js").write_text(MAIN, encoding="utf-8")
    (folder / "chunk-DJVAsKa_.js").write_text("1", encoding="utf-8")
    (folder / "styles-SSY2JYCC.css").write_text("a{}", encoding="utf-8")
    (folder / "favicon.svg").write_text("<svg/>", encoding="utf-8")
    (folder / "media" / "roboto-ABCDEFGH.woff2").write_bytes(bytes(3000))
    (folder / ".hidden.js").write_text("secret", encoding="utf-8")
    (tmp_path / "secret.js").write_text("secret", encoding="utf-8")
    (folder / "linked.js").symlink_to(tmp_path / "secret.js")
    return folder


@contextmanager
def serving(folder: Path, mount: str = "/") -> Iterator[Dashboard]:
    settings = Settings(home=folder.parent / "home", dashboard_mount_path=mount)
    with served(settings, Bundle(folder)) as dashboard:
        yield dashboard


@pytest.fixture
def pages(static: Path) -> Iterator[Dashboard]:
    with serving(static) as dashboard:
        yield dashboard


def raw(pages: Dashboard, path: str, method: str = "GET") -> tuple[int, bytes]:
    """Ask for a path just as it stands."""
    connection = http.client.HTTPConnection(pages.url.removeprefix("http://"), timeout=30)
    connection.request(method, path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body


def directives(answer: requests.Response) -> dict[str, str]:
    policy = answer.headers["Content-Security-Policy"]
    return {name: rest for name, _, rest in (part.strip().partition(" ") for part in policy.split(";"))}


def test_each_answer_has_a_nonce_of_its_own_and_its_policy_names_it(pages: Dashboard) -> None:
    answers = [pages.get("/") for _ in range(3)]
    nonces = [set(re.findall(r'[nN]once="([^"]+)"', answer.text)) for answer in answers]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert [len(found) for found in nonces] == [1] * 3
    assert len(set[str]().union(*nonces)) == 3
    for answer, (nonce,) in zip(answers, nonces, strict=True):
        assert "__CSP_NONCE__" not in answer.text
        assert len(nonce) >= 22  # 128 bits
        assert directives(answer) == {
            "default-src": "'self'",
            "script-src": f"'self' 'nonce-{nonce}'",
            "style-src": f"'self' 'nonce-{nonce}'",
            "style-src-attr": "'unsafe-inline'",
            "img-src": "'self' data:",
            "connect-src": "'self'",
            "object-src": "'none'",
            "base-uri": "'self'",
            "form-action": "'self'",
            "frame-ancestors": "'none'",
        }
        assert answer.headers["Cache-Control"] == "no-cache"
        assert "ETag" not in answer.headers  # a 304 would name another nonce than the page that was kept
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"


def test_places_of_the_router_get_the_page_and_missing_files_do_not(pages: Dashboard) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    found = {
        path: pages.get(path, headers=browser).status_code
        for path in (
            "/availability",
            "/machine/1000/PRS01",
            "/machine/1000/PRS.01",
            "/index.html",
            "/a/?from=2026-03-02",
        )
    }
    missing = {
        path: (answer.status_code, answer.headers["Content-Type"], answer.json()["type"].rpartition(":")[2])
        for path in (
            "/main-OLDHASH1.js",
            "/styles.css",
            "/machine/x.map",
            "/api",
            "/api/v1/nothing",
            "/api/v2/x",
        )
        for answer in [pages.get(path, headers=browser)]
    }

    assert set(found.values()) == {200}, found
    assert set(missing.values()) == {(404, "application/problem+json", "not-found")}, missing
    assert pages.get("/backup.tar").status_code == 404


def test_files_say_what_they_are_and_how_long_they_keep(pages: Dashboard) -> None:
    told = {
        name: (answer.status_code, answer.headers["Content-Type"], answer.headers["Cache-Control"])
        for name in (
            "main-S3UUOMTP.js",
            "chunk-DJVAsKa_.js",
            "styles-SSY2JYCC.css",
            "media/roboto-ABCDEFGH.woff2",
            "favicon.svg",
        )
        for answer in [pages.get(f"/{name}")]
    }

    forever = "public, max-age=31536000, immutable"
    assert told == {
        "main-S3UUOMTP.js": (200, "text/javascript; charset=utf-8", forever),
        "chunk-DJVAsKa_.js": (200, "text/javascript; charset=utf-8", forever),
        "styles-SSY2JYCC.css": (200, "text/css; charset=utf-8", forever),
        "media/roboto-ABCDEFGH.woff2": (200, "font/woff2", forever),
        "favicon.svg": (200, "image/svg+xml", "no-cache"),
    }


def test_a_file_is_packed_for_those_who_unpack_and_asked_for_once(pages: Dashboard) -> None:
    packed = pages.get("/main-S3UUOMTP.js", headers={"Accept-Encoding": "gzip"})
    plain = pages.get("/main-S3UUOMTP.js", headers={"Accept-Encoding": "identity"})
    again = pages.get("/main-S3UUOMTP.js", headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]})

    assert (packed.text, plain.text) == (MAIN, MAIN)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(gzip.compress(MAIN.encode(), 9, mtime=0))
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["ETag"] != packed.headers["ETag"]
    assert {packed.headers["Vary"], plain.headers["Vary"]} == {"Accept-Encoding"}
    assert (again.status_code, again.content) == (304, b"")
    assert "Content-Encoding" not in pages.get("/media/roboto-ABCDEFGH.woff2").headers


@pytest.mark.parametrize(
    "path",
    [
        *("/../secret.js", "/..%2fsecret.js", "/%2e%2e/secret.js", "/%2e%2e%2fsecret.js", "/media/..%2f..%2fsecret.js"),
        *("/..%5csecret.js", "//secret.js", "/media/../../secret.js", "/linked.js", "/.hidden.js", "/%2ehidden.js"),
        *("/secret.js%00.js", "/main-S3UUOMTP.js%00", "/media%2f..%2f..%2fsecret.js"),
    ],
)
def test_nothing_outside_the_bundle_or_hidden_is_given(pages: Dashboard, path: str) -> None:
    status, body = raw(pages, path)

    assert b"secret" not in body.replace(b"secret.js", b"")
    # What ends like a file is missing; anything else is a place of the router.
    assert status == 404 or INDEX.partition("<head>")[0].encode() in body


def test_head_tells_what_get_would(pages: Dashboard) -> None:
    for path in ("/", "/machine/1000/PRS01", "/favicon.svg"):
        get, head = pages.get(path), requests.head(pages.url + path, timeout=30)
        assert (head.status_code, head.content) == (get.status_code, b"")
        assert head.headers["Content-Type"] == get.headers["Content-Type"]
    # Of a route of the API, HEAD must not be answered by the page.
    assert [raw(pages, path, "HEAD")[0] for path in ("/readyz", "/api/v1/availability", "/docs")] == [405] * 3
    assert raw(pages, "/missing.js", "HEAD") == (404, b"")
    assert raw(pages, "/", "POST")[0] == 405


@pytest.mark.parametrize("mount", ["/te/", "/te", "/plants/te_1/"])
def test_below_a_proxy_all_is_answered_with_the_path_and_without(static: Path, mount: str) -> None:
    """Some proxies take the path off, some leave it; the browser sees it in either case."""
    base = mount.rstrip("/") + "/"
    with serving(static, mount) as pages:
        for prefix in (base, "/"):
            shown = pages.get(f"{prefix}machine/1000/PRS01")
            assert f'<base href="{base}"/>' in shown.text
            assert pages.get(f"{prefix}main-S3UUOMTP.js").text == MAIN
            assert pages.get(f"{prefix}healthz").json() == {"status": "ok"}
            assert pages.get(f"{prefix}api/v1/nothing").status_code == 404
            assert pages.get(f"{prefix}docs/assets/swagger-ui.css").status_code == 200
        assert "/api/v1/availability" in pages.get(f"{base}openapi.json").json()["paths"]
        assert pages.get(f"{base}openapi.json").json()["servers"] == [{"url": base.rstrip("/")}]
        moved = requests.get(pages.url + base.rstrip("/"), allow_redirects=False, timeout=30)
        assert (moved.status_code, moved.headers["Location"]) == (307, base)


@pytest.mark.parametrize("mount", ["te/", "/te?x", '/te"/', "/t e/", ""])
def test_a_mount_path_that_is_none_is_refused(mount: str) -> None:
    from te_assets.errors import SettingsError

    with pytest.raises(SettingsError, match="TE_DASHBOARD_MOUNT_PATH"):
        Settings(dashboard_mount_path=mount)


def test_without_pages_it_says_how_to_build_them_and_shows_them_once_they_are(static: Path) -> None:
    built = static.rename(static.with_name("built"))
    with serving(static) as pages:
        unbuilt = pages.get("/")
        assert unbuilt.status_code == 503
        assert unbuilt.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "make frontend" in unbuilt.text
        nonces = set(re.findall(r'nonce="([^"]+)"', unbuilt.text))
        assert directives(unbuilt)["style-src"] == f"'self' 'nonce-{nonces.pop()}'"
        assert pages.get("/healthz").status_code == 200

        built.rename(static)
        assert pages.get("/").status_code == 200

        (static / "index.html").write_text(INDEX.replace("<te-root", "<p>anew</p><te-root"), encoding="utf-8")
        assert "<p>anew</p>" in pages.get("/").text


def test_answers_that_are_no_pages_let_nothing_run(pages: Dashboard) -> None:
    for path in ("/api/v1/nothing", "/healthz", "/openapi.json"):
        answer = pages.get(path)
        assert directives(answer) == {"default-src": "'none'", "frame-ancestors": "'none'"}
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_the_page_of_the_interface_needs_nothing_from_outside(pages: Dashboard) -> None:
    shown = pages.get("/docs")
    wanted = re.findall(r'(?:src|href)="([^"]+)"', shown.text)
    (nonce,) = set(re.findall(r'nonce="([^"]+)"', shown.text))

    assert {pages.get(f"/{address}").status_code for address in wanted if not address.startswith("data:")} == {200}
    assert [address for address in wanted if "//" in address] == []
    assert shown.text.count("<script>") == 0
    assert directives(shown)["script-src"] == f"'self' 'nonce-{nonce}'"
    assert json.loads(pages.get("/openapi.json").text)["info"]["title"] == "te_assets dashboard"
