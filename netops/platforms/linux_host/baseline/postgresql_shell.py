"""What is asked of a PostgreSQL server: its files, and read-only questions through its socket.

As root the socket is asked as the cluster's owner; anybody else gets the files that he may read.
No password is read, only of which kind each is: the server itself says that.
"""

from __future__ import annotations

from netops.platforms.linux_host.baseline.product_shell import KEYED_LINES, section

PARAMETERS = (
    "authentication_timeout", "client_min_messages", "data_checksums", "idle_session_timeout",
    "idle_in_transaction_session_timeout", "listen_addresses", "log_connections",
    "log_destination", "log_disconnections", "log_file_mode", "log_line_prefix",
    "log_min_messages", "log_statement", "logging_collector", "password_encryption", "port",
    "server_version", "shared_preload_libraries", "ssl", "ssl_ciphers",
    "ssl_min_protocol_version", "unix_socket_permissions", "auth_delay.milliseconds",
    "credcheck.max_auth_failure", "credcheck.password_min_length", "pgaudit.log",
    "session_preload_libraries", "local_preload_libraries",
)  # fmt: skip
"""Asked of a running server; in files also what leads to further files."""

_KEYS = " ".join((
    *PARAMETERS, "data_directory", "hba_file", "include", "include_if_exists", "include_dir",
))  # fmt: skip

_CLUSTERS = r"""
# clusters: NAME TAB CONFIGURATION TAB DATA of every cluster that is configured or runs.
clusters() {
  for c in /etc/postgresql/*/*/postgresql.conf; do
    [ -e "$c" ] || continue
    n=${c#/etc/postgresql/}
    n=${n%/postgresql.conf}
    printf '%s\t%s\t%s\n' "$n" "$c" "$(directory "$c" "/var/lib/postgresql/$n")"
  done
  for p in $(procs 'postgres|postmaster'); do
    d=$(args "$p" | awk 'NR == 1 && /^postgres:/ { exit }
      last == "-D" { print; exit } { last = $0 }')
    c=$(args "$p" | awk 'sub(/^((-c)?config_file|--config[_-]file)=/, "") { print; exit }')
    [ -n "$d" ] && [ -z "$c" ] && printf '%s\t%s\t%s\n' "$d" "$d/postgresql.conf" "$d"
  done
  for d in /var/lib/pgsql/data /var/lib/pgsql/*/data /usr/local/pgsql/data; do
    [ -e "$d/PG_VERSION" ] && printf '%s\t%s\t%s\n' "$d" "$d/postgresql.conf" "$d"
  done
}
# directory FILE DEFAULT: the folder of data that a file names.
directory() {
  named=$(awk -v key="${3-data_directory}" 'tolower($1) == key || tolower($1) ~ "^" key "=" {
    sub(/^[^=\047]*[= \t]+/, ""); sub(/^\047/, ""); sub(/\047.*/, ""); sub(/[ \t]*(#.*)?$/, "")
    found = $0 } END { print found }' "$1" 2>/dev/null)
  echo "${named:-$2}"
}
each_cluster() {
  clusters | awk -F '\t' '!seen[$2]++' | head -n 8 | while IFS='	' read -r n c d; do
    one "$n" "$c" "$d"
  done
}
"""

_FILES = r"""
includes() {
  awk -v folder="${1%/*}" '{ sub(/\r$/, "") }
    tolower($1) ~ /^include(_if_exists|_dir)?(=|$)/ {
      kind = tolower($0); rest = $0; sub(/^[ \t]*[A-Za-z_]+[ \t=]*/, "", rest)
      sub(/^\047/, "", rest); sub(/\047.*/, "", rest); sub(/[ \t]*(#.*)?$/, "", rest)
      if (rest == "") next
      if (rest !~ /^\//) rest = folder "/" rest
      if (kind ~ /^[ \t]*include_dir/) rest = rest "/*.conf"
      print rest
    }' "$1" 2>/dev/null
}
admit='{ sub(/\r$/, ""); text = $0; sub(/^[ \t]+/, "", text); if (text == "" || text ~ /^#/) next
  at = match($0, /[ \t"]"?[A-Za-z_]+=/); kept = at ? substr($0, 1, at - 1) : $0
  if (at && $0 ~ /[ \t]clientcert=(1|verify-ca|verify-full)/) kept = kept " clientcert"
  print substr(kept, 1, 400) }'
one() {
  note "say instance $1"
  note "say data $3"
  version=$(head -c 20 "$3/PG_VERSION" 2>/dev/null)
  case $1 in [0-9]*/*) version=${version:-${1%%/*}} ;; esac
  exact=$(ls -d "/usr/lib/postgresql/$version/bin/postgres" "/usr/pgsql-$version/bin/postgres" \
    2>/dev/null | head -n 1)
  [ -n "$exact" ] || exact=$(command -v postgres)
  [ -n "$exact" ] && version=$($limit "$exact" --version 2>/dev/null | awk '{ print $3 }')
  note "say version $version"
  follow "$2"
  conf "$3/postgresql.auto.conf"
  plain=$filter
  filter=$admit
  hba=$(directory "$2" "${2%/*}/pg_hba.conf" hba_file)
  [ -f "$hba" ] && note "say hba $hba"
  conf "$hba"
  filter=$plain
}
note "say none"
each_cluster
"""

