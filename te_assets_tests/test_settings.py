"""The environment, and nothing else, decides; secrets may lie in files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from te_assets.errors import SettingsError
from te_assets.settings import Settings, export, isolated


def test_without_any_variable_everything_lies_in_the_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TE_HOME")
    monkeypatch.chdir(tmp_path)
    settings = Settings()

    assert settings.home_dir == tmp_path / ".te"
    assert settings.inbox_dir == tmp_path / ".te" / "inbox"
    assert settings.landing_dir == tmp_path / ".te" / "landing"
    assert settings.dagster_home == tmp_path / ".te" / "dagster"
    assert (settings.site_dir / "site.yaml").exists()
    assert settings.kafka_bootstrap_servers is None
    assert settings.clickhouse_url is None
    assert settings.clickhouse_user == "te_writer"


def test_variables_win_over_the_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("HOME", "INBOX", "LANDING", "SITE"):
        monkeypatch.setenv(f"TE_{name}", str(tmp_path / name.lower()))
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "instance"))
    monkeypatch.setenv("TE_KAFKA_BOOTSTRAP_SERVERS", "one:9092,two:9092")
    settings = Settings()

    assert settings.home_dir == tmp_path / "home"
    assert settings.inbox_dir == tmp_path / "inbox"
    assert settings.landing_dir == tmp_path / "landing"
    assert settings.site_dir == tmp_path / "site"
    assert settings.dagster_home == tmp_path / "instance"
    assert settings.kafka_bootstrap_servers == "one:9092,two:9092"


def test_a_tilde_is_the_users_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TE_HOME", "~/te")

    assert Settings().home_dir == tmp_path / "te"


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_secret_may_lie_in_a_file_and_loses_its_line_break(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, end: str
) -> None:
    """Container secrets are files, and editors end them with a line break."""
    (tmp_path / "secret").write_bytes(f" Päss wörd{end}".encode())
    monkeypatch.setenv("TE_CLICKHOUSE_PASSWORD_FILE", str(tmp_path / "secret"))

    assert Settings().clickhouse_password == SecretStr(" Päss wörd")


def test_any_setting_may_lie_in_a_file_and_the_variable_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "url").write_text("http://from-file:8123\n")
    monkeypatch.setenv("TE_CLICKHOUSE_URL_FILE", str(tmp_path / "url"))

    assert Settings().clickhouse_url == "http://from-file:8123"
    assert Settings(clickhouse_url="http://from-argument:8123").clickhouse_url == "http://from-argument:8123"

    monkeypatch.setenv("TE_CLICKHOUSE_URL", "http://from-variable:8123")
    assert Settings().clickhouse_url == "http://from-variable:8123"


def test_a_secret_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TE_OPERATOR_KEY_FILE", str(tmp_path / "nothing"))

    with pytest.raises(SettingsError) as caught:
        Settings()

    assert "TE_OPERATOR_KEY_FILE" in str(caught.value)
    assert str(tmp_path / "nothing") in str(caught.value)
    assert "readable file" in str(caught.value)


def test_a_secret_file_that_is_no_text_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"\xff\xfe\x00")
    monkeypatch.setenv("TE_OPERATOR_KEY_FILE", str(tmp_path / "key"))

    with pytest.raises(SettingsError, match="TE_OPERATOR_KEY_FILE"):
        Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TE_KAFKA_REPLICATION_FACTOR", "0"),
        ("TE_KAFKA_SECURITY_PROTOCOL", "TLS"),
        ("TE_ALERT_FORMAT", "teams"),
        ("TE_DAGSTER_POSTGRES_PORT", "65536"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_with_the_name_of_its_setting(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """An error that a person can act on, not a traceback of a library."""
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError) as caught:
        Settings()

    assert name in str(caught.value)
    assert value in str(caught.value)


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "TE_CLICKHOUSE_PASSWORD",
        "TE_CLICKHOUSE_READER_PASSWORD",
        "TE_KAFKA_SASL_PASSWORD",
        "TE_DAGSTER_POSTGRES_PASSWORD",
        "TE_OPERATOR_KEY",
        "TE_ALERT_WEBHOOK_URL",
    ):
        monkeypatch.setenv(name, "hunter2")

    assert "hunter2" not in f"{Settings()!r} {Settings()}"
    assert "hunter2" not in Settings().model_dump_json()


def test_settings_do_not_change_once_read() -> None:
    with pytest.raises(ValidationError):
        Settings().home = Path("elsewhere")  # type: ignore[misc]


def test_what_dagster_starts_finds_the_same_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "to be replaced")
    monkeypatch.delenv("DAGSTER_HOME")
    monkeypatch.setenv("TE_HOME", "elsewhere")
    export(Settings(home=tmp_path / "home"))

    assert Settings().home_dir == tmp_path / "home"
    assert Settings().dagster_home == tmp_path / "home" / "dagster"


def test_isolated_settings_hide_the_users_own_servers_and_give_them_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A demo must never write into the plant's ClickHouse."""
    monkeypatch.setenv("TE_KAFKA_BOOTSTRAP_SERVERS", "plant:9092")
    monkeypatch.setenv("TE_CLICKHOUSE_URL_FILE", str(tmp_path / "nothing"))
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "plant"))
    before = dict(os.environ)

    with isolated(tmp_path / "demo", tmp_path / "site") as settings:
        assert settings.home_dir == tmp_path / "demo"
        assert settings.site_dir == tmp_path / "site"
        assert settings.dagster_home == tmp_path / "demo" / "dagster"
        assert settings.kafka_bootstrap_servers is None
        assert Settings() == settings
        os.environ["TE_INBOX"] = "left behind"

    assert dict(os.environ) == before


def test_isolated_settings_end_with_a_failure_too(tmp_path: Path) -> None:
    before = dict(os.environ)
    with pytest.raises(ZeroDivisionError), isolated(tmp_path, tmp_path):
        raise ZeroDivisionError

    assert dict(os.environ) == before
