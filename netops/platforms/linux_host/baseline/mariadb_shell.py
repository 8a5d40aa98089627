"""What is asked of a MariaDB or MySQL server: its option files, and read-only questions.

The questions go through the Unix socket as root, with no option file and no password. Of the
accounts' passwords only their kind is asked.
"""

from __future__ import annotations

from netops.platforms.linux_host.baseline.product_shell import section

VARIABLES = (
    "bind_address", "connection_control_failed_connections_threshold",
    "default_password_lifetime", "general_log", "have_ssl", "interactive_timeout",
    "local_infile", "max_password_errors", "password_reuse_check_interval",
    "require_secure_transport", "secure_file_priv", "server_audit_events",
    "server_audit_logging", "simple_password_check_minimal_length", "skip_grant_tables",
    "skip_networking", "strict_password_validation", "tls_version", "validate_password.length",
    "validate_password_length", "wait_timeout",
)  # fmt: skip

_KEYS = " ".join((*VARIABLES, "datadir", "plugin_load", "plugin_load_add", "socket", "user"))

_SERVERS = r"""
server=
for one in mariadbd mysqld /usr/libexec/mariadbd /usr/libexec/mysqld; do
  command -v "$one" >/dev/null 2>&1 && { server=$one; break; }
done
running=$(procs 'mariadbd|mysqld')
# each_server: NAME TAB OPTION-FILE TAB PROCESS; the default server, then those with a file of
# their own.
each_server() {
  default=-
  for p in $running; do
    own=$(args "$p" | sed -n 's/^--defaults-file=//p' | head -n 1)
    if [ -n "$own" ]; then printf '%s\t%s\t%s\n' "$own" "$own" "$p"; else default=$p; fi
  done
  [ -n "$server" ] || [ "$default" != - ] || return
  for main in /etc/my.cnf /etc/mysql/my.cnf; do
    [ -e "$main" ] && break
  done
  printf 'default\t%s\t%s\n' "$main" "$default"
}
each() {
  each_server | awk -F '\t' '!seen[$2]++' | head -n 8 | while IFS='	' read -r n c p; do
    one "$n" "$c" "$p"
  done
}
"""

_FILES = r"""
filter='{ sub(/\r$/, ""); text = $0; sub(/^[ \t]+/, "", text); sub(/^--/, "", text)
  if (text ~ /^\[/ || text ~ /^!include/) { print substr($0, 1, 400); next }
  key = tolower(text); at = match(key, /[^a-z0-9_.-]/); if (at > 1) key = substr(key, 1, at - 1)
  gsub(/-/, "_", key); sub(/^loose_/, "", key); bare = key
  sub(/^(skip|disable|enable)_/, "", bare)
  if (key != "" && (index(" " keys " ", " " key " ") || index(" " keys " ", " " bare " ")))
    print substr($0, 1, 400) }'
includes() {
  awk '/^[ \t]*!include/ { sub(/\r$/, ""); dir = /!includedir/; sub(/^[ \t]*![a-z]+[ \t]+/, "")
    sub(/[ \t\/]+$/, ""); if ($0 ~ /^\//) print $0 (dir ? "/*.cnf" : "") }' "$1" 2>/dev/null
}
one() {
  note "say instance $1"
  note "say main $2"
  [ -n "$server" ] && note "say version $($limit "$server" --no-defaults --version 2>/dev/null)"
  follow "$2"
  if [ "$3" != - ]; then
    note "say process $(holder "$3")"
    note "file live/arguments"
    args "$3" | sed 1d | awk -v keys="$keys" "$filter"
  fi
}
note "say none"
each
"""

_QUESTIONS = r"""
names=$(echo "$keys" | sed "s/ /','/g")
client=
for one in mariadb mysql; do command -v $one >/dev/null 2>&1 && { client=$one; break; }; done
accounts="SELECT u.User, u.Host, u.plugin, CASE
  WHEN u.plugin IN ('unix_socket', 'auth_socket') THEN 'socket'
  WHEN u.authentication_string = '' AND u.Password = '' THEN 'empty'
  WHEN u.authentication_string = 'invalid' THEN 'none' ELSE 'set' END,
  IF('Y' IN (u.Super_priv, u.Grant_priv, u.Create_user_priv), 'Y', 'N')
  FROM mysql.user u WHERE u.is_role = 'N' AND u.User <> 'mariadb.sys' ORDER BY 1, 2 LIMIT 200"
plugins="SELECT PLUGIN_NAME FROM information_schema.PLUGINS WHERE PLUGIN_STATUS = 'ACTIVE'
  AND PLUGIN_TYPE IN ('AUDIT', 'PASSWORD VALIDATION') ORDER BY 1"
ask() { # ask TOPIC SOCKET QUERY
  said=$($limit "$client" --no-defaults --batch --skip-column-names --connect-timeout=3 \
    --user=root --socket="$2" --execute="$3" 2>&1 </dev/null | head -c 20000)
  case $said in
    ERROR*denied*) note "refused live/$1: the server lets root in only with a password" ;;
    ERROR* | *': ERROR'*) note "say down $(printf '%s' "$said" | head -n 1 | cut -c 1-160)" ;;
    *) note "file live/$1"; [ -z "$said" ] || printf '%s\n' "$said" ;;
  esac
}
one() {
  note "say instance $1"
  [ "$3" != - ] || { note "say down it does not run"; return; }
  [ "$uid" = 0 ] || { note "refused the server itself: only root is let through"; return; }
  place=$(args "$3" | sed -n 's/^--socket=//p' | tail -n 1)
  if [ -z "$place" ]; then
    for place in /run/mysqld/mysqld.sock /var/lib/mysql/mysql.sock /tmp/mysql.sock; do
      [ -S "$place" ] && break
    done
  fi
  [ -S "$place" ] || { note "say down it has no socket"; return; }
  ask variables "$place" "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('$names')"
  ask plugins "$place" "$plugins"
  ask accounts "$place" "$accounts"
}
note "say none"
[ -n "$client" ] && each
"""

SECTIONS = (
    section("mariadb", f"keys='{_KEYS}'", _SERVERS, _FILES),
    section("mariadb_live", f"keys='{' '.join(VARIABLES)}'", _SERVERS, _QUESTIONS),
)
