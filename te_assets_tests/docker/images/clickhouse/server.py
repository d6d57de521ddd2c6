"""First process of the container: joins the configuration, starts the engine, and stops it on SIGTERM.

Needs the standard library alone, and te_assets/stack/engine.py beside it.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from merging import ConfigurationError, merged  # type: ignore[import-not-found]

HERE = Path(__file__).parent
LIBRARY = HERE / "chdb/_chdb.abi3.so"
LOCKED = "te_stand_in_locked"
SESSION = f"""
<default>
  <no_password/>
  <networks><ip>127.0.0.1</ip></networks>
  <profile>{LOCKED}</profile>
  <quota>{LOCKED}</quota>
  <grants><query>GRANT SYSTEM LISTEN ON *.*</query></grants>
</default>"""
"""The engine is a session of its own, which must be called `default`. It is the only one that this user can have."""
PROFILE = f"<{LOCKED}><max_sessions_for_user>1</max_sessions_for_user></{LOCKED}>"
QUOTA = f"<{LOCKED}><interval><duration>2000000000</duration><queries>2</queries></interval></{LOCKED}>"
TERMINAL = {"interactive": "1", "disable_suggestion": "1", "highlight": "0"}
"""With a terminal and interactive=1 an exception in a connection ends that connection; without, the engine."""
NOT_KNOWN = ("CLICKHOUSE_USER", "CLICKHOUSE_PASSWORD", "CLICKHOUSE_PASSWORD_FILE", "CLICKHOUSE_DB")
LOCAL = "<default><networks><ip>::1</ip><ip>127.0.0.1</ip></networks></default>"
FOLDERS = ("tmp_path", "user_files_path", "format_schema_path", "storage_configuration/disks/*/path")
CLICKHOUSE = 101
NOT_SERVED = ("mysql_port", "postgresql_port", "interserver_http_port", "user_directories", "users_config")


def main(config: Path) -> int:
    """Serve until told to stop; exit status."""
    if asked := sorted(name for name in NOT_KNOWN if os.environ.get(name)):
        raise ConfigurationError(f"the stand-in makes no users or databases by {', '.join(asked)}.")
    server = merged(config)
    data = Path(text(server, "path"))
    for name in (str(data), *(element.text or "" for one in FOLDERS for element in server.findall(one))):
        give_to_clickhouse(data / name.strip())
    users_xml = config.parent / (server.findtext("user_directories/users_xml/path") or "users.xml")
    close_default(users_xml)
    users = merged(users_xml)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(CLICKHOUSE)
        os.setuid(CLICKHOUSE)
    run, logs = data / "preprocessed_configs", data / "stand_in_log"
    for folder in (run, logs):
        folder.mkdir(parents=True, exist_ok=True)
    add_own_session(users)
    prepare(server, run / "users.xml", logs)
    for name, tree in (("users.xml", users), ("config.xml", server)):
        ET.ElementTree(tree).write(run / name, encoding="utf-8", xml_declaration=True)
    (logs / "server.err.log").unlink(missing_ok=True)
    return serve(data, run, logs, (text(server, "http_port"), text(server, "tcp_port")))


def give_to_clickhouse(folder: Path) -> None:
    """As the official entrypoint: what root finds is made clickhouse's; another user must find it so."""
    folder.mkdir(parents=True, exist_ok=True)
    mine = os.geteuid() != 0 or os.environ.get("CLICKHOUSE_DO_NOT_CHOWN") == "1"
    if mine or folder.stat().st_uid == CLICKHOUSE:
        return
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, CLICKHOUSE, CLICKHOUSE)


def close_default(users_xml: Path) -> None:
    """As the official entrypoint: where no file changes the user `default`, a new one leaves it to this container.

    It compares by way of a copy in /tmp. So a read-only container fails here unless a file changes `default` and /tmp
    can be written.
    """
    copy = shutil.copy(users_xml, "/tmp")
    before, after = (merged(Path(path)).find("users/default") for path in (copy, users_xml))
    if os.environ.get("CLICKHOUSE_SKIP_USER_SETUP") == "1" or written(before) != written(after):
        return
    file = users_xml.with_suffix(".d") / "default-user.xml"
    file.write_text(f"<clickhouse><users>{LOCAL}</users></clickhouse>", encoding="utf-8")


def written(element: ET.Element | None) -> str:
    """An element without what stands around it."""
    return "" if element is None else ET.canonicalize(ET.tostring(element), strip_text=True)


def add_own_session(users: ET.Element) -> None:
    """Put the engine's session where the files removed `default`, or left it open."""
    for section, addition in (("profiles", PROFILE), ("quotas", QUOTA), ("users", SESSION)):
        element = users.find(section)
        if element is None:
            element = ET.SubElement(users, section)
        addition_element = ET.fromstring(addition)
        for old in element.findall(addition_element.tag):
            element.remove(old)
        element.append(addition_element)


def prepare(server: ET.Element, users: Path, logs: Path) -> None:
    """Make a server's configuration one of the engine."""
    for name in (*NOT_SERVED, *TERMINAL):
        for element in server.findall(name):
            server.remove(element)
    logger = server.find("logger")
    if logger is None:
        logger = ET.SubElement(server, "logger")
    level = logger.findtext("level") or "information"
    for name in ("log", "errorlog", "console", "size", "count"):
        for element in logger.findall(name):
            logger.remove(element)
    own = {"errorlog": str(logs / "server.err.log"), "console": "1", "size": "10M", "count": "1"}
    for name, value in own.items():
        ET.SubElement(logger, name).text = value
    settings = {"users_config": str(users), "log-level": level, "history_file": str(logs / "history"), **TERMINAL}
    for name, value in settings.items():
        ET.SubElement(server, name).text = value


def serve(data: Path, run: Path, logs: Path, ports: tuple[str, str]) -> int:
    """Run the engine; it prints its log on standard error, which becomes our standard output."""
    engine = subprocess.Popen(
        [sys.executable, "-I", "-S", str(HERE / "engine.py"), str(LIBRARY), str(data), str(logs), *ports, str(run)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=sys.stdout.fileno(),
        env={},
        cwd=run,
    )
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, lambda *_: engine.terminate())
    assert engine.stdout is not None
    for line in engine.stdout:
        said = json.loads(line)
        print("stand-in:", said, flush=True)
    return engine.wait()


def text(server: ET.Element, name: str) -> str:
    """Content of an element that must be there."""
    found = server.findtext(name)
    if not found or not found.strip():
        raise ConfigurationError(f"config.xml with config.d: <{name}> is missing or empty.")
    return found.strip()


if __name__ == "__main__":
    try:
        status = main(Path(sys.argv[1]))
    except (ConfigurationError, OSError) as error:
        sys.exit(f"The stand-in of ClickHouse does not start: {error}")
    sys.exit(status)
