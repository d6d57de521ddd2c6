#!/bin/bash
# Behaves as the official image's entrypoint does: see the README beside these folders.
set -Eeuo pipefail

# from_file NAME DEFAULT: the variable NAME, or the content of the file that NAME_FILE names.
from_file() {
  local name=$1 file="${1}_FILE"
  if [ -n "${!name:-}" ] && [ -n "${!file:-}" ]; then
    echo "error: both $name and $file are set (but are exclusive)" >&2
    exit 1
  fi
  local value=${!name:-${2:-}}
  if [ -n "${!file:-}" ]; then value=$(< "${!file}"); fi
  export "$name"="$value"
  unset "$file"
}

sql() {
  local database=$1
  shift
  PGHOST='' PGHOSTADDR='' psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --no-password --no-psqlrc \
    --dbname "$database" "$@"
}

[ "${1:0:1}" != - ] || set -- postgres "$@"
[ "$1" = postgres ] || exec "$@"
case " $* " in *" --help "* | *" --version "* | *" -V "* | *" --describe-config "*) exec "$@" ;; esac

from_file POSTGRES_PASSWORD
from_file POSTGRES_USER postgres
from_file POSTGRES_DB "$POSTGRES_USER"
from_file POSTGRES_INITDB_ARGS
: "${POSTGRES_HOST_AUTH_METHOD:=}"

mkdir -p "$PGDATA" /var/run/postgresql || :
chmod 700 "$PGDATA" || :
chmod 3775 /var/run/postgresql || :
if [ "$(id -u)" = 0 ]; then
  find "$PGDATA" \! -user postgres -exec chown postgres '{}' +
  find /var/run/postgresql \! -user postgres -exec chown postgres '{}' +
  exec gosu postgres "$BASH_SOURCE" "$@"
fi

if [ -s "$PGDATA/PG_VERSION" ]; then
  echo "PostgreSQL Database directory appears to contain a database; Skipping initialization"
  exec "$@"
fi
if [ -z "$POSTGRES_PASSWORD" ] && [ "$POSTGRES_HOST_AUTH_METHOD" != trust ]; then
  echo "Error: Database is uninitialized and superuser password is not specified." >&2
  echo "       Set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE." >&2
  exit 1
fi
ls /docker-entrypoint-initdb.d/ > /dev/null

# initdb wants to find its user by name.
if ! getent passwd "$(id -u)" > /dev/null; then
  NSS_WRAPPER_PASSWD=$(mktemp) NSS_WRAPPER_GROUP=$(mktemp)
  export NSS_WRAPPER_PASSWD NSS_WRAPPER_GROUP LD_PRELOAD=libnss_wrapper.so
  echo "postgres:x:$(id -u):$(id -g):PostgreSQL:$PGDATA:/bin/false" > "$NSS_WRAPPER_PASSWD"
  echo "postgres:x:$(id -g):" > "$NSS_WRAPPER_GROUP"
fi
eval 'initdb --username="$POSTGRES_USER" --pwfile=<(printf "%s\n" "$POSTGRES_PASSWORD") '"$POSTGRES_INITDB_ARGS"
if [ -n "${LD_PRELOAD:-}" ]; then
  rm -f "$NSS_WRAPPER_PASSWD" "$NSS_WRAPPER_GROUP"
  unset LD_PRELOAD NSS_WRAPPER_PASSWD NSS_WRAPPER_GROUP
fi
# Debian's server has its socket here, Maven's has it in /tmp, and initdb writes that down.
sed -ri "s!^#?unix_socket_directories\s*=.*!unix_socket_directories = '/var/run/postgresql'!" "$PGDATA/postgresql.conf"

shift
method=${POSTGRES_HOST_AUTH_METHOD:-$(postgres -C password_encryption "$@")}
printf '\nhost all all all %s\n' "$method" >> "$PGDATA/pg_hba.conf"

# Nobody outside reaches the server until it is ready.
export PGPASSWORD="${PGPASSWORD:-$POSTGRES_PASSWORD}"
PGUSER=$POSTGRES_USER pg_ctl -D "$PGDATA" -o "$(printf '%q ' "$@" -c listen_addresses='' -p "${PGPORT:-5432}")" -w start
known=$(sql postgres --set db="$POSTGRES_DB" --tuples-only <<< "SELECT 1 FROM pg_database WHERE datname = :'db';")
if [ -z "$known" ]; then
  sql postgres --set db="$POSTGRES_DB" <<< 'CREATE DATABASE :"db";'
fi
for file in /docker-entrypoint-initdb.d/*; do
  case "$file" in
    *.sh)
      echo "$0: running $file"
      # shellcheck disable=SC1090
      if [ -x "$file" ]; then "$file"; else . "$file"; fi
      ;;
    *.sql) echo "$0: running $file"; sql "$POSTGRES_DB" -f "$file" ;;
    *.sql.gz) echo "$0: running $file"; gunzip -c "$file" | sql "$POSTGRES_DB" ;;
    */\*) ;;
    *) echo "$0: ignoring $file" ;;
  esac
done
PGUSER=${PGUSER:-postgres} pg_ctl -D "$PGDATA" -m fast -w stop
unset PGPASSWORD
echo "PostgreSQL init process complete; ready for start up."
exec postgres "$@"
