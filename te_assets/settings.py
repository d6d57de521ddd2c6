"""Environment → typed settings; the only place that reads the environment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from te_assets.errors import SettingsError


class SecretFiles(PydanticBaseSettingsSource):
    """Reads `TE_X` from the file that `TE_X_FILE` names, as container secrets are mounted."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002
        """Content of the field's secret file without its last line break; None where there is nothing in it."""
        return _from_file(f"TE_{field_name.upper()}_FILE") or None, field_name, False

    def __call__(self) -> dict[str, Any]:
        """All fields that have a secret file."""
        found = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in found.items() if value is not None}


class Settings(BaseSettings):
    """Everything that te_assets takes from the environment; each name is a variable with the prefix `TE_`."""

    # A variable that is there and empty is one that was left open, as compose files leave them.
    model_config = SettingsConfigDict(env_prefix="TE_", frozen=True, extra="ignore", env_ignore_empty=True)

    home: Path = Field(
        Path(".te"), description="state of the local stack: servers, ports, passwords, inbox, landing store"
    )
    inbox: Path | None = Field(None, description="folder that people drop workbooks into; default $TE_HOME/inbox")
    landing: Path | None = Field(None, description="store of landed workbooks by SHA-256; default $TE_HOME/landing")
    site: Path | None = Field(
        None, description="folder with site.yaml and sources/*.yaml; default: the simulator's site"
    )

    kafka_bootstrap_servers: str | None = Field(None, description="your own Kafka; unset: a local one is started")
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = None
    kafka_sasl_username: str | None = None
    kafka_sasl_password: SecretStr | None = None
    kafka_ssl_cafile: Path | None = None
    kafka_ssl_certfile: Path | None = None
    kafka_ssl_keyfile: Path | None = None
    kafka_replication_factor: int = Field(1, ge=1, description="of topics that `te-assets migrate` creates")

    clickhouse_url: str | None = Field(None, description="your own ClickHouse, http(s)://host:port; unset: a local one")
    clickhouse_user: str = "te_writer"
    clickhouse_password: SecretStr | None = None
    clickhouse_reader_password: SecretStr | None = None
    clickhouse_backup_disk: str = Field("te_backups", description="disk of ClickHouse that te-assets backup writes to")

    lines_per_run: int = Field(
        400_000, ge=1, description="lines that one run loads at the most, about: a backlog is worked off run by run"
    )

    dagster_postgres_host: str | None = Field(
        None, description="PostgreSQL that Dagster keeps runs, events and ticks in; unset: SQLite in DAGSTER_HOME"
    )
    dagster_postgres_port: int = Field(5432, ge=1, le=65535)
    dagster_postgres_db: str = Field("dagster", min_length=1)
    dagster_postgres_user: str = Field("dagster", min_length=1)
    dagster_postgres_password: SecretStr | None = None
    dagster_run_launcher: Literal["fork", "code_server", "docker", "kubernetes"] = Field(
        "fork",
        description="where runs are: forked by the daemon, forked by the code server, or one container or pod each",
    )
    dagster_code_server: str | None = Field(
        None,
        description="host:port of a code server (te-assets serve code); unset: Dagster loads the definitions itself",
    )
    dagster_artifacts: Path | None = Field(
        None, description="folder that several machines or containers of Dagster share for what runs print"
    )
    run_volumes: str = Field(
        "", description="volumes of a run's container, source:target with spaces between; with the launcher docker"
    )

    gateway_tokens_file: Path | None = Field(
        None, description="who may use the gateway, hashes of tokens; default $TE_HOME/gateway/tokens.yaml"
    )
    gateway_largest_file_mb: int = Field(200, ge=1, description="largest workbook that may be posted, in MB")
    gateway_requests_per_second: float = Field(
        1_000, gt=0, description="requests that one token may make, in the long run; twice as many in one second"
    )

    dashboard_mount_path: str = Field(
        "/",
        pattern=r"^/[A-Za-z0-9._~/-]*$",
        description="path of a reverse proxy below which browsers find the dashboard, as /te/",
    )

    chromium: Path | None = Field(
        None, description="browser of the robot; default: chromium, chromium-browser or google-chrome on the path"
    )

    log_format: Literal["text", "json"] = Field(
        "text", description="of the log of gateway and dashboard: lines for people, or JSON"
    )

    operator_key: SecretStr | None = Field(None, description="key of operator pseudonyms; default: made once per home")

    alert_webhook_url: SecretStr | None = Field(
        None, description="where alerts are posted; unset: no alerts; its path is often a password"
    )
    alert_format: Literal["json", "slack"] = Field("json", description="what is posted; see docs/alerts.md")
    dagster_url: str | None = Field(
        None, description="address of Dagster's UI that people use, for links; default: the home's own webserver"
    )

    def __init__(self, **given: Any) -> None:
        """Read the settings.

        Raises:
            SettingsError: A value cannot be used, or a secret file cannot be read.
        """
        try:
            super().__init__(**given)
        except ValidationError as error:
            # Without the value of a secret: pydantic gives the input as it stood.
            wrong = [
                f"TE_{'.'.join(str(part) for part in fault['loc']).upper()}: {fault['msg']}"
                + ("" if _is_secret(str(fault["loc"][0])) else f", not {fault['input']!r}")
                for fault in error.errors()
            ]
            raise SettingsError("; ".join(wrong) + ". Correct or unset it.") from error

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments win over the environment, the environment over secret files."""
        return init_settings, env_settings, SecretFiles(settings_cls)

    @cached_property
    def home_dir(self) -> Path:
        """Absolute path of the home."""
        return self.home.expanduser().resolve()

    @cached_property
    def inbox_dir(self) -> Path:
        """Absolute path of the inbox."""
        return (self.inbox or self.home_dir / "inbox").expanduser().resolve()

    @cached_property
    def landing_dir(self) -> Path:
        """Absolute path of the landing store."""
        return (self.landing or self.home_dir / "landing").expanduser().resolve()

    @cached_property
    def gateway_tokens(self) -> Path:
        """Absolute path of the gateway's tokens file."""
        return (self.gateway_tokens_file or self.home_dir / "gateway" / "tokens.yaml").expanduser().resolve()

    @cached_property
    def dashboard_base(self) -> str:
        """Path below which browsers find the dashboard, with a slash at both ends."""
        path = "/".join(part for part in self.dashboard_mount_path.split("/") if part)
        return f"/{path}/" if path else "/"

    @cached_property
    def site_dir(self) -> Path:
        """Absolute path of the site folder: TE_SITE, else the simulator's site that comes with the package."""
        return (self.site or Path(__file__).parent / "simulator" / "site").expanduser().resolve()

    @cached_property
    def dagster_home(self) -> Path:
        """`DAGSTER_HOME`, by default `$TE_HOME/dagster`."""
        return Path(os.environ.get("DAGSTER_HOME") or self.home_dir / "dagster").expanduser().resolve()