_QUESTIONS = r"""
names=$(echo "$keys" | sed "s/ /','/g")
settings="SELECT name, setting, coalesce(unit, '') FROM pg_settings WHERE name IN ('$names')
  ORDER BY 1"
roles="SELECT quote_ident(rolname), rolsuper, CASE WHEN rolpassword IS NULL THEN 'none'
  WHEN rolpassword LIKE 'SCRAM-SHA-256%' THEN 'scram-sha-256' WHEN rolpassword LIKE 'md5%'
  THEN 'md5' ELSE 'plain' END, CASE WHEN rolvaliduntil IS NULL OR rolvaliduntil = 'infinity'
  THEN 'never' ELSE greatest(-9999, least(99999, (extract(epoch FROM rolvaliduntil - now())
  / 86400)::int))::text END FROM pg_authid WHERE rolcanlogin ORDER BY 1 LIMIT 200"
public="SELECT quote_ident(current_database()), EXISTS (SELECT FROM pg_namespace n,
  aclexplode(coalesce(nspacl, acldefault('n', nspowner))) a WHERE nspname = 'public'
  AND a.grantee = 0 AND a.privilege_type = 'CREATE')"
bases="SELECT datname FROM pg_database WHERE datallowconn AND datname ~ '^[A-Za-z0-9_.-]+$'
  AND datname NOT IN ('postgres', 'template1') ORDER BY 1 LIMIT 8"
PGOPTIONS='-c default_transaction_read_only=on -c statement_timeout=3000'
PGCONNECT_TIMEOUT=3 PGAPPNAME=baseline
export PGOPTIONS PGCONNECT_TIMEOUT PGAPPNAME
client() { # client DATABASE QUERY…: one connection; a line `-- TOPIC` before each answer
  base=$1
  shift
  PGDATABASE=$base as_owner "$owner" psql -X -At -w -F '	' -h "$place" -p "$port" "$@"
}
told() { # told TEXT: what the server said, by topic
  case $1 in
    "-- "*) printf '%s\n' "$1" | while IFS= read -r line; do
        case $line in "-- "*) note "file live/${line#-- }" ;; *) printf '%s\n' "$line" ;; esac
      done ;;
    *) note "say down $(printf '%s' "$1" | head -n 1 | cut -c 1-160)" ;;
  esac
}
one() {
  note "say instance $1"
  [ -d "$3" ] || barred "$3" || { note "say down no data"; return; }
  [ "$uid" = 0 ] || { note "refused the server itself: only root is let through"; return; }
  [ -r "$3/postmaster.pid" ] || { note "say down it does not run"; return; }
  owner=$(stat -c %U "$3")
  port=$(sed -n 4p "$3/postmaster.pid")
  place=$(sed -n 5p "$3/postmaster.pid")
  [ "$owner" = root ] && { note "say down its folder belongs to root"; return; }
  case $port/$place in [0-9]*//*) ;; *) note "say down it has no socket"; return ;; esac
  said=$(client postgres -c "SELECT '-- settings'" -c "$settings" -c "SELECT '-- roles'" \
    -c "$roles" -c "SELECT '-- public/postgres'" -c "$public" -c "SELECT '-- bases'" -c "$bases")
  told "${said%-- bases*}"
  case $said in *"-- bases"*) ;; *) return ;; esac
  for base in ${said##*-- bases}; do
    told "$(client "$base" -c "SELECT '-- public/$base'" -c "$public")"
  done
}
note "say none"
command -v psql >/dev/null 2>&1 && each_cluster
"""

SECTIONS = (
    section("postgresql", f"keys='{_KEYS}'", KEYED_LINES, _CLUSTERS, _FILES),
    section("postgresql_live", f"keys='{' '.join(PARAMETERS)}'", _CLUSTERS, _QUESTIONS),
)
