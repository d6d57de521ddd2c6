#!/bin/bash
# Behaves as the official image's entrypoint does: see the README beside these folders.
set -eo pipefail

if [ $# -ge 1 ] && [[ "$1" != --* ]]; then exec "$@"; fi
exec /usr/bin/python3 -I -S /opt/engine/server.py "${CLICKHOUSE_CONFIG:-/etc/clickhouse-server/config.xml}"
