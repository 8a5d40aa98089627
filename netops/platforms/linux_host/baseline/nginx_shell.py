"""What is asked of nginx: the statements of its configuration, one a line, read by a lexer in awk.

``nginx -T`` is not run: it opens and may create the log files that the configuration names.
Arguments are printed for allowed directives alone; blocks of code and of tables are left out.
"""

from __future__ import annotations

from netops.platforms.linux_host.baseline.product_shell import section

_DIRECTIVES = (
    "access_log add_header alias allow auth_basic autoindex client_max_body_size dav_methods deny "
    "error_log include keepalive_timeout limit_conn limit_req listen log_format proxy_pass return "
    "root satisfy server_name server_tokens ssl ssl_ciphers ssl_prefer_server_ciphers "
    "ssl_protocols ssl_reject_handshake stub_status user"
)

_SCRIPT = r"""
filter='function quoted(word) {
  gsub(/"/, "\047", word)
  return (word == "" || word ~ /[ \t;{}#]/) ? "\"" word "\"" : word
}
function say(close_with,  i, line, name) {
  name = word[1]; line = name
  if (index(" " keys " ", " " name " ") || name == "location" || name == "limit_except")
    for (i = 2; i <= n; i++) {
      if (name == "proxy_pass") continue
      if (name == "add_header" && i > 2 && tolower(word[2]) !~ headers) continue
      line = line " " quoted(word[i])
    }
  else if (close_with == ";") { n = 0; return }
  print substr(line, 1, 400) close_with
  n = 0
}
function ended() { if (have) { word[++n] = text; text = ""; have = 0 } }
function begin() { n = 0; text = ""; have = 0; quote = ""; skip = 0
  headers = "^(strict-transport-security|x-(frame|content-type)-options|content-security-policy)$" }
function take(line,  size, i, c, name) {
  size = length(line)
  if (size > 20000) { size = 20000 }
  for (i = 1; i <= size; i++) {
    c = substr(line, i, 1)
    if (quote != "") {
      if (c == "\\") { i++; text = text substr(line, i, 1) }
      else if (c == quote) quote = ""
      else text = text c
      continue
    }
    if (skip) {
      if (c == "#" && !lua) break
      if (c == "\"" || c == "\047") { quote = c; continue }
      if (c == "{") skip++
      else if (c == "}" && --skip == 0) { print "}"; text = "" }
      continue
    }
    if (c == " " || c == "\t" || c == "\r") { ended(); continue }
    if (c == "#" && !have) break
    if ((c == "\"" || c == "\047") && !have) { quote = c; have = 1; continue }
    if (c == ";") { ended(); if (n) say(";"); continue }
    if (c == "{" && substr(text, length(text)) != "$") {
      ended(); name = word[1]; say(" {"); lua = name ~ /_by_lua_block$/
      if (lua || name ~ /^(map|geo|types|split_clients|match)$/) { skip = 1; text = "" }
      continue
    }
    if (c == "}" && text !~ /\$\{[A-Za-z0-9_]*$/) { ended(); n = 0; print "}"; continue }
    if (c == "\\") { text = text c; i++; c = substr(line, i, 1) }
    text = text c; have = 1
  }
  if (quote == "" && !skip) ended()
  else if (!skip) text = text " "
}
function finish() { if (quote != "" || n || skip) print "?" }'
includes() {
  awk -v folder="${main%/*}" '/^[ \t]*#/ { next }
    { sub(/\r$/, ""); line = $0
      while (match(line, /(^|[ \t;{}])include[ \t]+[^;]+;/)) {
        one = substr(line, RSTART, RLENGTH - 1); line = substr(line, RSTART + RLENGTH)
        sub(/^[ \t;{}]*include[ \t]+/, "", one); gsub(/["\047]|[ \t]+$/, "", one)
        if (one ~ /mime\.types$/) continue
        print (one ~ /^\// ? one : folder "/" one)
        if (++named > 99) exit } }' "$@" 2>/dev/null
}
one() { # one BINARY FILE: what the binary says of itself names the file, where nobody else does
  built=
  [ "$1" = none ] || built=$($limit "$1" -V 2>&1 </dev/null)
  own=
  set -f
  for word in $built; do
    case $word in --conf-path=*) own=${word#*=} ;; esac
  done
  set +f
  main=$2
  [ "$main" != - ] || main=${own:-/etc/nginx/nginx.conf}
  case $main in /*) ;; *) main=${own%/*}/$main ;; esac
  case $nl$shown in *"$nl$main$nl"*) return ;; esac
  shown=$shown$main$nl
  note "say instance $main"
  note "say main $main"
  note "say version ${built%%"$nl"*}"
  follow "$main"
  for p in $is_nginx; do
    eval "title=\$args_$p who=\$own_$p"
    case $title in "nginx: worker process"*) note "say worker $who" ;; esac
  done
  printf '\n'
  stat -L -c "$mark=say log %a %U %G %n" /var/log/nginx/access.log /var/log/nginx/error.log \
    2>/dev/null
}
shown=
servers=
for p in $is_nginx; do
  eval "title=\$args_$p"
  title=${title%%"$nl"*}
  case $title in *"master process"*) ;; *) continue ;; esac
  # What anybody may name nginx is not started by root: only what root put among the programs.
  binary=$(readlink "/proc/$p/exe" 2>/dev/null)
  case $binary in
    '') binary=nginx ;;
    /usr/* | /opt/* | /sbin/*) [ -O "$binary" ] || [ "$uid" != 0 ] || binary=none ;;
    *) binary=none ;;
  esac
  named=-
  case $title in *' -c '*) named=${title##* -c } named=${named%% *} ;; esac
  servers=$servers$binary$tab$named$nl
done
for b in nginx /usr/local/nginx/sbin/nginx /usr/local/openresty/nginx/sbin/nginx; do
  b=$(command -v "$b") && servers=$servers$b$tab-$nl
done
note "say none"
passed=
tried=0
IFS=$nl
for line in $servers; do
  IFS=$spaces
  case $nl$passed in *"$nl$line$nl"*) continue ;; esac
  passed=$passed$line$nl
  tried=$((tried + 1))
  [ $tried -le 4 ] && one "${line%%"$tab"*}" "${line#*"$tab"}"
done
"""

SECTIONS = (section("nginx", f"keys='{_DIRECTIVES}'", _SCRIPT, octets=60_000),)
