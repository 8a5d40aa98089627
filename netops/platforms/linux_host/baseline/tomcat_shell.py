"""What is asked of Tomcat: elements and allowed attributes of its XML files, one element a line.

Comments, texts and all other attributes stay on the host; of a password only its kind is told.
"""

from __future__ import annotations

from netops.platforms.linux_host.baseline.product_shell import section

_ATTRIBUTES = (
    "SSLEnabled address algorithm allow allowTrace appBase autoDeploy ciphers className "
    "clientAuth certificateVerification crossContext deny deployXML directory docBase "
    "enabled failureCount hostName http-only lockOutTime metadata-complete name path pattern port "
    "prefix privileged protocol protocols rolename roles secretRequired secure server "
    "showReport showServerInfo sslEnabledProtocols sslProtocol username useHttpOnly version "
    "xpoweredBy"
)

_SCRIPT = r"""
filter='function form(s) {
  if (s == "") return "empty"
  if (length(s) < 8 || s ~ /^[0-9]+$/) return "weak"
  if (tolower(s) ~ /^(tomcat|s3cret|secret|password|passw0rd|admin|manager|changeit)[0-9!@#]*$/)
    return "weak"
  if (s ~ /^[0-9a-f]+\$[0-9]+\$[0-9a-f]+$/ || s ~ /^\{[A-Z0-9]+\}/) return "digest"
  if (s ~ /^[0-9a-fA-F]+$/ && length(s) ~ /^(32|40|64|96|128)$/) return "digest"
  return "plain"
}
function tag(s,  name, out, at, key, q, value) {
  name = s; sub(/[ \t\r\n\/].*/, "", name)
  closing = s ~ /\/[ \t\r\n]*$/
  if (name !~ /^[A-Za-z][A-Za-z0-9_.:-]*$/) { bad = 1; return }
  out = "<" name; s = substr(s, length(name) + 1)
  while (match(s, /[A-Za-z][A-Za-z0-9_.:-]*[ \t\r\n]*=[ \t\r\n]*["\047]/)) {
    key = substr(s, RSTART, RLENGTH - 1); q = substr(s, RSTART + RLENGTH - 1, 1)
    s = substr(s, RSTART + RLENGTH); sub(/[ \t\r\n]*=.*/, "", key)
    at = index(s, q); if (!at) { bad = 1; return }
    value = substr(s, 1, at - 1); s = substr(s, at + 1)
    gsub(/[\r\n\t]/, " ", value); gsub(/"/, "\\&quot;", value)
    if (key == "password" || key == "secret" || key == "requiredSecret")
      out = out " " key "form=\"" form(value) "\""
    else if (key == "shutdown")
      out = out " shutdown=\"" (value == "SHUTDOWN" ? "default" : "changed") "\""
    else if (index(" " keys " ", " " key " "))
      out = out " " key "=\"" substr(value, 1, 300) "\""
  }
  print out (closing ? "/>" : ">")
  last = name
}
function begin() {
  RS = "<"; bad = 0; incomment = 0; last = ""; parameter = ""; count = 0
  texts = " session-timeout param-name param-value servlet-name http-only secure "
  open_params = " listings readonly debug showServerInfo " }
function finish() { RS = "\n" }
function take(s,  name, body, end, q, c, at, len, inner, text) {
  if (bad || ++count == 1) return
  if (incomment) { if (index(s, "-->")) incomment = 0; return }
  if (s ~ /^!--/) { if (!index(s, "-->")) incomment = 1; return }
  if (s ~ /^!\[CDATA\[/ || s ~ /^\?/) return
  if (s ~ /^!/) { print "<declared/>"; bad = 1; return }
  if (s ~ /^\//) {
    name = substr(s, 2); sub(/[ \t\r\n>].*/, "", name)
    if (name !~ /^[A-Za-z][A-Za-z0-9_.:-]*$/) { bad = 1; return }
    if (name != "mime-mapping" && name != "extension" && name != "mime-type") print "</" name ">"
    return
  }
  body = s; end = 0; q = ""
  while (match(body, />|"[^"]*"|\047[^\047]*\047/)) {
    c = substr(body, RSTART, 1); at = RSTART; len = RLENGTH
    if (c == ">") { end += at; break }
    end += at + len - 1; body = substr(body, at + len)
    if (body == "") { end = 0; break }
  }
  if (substr(s, end, 1) != ">") { bad = 1; print "<malformed"; return }
  inner = substr(s, 1, end - 1); text = substr(s, end + 1)
  if (inner ~ /^(mime-mapping|extension|mime-type)$/) return
  tag(inner)
  if (bad) { print "<malformed"; return }
  gsub(/^[ \t\r\n]+|[ \t\r\n]+$/, "", text)
  if (index(texts, " " last " ") && text != "") {
    if (last == "param-name") parameter = text
    if (last == "param-value" && !index(open_params, " " parameter " ")) text = "***"
    print substr(text, 1, 100) } }'
release() { # release FOLDER NAME: what its own notes or the packages call it
  said=
  [ -r "$1/RELEASE-NOTES" ] &&
    said=$(sed -n 's/^ *Apache Tomcat Version \([0-9.]*\).*/\1/p' "$1/RELEASE-NOTES" | head -n 1)
  if [ -z "$said" ] && command -v dpkg-query >/dev/null 2>&1; then
    said=$(dpkg-query -W -f '${Version}\n' "$2" 2>/dev/null)
    said=${said%%"$nl"*}
    said=${said%%-*}
    said=${said##*:}
  fi
  if [ -z "$said" ] && command -v rpm >/dev/null 2>&1; then
    said=$(rpm -qf --qf '%{VERSION}\n' "$1/lib/catalina.jar" 2>/dev/null | grep '^[0-9]')
  fi
  [ -n "$said" ] || said=${2##*[!0-9.]}
}
base() { # base FOLDER: a CATALINA_BASE
  note "say instance $1"
  home=$1
  for h in "$2" "/usr/share/${1##*/}" "$1"; do
    [ -e "$h/lib/catalina.jar" ] && { home=$h; break; }
  done
  release "$home" "${1##*/}"
  note "say version ${said%%"$nl"*}"
  barred "$1/webapps/x" && note "refused $1/webapps"
  for app in "$1"/webapps/*; do [ -d "$app" ] && note "say webapp ${app##*/}"; done
  for p in $is_java; do
    value_of "$p" -Dcatalina.base=
    eval "who=\$own_$p"
    [ "$told" = "$1" ] && note "say process $who"
  done
  folder=$1
  set -- "$1/conf/server.xml" "$1/conf/web.xml" "$1/conf/context.xml" "$1/conf/tomcat-users.xml"
  for app in "$folder"/conf/*/*/*.xml; do
    [ -f "$app" ] || continue
    name=${app##*/}
    note "say webapp ${name%.xml}"
    set -- "$@" "$app"
  done
  for app in manager host-manager; do
    for place in "$folder/webapps/$app" "/usr/share/${folder##*/}-admin/$app"; do
      [ -e "$place/META-INF/context.xml" ] && set -- "$@" "$place/META-INF/context.xml"
    done
  done
  conf "$@"
}
found=
tried=0
once() { # once FOLDER HOME: six at most
  case $nl$found in *"$nl$1$nl"*) return ;; esac
  found=$found$1$nl
  tried=$((tried + 1))
  [ $tried -le 6 ] && base "$1" "$2"
}
note "say none"
for p in $is_java; do
  value_of "$p" -Dcatalina.home=
  h=$told
  value_of "$p" -Dcatalina.base=
  [ -z "$told" ] || once "$told" "$h"
done
for d in /var/lib/tomcat* /var/lib/tomcats/* /usr/share/tomcat* /opt/tomcat* /opt/apache-tomcat* \
  /usr/local/tomcat* /usr/local/apache-tomcat*; do
  [ -e "$d/conf/server.xml" ] && once "$d" "$d"
  [ -d "$d/conf" ] && [ ! -x "$d/conf/" ] && once "$d" "$d"
done
"""

SECTIONS = (section("tomcat", f"keys='{_ATTRIBUTES}'", _SCRIPT, octets=60_000),)
