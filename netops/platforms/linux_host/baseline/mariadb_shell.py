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

_NAMES = "','".join(VARIABLES)

_SERVERS = r"""
server=
for one in mariadbd mysqld /usr/libexec/mariadbd /usr/libexec/mysqld; do
  command -v "$one" >/dev/null 2>&1 && { server=$one; break; }
done
# each: one NAME OPTION-FILE PROCESS; servers with a file of their own, then the default one; eight
# at most.
each() {
  default=-
  asked=
  tried=0
  for p in $is_mysql; do
    value_of "$p" --defaults-file=
    if [ -n "$told" ]; then once "$told" "$told" "$p"; else default=$p; fi
  done
  [ -n "$server" ] || [ "$default" != - ] || return
  for main in /etc/my.cnf /etc/mysql/my.cnf; do
    [ -e "$main" ] && break
  done
  once default "$main" "$default"
}
once() {
  case $nl$asked in *"$nl$2$nl"*) return ;; esac
  asked=$asked$2$nl
  tried=$((tried + 1))
  [ $tried -le 8 ] && one "$@"
}
"""

_FILES = r"""
filter="$plain"'
function take(line,  text, key, at, bare) {
  sub(/\r$/, "", line); text = line; sub(/^[ \t]+/, "", text); sub(/^--/, "", text)
  if (text ~ /^\[/ || text ~ /^!include/) { print substr(line, 1, 400); return }
  key = tolower(text); at = match(key, /[^a-z0-9_.-]/); if (at > 1) key = substr(key, 1, at - 1)
  gsub(/-/, "_", key); sub(/^loose_/, "", key); bare = key
  sub(/^(skip|disable|enable)_/, "", bare)
  if (key != "" && (index(" " keys " ", " " key " ") || index(" " keys " ", " " bare " ")))
    print substr(line, 1, 400)
}'
includes() {
  awk '/^[ \t]*!include/ { sub(/\r$/, ""); dir = /!includedir/; sub(/^[ \t]*![a-z]+[ \t]+/, "")
    sub(/[ \t\/]+$/, ""); if ($0 ~ /^\//) print $0 (dir ? "/*.cnf" : "")
    if (++named > 99) exit }' "$@" 2>/dev/null
}
version=
[ -n "$server" ] && version=$($limit "$server" --no-defaults --version 2>/dev/null)
one() {
  note "say instance $1"
  note "say main $2"
  [ -n "$server" ] && note "say version $version"
  follow "$2"
  if [ "$3" != - ]; then
    eval "who=\$own_$3 said=\${args_$3#*\"\$nl\"}"
    note "say process $who"
    note "file live/arguments"
    printf '%s' "$said" | awk -v keys="$keys" "$filter"'{ take($0) }'
  fi
}
note "say none"
each
"""

_QUESTIONS = r"""
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
# parts TEXT: the answers, each behind a line `-- TOPIC`; an error ends them.
parts() {
  left='variables plugins accounts'
  IFS=$nl
  set -f
  for line in $1; do
    case $line in
      ERROR*denied*)
        IFS=$spaces
        for topic in $left; do
          note "refused live/$topic: the server lets root in only with a password"
        done
        break ;;
      ERROR* | *': ERROR'*) note "say down $(printf '%s' "$line" | cut -c 1-160)"; break ;;
      '-- variables') note "file live/variables"; left='plugins accounts' ;;
      '-- plugins') note "file live/plugins"; left=accounts ;;
      '-- accounts') note "file live/accounts"; left= ;;
      *) printf '%s\n' "$line" ;;
    esac
  done
  set +f
  IFS=$spaces
}
one() {
  note "say instance $1"
  [ "$3" != - ] || { note "say down it does not run"; return; }
  [ "$uid" = 0 ] || { note "refused the server itself: only root is let through"; return; }
  value_of "$3" --socket=
  place=$told
  if [ -z "$place" ]; then
    for place in /run/mysqld/mysqld.sock /var/lib/mysql/mysql.sock /tmp/mysql.sock; do
      [ -S "$place" ] && break
    done
  fi
  [ -S "$place" ] || { note "say down it has no socket"; return; }
  parts "$($limit "$client" --no-defaults --batch --skip-column-names --connect-timeout=3 \
    --user=root --socket="$place" --execute="SELECT '-- variables';
    SHOW GLOBAL VARIABLES WHERE Variable_name IN ('$names');
    SELECT '-- plugins'; $plugins; SELECT '-- accounts'; $accounts" 2>&1 </dev/null |
    head -c 60000)"
}
note "say none"
[ -n "$client" ] && each
"""

SECTIONS = (
    section("mariadb", f"keys='{_KEYS}'", _FILES, shared=(_SERVERS,)),
    section("mariadb_live", f'names="{_NAMES}"', _QUESTIONS, shared=(_SERVERS,)),
)