def _from_file(variable: str) -> str | None:
    """Content of the file that a variable names, without its last line break; None where it is not set."""
    path = os.environ.get(variable)
    if not path:
        return None
    try:
        return Path(path).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise SettingsError(
            f"{variable}: cannot read {path} ({why}). Point it at a readable file or unset it."
        ) from error


@dataclass(frozen=True)
class PortalAccess:
    """How the robot enters a portal.

    Attributes:
        url: Address to use instead of the file's; None: the file's.
    """

    user: str
    password: SecretStr
    url: str | None = None


def portal_access(portal: str) -> PortalAccess:
    """User and password of a portal: `TE_PORTAL_<NAME>_USER` and `…_PASSWORD`, or files that `…_FILE` name.

    Raises:
        SettingsError: One is missing or empty, or its file cannot be read.
    """
    names = portal_variable(portal, "USER"), portal_variable(portal, "PASSWORD")
    user, password = (os.environ.get(name) or _from_file(f"{name}_FILE") for name in names)
    if not user or not password:
        missing = " and ".join(name for name, value in zip(names, (user, password), strict=True) if not value)
        raise SettingsError(
            f"portal {portal}: {missing} not set. The robot signs in with {names[0]} and {names[1]}; each may name a "
            "file instead, with _FILE at its end."
        )
    return PortalAccess(user, SecretStr(password), portal_url(portal))


def portal_url(portal: str) -> str | None:
    """`TE_PORTAL_<NAME>_URL`, which wins over the file's address; None where it is not set."""
    return os.environ.get(portal_variable(portal, "URL")) or None


def portal_variable(portal: str, what: Literal["USER", "PASSWORD", "URL"]) -> str:
    """Name of a portal's variable: of `sap-web` as TE_PORTAL_SAP_WEB_USER."""
    return f"TE_PORTAL_{portal.upper().replace('-', '_')}_{what}"


def _is_secret(name: str) -> bool:
    """Whether a setting must never be shown."""
    field = Settings.model_fields.get(name)
    return field is not None and "SecretStr" in str(field.annotation)


def export(settings: Settings) -> None:
    """Put what Dagster and its processes look for into this process's environment: homes, and its PostgreSQL."""
    os.environ.update(_for_dagster(settings))


def environment(settings: Settings) -> dict[str, str]:
    """Environment of a process of Dagster: this one's, with what `export` would put into it."""
    return {**os.environ, **_for_dagster(settings)}


def _for_dagster(settings: Settings) -> dict[str, str]:
    """Variables that dagster.yaml refers to; a value may come from a default or a secret file, so each is set."""
    found = {"TE_HOME": str(settings.home_dir), "DAGSTER_HOME": str(settings.dagster_home)}
    if settings.dagster_postgres_host:
        password = settings.dagster_postgres_password
        found |= {
            "TE_DAGSTER_POSTGRES_HOST": settings.dagster_postgres_host,
            "TE_DAGSTER_POSTGRES_PORT": str(settings.dagster_postgres_port),
            "TE_DAGSTER_POSTGRES_DB": settings.dagster_postgres_db,
            "TE_DAGSTER_POSTGRES_USER": settings.dagster_postgres_user,
            "TE_DAGSTER_POSTGRES_PASSWORD": password.get_secret_value() if password else "",
        }
    return found


def handed_on(settings: Settings) -> list[str]:
    """Names of the variables that a run in a container of its own is given, as they are set here."""
    names = {*os.environ, *_for_dagster(settings)}
    return sorted(name for name in names if name.startswith(("TE_", "PG")) and not name.startswith("TE_RUN_"))


@contextmanager
def isolated(home: Path, site: Path) -> Iterator[Settings]:
    """Settings of a home and a site alone, in the environment too, for as long as the block lasts.

    None of the user's own servers is reached: every other variable of te_assets is hidden meanwhile.
    """
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("TE_") or name == "DAGSTER_HOME"]:
        del os.environ[name]
    os.environ["TE_HOME"], os.environ["TE_SITE"] = str(home), str(site)
    try:
        yield Settings()
    finally:
        os.environ.clear()
        os.environ.update(before)
