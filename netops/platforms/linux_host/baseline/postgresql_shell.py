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

_NAMES = "','".join(PARAMETERS)

_CLUSTERS = r"""
# Clusters that are configured or run, eight at most, one a line: NAME TAB CONFIGURATION TAB DATA.
clusters=
cluster() {
  case $clusters in *"$tab$2$tab"*) return ;; esac
  known=$((known + 1))
  [ $known -le 8 ] && clusters=$clusters$1$tab$2$tab$3$nl
}
known=0
for c in /etc/postgresql/*/*/postgresql.conf; do
  n=${c#/etc/postgresql/}
  [ -e "$c" ] && cluster "${n%/postgresql.conf}" "$c" "/var/lib/postgresql/${n%/postgresql.conf}"
done
for p in $is_postgres; do
  eval "said=\$args_$p"
  case $said in postgres:*) continue ;; esac
  value_of "$p" config_file= -cconfig_file= --config_file= --config-file=
  [ -z "$told" ] || continue
  d=${said#*"$nl"-D"$nl"}
  [ "$d" = "$said" ] || cluster "${d%%"$nl"*}" "${d%%"$nl"*}/postgresql.conf" "${d%%"$nl"*}"
done
for d in /var/lib/pgsql/data /var/lib/pgsql/*/data /usr/local/pgsql/data; do
  [ -e "$d/PG_VERSION" ] && cluster "$d" "$d/postgresql.conf" "$d"
done
# named: lines FILE TAB KEY TAB PATH, of files of configuration that name the folder of data or hba
set --
IFS=$nl
for line in $clusters; do
  line=${line#*"$tab"}
  c=${line%%"$tab"*}
  [ -f "$c" ] && [ -r "$c" ] && set -- "$@" "$c"
done
IFS=$spaces
named=
[ $# -gt 0 ] && named=$(awk '{ key = tolower($1); sub(/=.*/, "", key) }
  key == "data_directory" || key == "hba_file" {
    sub(/^[^=\047]*[= \t]+/, ""); sub(/^\047/, ""); sub(/\047.*/, ""); sub(/[ \t]*(#.*)?$/, "")
    if ($0 != "") print FILENAME "\t" key "\t" $0 }' "$@" 2>/dev/null)
# path FILE KEY DEFAULT: $found becomes the path that the file gives to a key, last.
path() {
  found=$3
  IFS=$nl
  set -f
  for line in $named; do
    case $line in "$1$tab$2$tab"*) found=${line#"$1$tab$2$tab"} ;; esac
  done
  set +f
  IFS=$spaces
}
# each_cluster: one NAME CONFIGURATION DATA; `version` and the folder `programs` are theirs.
each_cluster() {
  IFS=$nl
  for line in $clusters; do
    IFS=$tab
    set -- $line
    IFS=$spaces
    d=$3
    case $2 in
      /etc/*) path "$2" data_directory "$3"; d=$found ;;
    esac
    version=$(head -c 20 "$d/PG_VERSION" 2>/dev/null)
    # It becomes part of the path of a program: nothing else than a number may.
    case $version in *[!0-9.]*) version= ;; esac
    case $1 in [0-9]*/*) version=${version:-${1%%/*}} ;; esac
    for programs in "/usr/lib/postgresql/$version/bin" "/usr/pgsql-$version/bin" ''; do
      [ -x "${programs:-/}/postgres" ] && break
    done
    one "$1" "$2" "$d"
  done
  IFS=$spaces
}
"""

