"""A secret is found however it is written, and nothing else is taken for one."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from pydantic import SecretStr

from te_assets.errors import SettingsError
from te_assets.robot.secrets import Secrets
from te_assets.settings import portal_access

SECRET = 'Pä55 w&rd+"/'
WRITTEN = [
    SECRET,
    "P%C3%A455%20w%26rd%2B%22%2F",
    "P%C3%A455+w%26rd%2B%22%2F",
    'P\\u00e455 w&rd+\\"/',
    "Pä55 w&amp;rd+&quot;/",
]


@pytest.mark.parametrize("written", WRITTEN)
def test_a_secret_is_hidden_and_found_as_it_is_written(tmp_path: Path, written: str) -> None:
    path, archive = tmp_path / "a.txt", tmp_path / "a.zip"
    path.write_text("x" * ((1 << 20) - 5) + written + "x", encoding="utf-8")  # across the end of a piece
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("inner", written)
    secrets = Secrets([SECRET, ""])

    assert secrets.hide(f"fill({written}) failed") == "fill(***) failed"
    assert secrets.are_in(path)
    assert secrets.are_in(archive)


def test_what_holds_none_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("nothing of it")

    assert not Secrets([SECRET]).are_in(path)
    assert Secrets([""]).hide("nothing of it") == "nothing of it"


def test_access_comes_from_variables_or_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "password").write_text(SECRET + "\n", encoding="utf-8")
    monkeypatch.setenv("TE_PORTAL_SAP_WEB_USER", "robot")
    monkeypatch.setenv("TE_PORTAL_SAP_WEB_PASSWORD_FILE", str(tmp_path / "password"))
    monkeypatch.setenv("TE_PORTAL_SAP_WEB_URL", "https://other.example")
    access = portal_access("sap-web")

    assert (access.user, access.password, access.url) == ("robot", SecretStr(SECRET), "https://other.example")
    assert SECRET not in repr(access)


def test_missing_access_names_both_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TE_PORTAL_SAP_WEB_USER", "robot")

    with pytest.raises(SettingsError) as caught:
        portal_access("sap-web")
    assert str(caught.value) == (
        "portal sap-web: TE_PORTAL_SAP_WEB_PASSWORD not set. The robot signs in with TE_PORTAL_SAP_WEB_USER and "
        "TE_PORTAL_SAP_WEB_PASSWORD; each may name a file instead, with _FILE at its end."
    )
