"""The shell that the sections of databases and web servers share: what to print of their files.

Of a configuration only lines of allowed keys are printed, so that a secret that nobody thought
of stays on the host. Knows files, what they include, and processes; knows no product.
"""

from __future__ import annotations

from netops.platforms.settings import Section

_COMMON = r"""
nl='
'
# conf FILE…: those lines of files that the product's filter lets through.
conf() {
  for file do
    trouble "$file" && continue
    note "file $file"
    head -c 200000 "$file" 2>/dev/null | awk -v keys="$keys" -v mark="$mark" "$whole$filter"
  done
}
whole='{ octets += length($0) + 1 } END { if (octets > 199990) printf "\n%s=cut\n", mark }
'
# follow FILE: the file and what it includes; `includes FILE` names patterns, one a line.
follow() {
  todo=$1
  seen=
  count=0
  while [ -n "$todo" ]; do
    f=${todo%%"$nl"*}
    case $todo in *"$nl"*) todo=${todo#*"$nl"} ;; *) todo= ;; esac
    case $nl$seen in *"$nl$f$nl"*) continue ;; esac
    seen=$seen$f$nl
    count=$((count + 1))
    if [ $count -gt 60 ]; then note "say toomany $f"; note cut; return; fi
    case $f in
      *[*?[]*) barred "$f" && note "refused $f"; continue ;;
    esac
    conf "$f"
    [ -r "$f" ] || continue
    more=$(IFS=$nl; for g in $(includes "$f" | head -n 60); do echo "$g"; done)
    [ -n "$more" ] && todo=$more${todo:+$nl$todo}
  done
}
# procs PATTERN: numbers of processes of that name in our own mount namespace, 20 at most; none
# that only tells its version, as another run of this program may be asking just now.
procs() {
  here=$(readlink /proc/self/ns/mnt 2>/dev/null)
  for one in $(grep -lsxE "$1" /proc/[0-9]*/comm | head -n 20); do
    one=${one%/comm}
    there=$(readlink "$one/ns/mnt" 2>/dev/null) || there=$here
    [ "$there" = "$here" ] || continue
    case " $(args "${one#/proc/}" | tr '\n' ' ')" in
      ' ' | *' --version '* | *' -v '* | *' -V '*) ;;
      *) echo "${one#/proc/}" ;;
    esac
  done
}
holder() { stat -c %U "/proc/$1" 2>/dev/null; }
args() { tr '\000\n' '\n ' <"/proc/$1/cmdline" 2>/dev/null | head -n 200; }
# as_owner NAME COMMAND…: as another account, without password, PAM or session. Only for root.
as_owner() {
  who=$1
  shift
  cd / || return
  if command -v setpriv >/dev/null 2>&1; then
    $limit setpriv --reuid="$who" --regid="$(id -g "$who")" --clear-groups "$@" </dev/null
  else
    $limit runuser -u "$who" -- "$@" </dev/null
  fi 2>&1 | head -c 30000
}
"""

KEYED_LINES = r"""
filter='{
  sub(/\r$/, ""); key = tolower($0); sub(/^[ \t]+/, "", key)
  at = match(key, /[^a-z0-9_.!-]/); if (at > 1) key = substr(key, 1, at - 1)
  gsub(/-/, "_", key)
  if (key != "" && index(" " keys " ", " " key " ")) print substr($0, 1, 400)
}'
"""
"""A filter for files of one setting a line: lets those through whose first word is in ``keys``."""


def section(name: str, *parts: str, octets: int = 30_000) -> Section:
    """Make a section of the common functions and a product's own text."""
    return Section(name, "\n".join((_COMMON.strip(), *(part.strip() for part in parts))), octets)
