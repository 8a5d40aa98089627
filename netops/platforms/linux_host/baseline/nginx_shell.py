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
filter='function plain(word) {
  gsub(/"/, "\047", word)
  return (word == "" || word ~ /[ \t;{}#]/) ? "\"" word "\"" : word
}
function say(close_with,  i, line, name) {
  name = word[1]; line = name
  if (index(" " keys " ", " " name " ") || name == "location" || name == "limit_except")
    for (i = 2; i <= n; i++) {
      if (name == "proxy_pass") continue
      if (name == "add_header" && i > 2 && tolower(word[2]) !~ headers) continue
      line = line " " plain(word[i])
    }
  else if (close_with == ";") { n = 0; return }
  print substr(line, 1, 400) close_with
  n = 0
}
function ended() { if (have) { word[++n] = text; text = ""; have = 0 } }
BEGIN { n = 0; text = ""; have = 0; quote = ""; skip = 0
  headers = "^(strict-transport-security|x-(frame|content-type)-options|content-security-policy)$" }
{
  line = $0; size = length(line)
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
END { if (quote != "" || n || skip) print "?" }'
includes() {
  awk -v folder="${main%/*}" '/^[ \t]*#/ { next }
    { sub(/\r$/, ""); line = $0
      while (match(line, /(^|[ \t;{}])include[ \t]+[^;]+;/)) {
        one = substr(line, RSTART, RLENGTH - 1); line = substr(line, RSTART + RLENGTH)
        sub(/^[ \t;{}]*include[ \t]+/, "", one); gsub(/["\047]|[ \t]+$/, "", one)
        if (one ~ /mime\.types$/) continue
        print (one ~ /^\// ? one : folder "/" one) } }' "$1" 2>/dev/null
}
one() { # one BINARY FILE
  note "say instance $2"
  main=$2
  note "say main $main"
  [ -n "$1" ] && note "say version $($limit "$1" -v 2>&1 </dev/null | head -n 1)"
  follow "$main"
  for p in $running; do
    case $(args "$p") in "nginx: worker process"*) note "say worker $(holder "$p")" ;; esac
  done
  for log in /var/log/nginx/access.log /var/log/nginx/error.log; do
    [ -e "$log" ] && note "say log $(stat -L -c '%a %U %G' "$log") $log"
  done
}
running=$(procs nginx)
note "say none"
{
  for p in $running; do
    title=$(args "$p" | head -n 1)
    case $title in *"master process"*) ;; *) continue ;; esac
    binary=$(readlink "/proc/$p/exe" 2>/dev/null)
    named=$(echo "$title" | sed -n 's/.* -c \([^ ]*\).*/\1/p')
    printf '%s\t%s\n' "${binary:-nginx}" "${named:--}"
  done
  for b in nginx /usr/local/nginx/sbin/nginx /usr/local/openresty/nginx/sbin/nginx; do
    command -v "$b" >/dev/null 2>&1 && printf '%s\t-\n' "$(command -v "$b")"
  done
} | awk '!seen[$0]++' | head -n 4 | while IFS='	' read -r b c; do
  built=$($limit "$b" -V 2>&1 </dev/null | tr ' ' '\n' | sed -n 's/^--conf-path=//p')
  [ "$c" != - ] || c=${built:-/etc/nginx/nginx.conf}
  case $c in /*) ;; *) c=${built%/*}/$c ;; esac
  printf '%s\t%s\n' "$b" "$c"
done | awk -F '\t' '!seen[$2]++' | while IFS='	' read -r b c; do one "$b" "$c"; done
"""

SECTIONS = (section("nginx", f"keys='{_DIRECTIVES}'", _SCRIPT, octets=60_000),)
