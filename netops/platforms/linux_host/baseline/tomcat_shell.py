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
BEGIN { RS = "<"; texts = " session-timeout param-name param-value servlet-name http-only secure "
  open_params = " listings readonly debug showServerInfo " }
bad || NR == 1 { next }
incomment { if (index($0, "-->")) incomment = 0; next }
/^!--/ { if (!index($0, "-->")) incomment = 1; next }
/^!\[CDATA\[/ { next }
/^!/ { print "<declared/>"; bad = 1; next }
/^\?/ { next }
/^\// { name = substr($0, 2); sub(/[ \t\r\n>].*/, "", name)
  if (name !~ /^[A-Za-z][A-Za-z0-9_.:-]*$/) { bad = 1; next }
  if (name != "mime-mapping" && name != "extension" && name != "mime-type") print "</" name ">"
  next }
{ body = $0; end = 0; q = ""
  while (match(body, />|"[^"]*"|\047[^\047]*\047/)) {
    c = substr(body, RSTART, 1); at = RSTART; len = RLENGTH
    if (c == ">") { end += at; break }
    end += at + len - 1; body = substr(body, at + len)
    if (body == "") { end = 0; break }
  }
  if (substr($0, end, 1) != ">") { bad = 1; print "<malformed"; next }
  inner = substr($0, 1, end - 1); text = substr($0, end + 1)
  if (inner ~ /^(mime-mapping|extension|mime-type)$/) next
  tag(inner)
  if (bad) { print "<malformed"; next }
  gsub(/^[ \t\r\n]+|[ \t\r\n]+$/, "", text)
  if (index(texts, " " last " ") && text != "") {
    if (last == "param-name") parameter = text
    if (last == "param-value" && !index(open_params, " " parameter " ")) text = "***"
    print substr(text, 1, 100) } }'
includes() { :; }
base() { # base FOLDER: a CATALINA_BASE
  note "say instance $1"
  home=$1
  for h in "$2" "/usr/share/${1##*/}" "$1"; do
    [ -e "$h/lib/catalina.jar" ] && { home=$h; break; }
  done
  version=$({
    sed -n 's/^ *Apache Tomcat Version \([0-9.]*\).*/\1/p' "$home/RELEASE-NOTES"
    dpkg-query -W -f '${Version}\n' "${1##*/}" | sed 's/-.*//; s/^.*://'
    rpm -qf --qf '%{VERSION}\n' "$home/lib/catalina.jar" | grep '^[0-9]'
    echo "${1##*[!0-9.]}"
  } 2>/dev/null | head -n 1)
  note "say version $version"
  conf "$1/conf/server.xml" "$1/conf/web.xml" "$1/conf/context.xml" "$1/conf/tomcat-users.xml"
  for app in "$1"/webapps/*; do [ -d "$app" ] && note "say webapp ${app##*/}"; done
  barred "$1/webapps/x" && note "refused $1/webapps"
  for app in "$1"/conf/*/*/*.xml; do
    [ -f "$app" ] && { note "say webapp $(basename "$app" .xml)"; conf "$app"; }
  done
  for app in manager host-manager; do
    for place in "$1/webapps/$app" "/usr/share/${1##*/}-admin/$app"; do
      [ -e "$place/META-INF/context.xml" ] && conf "$place/META-INF/context.xml"
    done
  done
  for p in $running; do
    [ "$(catalina "$p" base)" = "$1" ] && note "say process $(holder "$p")"
  done
}
catalina() { args "$1" | sed -n "s/^-Dcatalina\.$2=//p" | head -n 1; }
running=$(for p in $(procs 'java|jsvc'); do [ -n "$(catalina "$p" base)" ] && echo "$p"; done)
note "say none"
{
  for p in $running; do
    printf '%s\t%s\n' "$(catalina "$p" base)" "$(catalina "$p" home)"
  done
  for d in /var/lib/tomcat* /var/lib/tomcats/* /usr/share/tomcat* /opt/tomcat* /opt/apache-tomcat* \
    /usr/local/tomcat* /usr/local/apache-tomcat*; do
    [ -e "$d/conf/server.xml" ] && printf '%s\t%s\n' "$d" "$d"
    [ -d "$d/conf" ] && [ ! -x "$d/conf/" ] && printf '%s\t%s\n' "$d" "$d"
  done
} | awk -F '\t' '!seen[$1]++' | head -n 6 | while IFS='	' read -r b h; do base "$b" "$h"; done
"""

SECTIONS = (section("tomcat", f"keys='{_ATTRIBUTES}'", _SCRIPT, octets=60_000),)