_FILES = r"""
includes() {
  awk '{ sub(/\r$/, "") }
    tolower($1) ~ /^include(_if_exists|_dir)?(=|$)/ {
      kind = tolower($0); rest = $0; sub(/^[ \t]*[A-Za-z_]+[ \t=]*/, "", rest)
      sub(/^\047/, "", rest); sub(/\047.*/, "", rest); sub(/[ \t]*(#.*)?$/, "", rest)
      if (rest == "") next
      folder = FILENAME; sub(/\/[^\/]*$/, "", folder)
      if (rest !~ /^\//) rest = folder "/" rest
      if (kind ~ /^[ \t]*include_dir/) rest = rest "/*.conf"
      print rest
      if (++named > 99) exit
    }' "$@" 2>/dev/null
}
admit="$plain"'
function take(line,  text, at, kept) {
  sub(/\r$/, "", line); text = line; sub(/^[ \t]+/, "", text)
  if (text == "" || text ~ /^#/) return
  at = match(line, /[ \t"]"?[A-Za-z_]+=/); kept = at ? substr(line, 1, at - 1) : line
  if (at && line ~ /[ \t]clientcert=(1|verify-ca|verify-full)/) kept = kept " clientcert"
  print substr(kept, 1, 400)
}'
one() {
  note "say instance $1"
  note "say data $3"
  exact=${programs:+$programs/postgres}
  [ -n "$exact" ] || exact=$(command -v postgres)
  if [ -n "$exact" ]; then
    version=$($limit "$exact" --version 2>/dev/null)
    version=${version#*" "}
    version=${version#*" "}
    version=${version%%" "*}
  fi
  note "say version $version"
  path "$2" hba_file "${2%/*}/pg_hba.conf"
  hba=$found
  follow "$2" "$3/postgresql.auto.conf"
  [ -f "$hba" ] && note "say hba $hba"
  keyed=$filter
  filter=$admit
  conf "$hba"
  filter=$keyed
}
note "say none"
each_cluster
"""

_QUESTIONS = r"""
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
client() { # client DATABASE ARGUMENT…: one process; a line `-- TOPIC` before each answer
  base=$1
  shift
  # Not Debian's wrapper, which would start Perl to find what is known here.
  [ -x "$programs/psql" ] && psql=$programs/psql || psql=psql
  PGDATABASE=$base as_owner "$owner" "$psql" -X -At -w -F "$tab" -h "$place" -p "$port" "$@"
}
told() { # told TEXT: what the server said, by topic
  topic=
  IFS=$nl
  set -f
  for line in $1; do
    case $line in
      "-- "*) note "file live/${line#-- }"; topic=yes ;;
      *) if [ "$topic" = yes ]; then printf '%s\n' "$line"
        elif [ -z "$topic" ]; then topic=none; note "say down $(printf '%s' "$line" | cut -c 1-160)"
        fi ;;
    esac
  done
  set +f
  IFS=$spaces
}
one() {
  note "say instance $1"
  [ -d "$3" ] || barred "$3" || { note "say down no data"; return; }
  [ "$uid" = 0 ] || { note "refused the server itself: only root is let through"; return; }
  [ -r "$3/postmaster.pid" ] || { note "say down it does not run"; return; }
  owner=$(stat -c %U "$3")
  rest=$(head -c 2000 "$3/postmaster.pid")
  for _ in 1 2 3; do rest=${rest#*"$nl"}; done
  port=${rest%%"$nl"*}
  rest=${rest#*"$nl"}
  place=${rest%%"$nl"*}
  [ "$owner" = root ] && { note "say down its folder belongs to root"; return; }
  case $port/$place in [0-9]*//*) ;; *) note "say down it has no socket"; return ;; esac
  said=$(client postgres -c "SELECT '-- settings'" -c "$settings" -c "SELECT '-- roles'" \
    -c "$roles" -c "SELECT '-- public/postgres'" -c "$public" -c "SELECT '-- bases'" -c "$bases")
  told "${said%-- bases*}"
  case $said in *"-- bases"*) ;; *) return ;; esac
  # One process asks all databases of the cluster; one that does not let it in ends it.
  set -f
  set -- ${said##*-- bases}
  set +f
  [ $# -gt 0 ] || return
  for base do
    shift
    set -- "$@" -c "\\connect $base - $place $port" -c "SELECT '-- public/$base'" -c "$public"
  done
  told "$(client postgres "$@")"
}
note "say none"
command -v psql >/dev/null 2>&1 && each_cluster
"""

SECTIONS = (
    section("postgresql", f"keys='{_KEYS}'", KEYED_LINES, _FILES, shared=(_CLUSTERS,)),
    section("postgresql_live", f'names="{_NAMES}"', _QUESTIONS, shared=(_CLUSTERS,)),
)
