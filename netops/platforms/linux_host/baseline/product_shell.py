"""The shell that the sections of databases and web servers share: what to print of their files.

Of a configuration only lines of allowed keys are printed, so that a secret that nobody thought
of stays on the host. Knows files, what they include, and processes; knows no product.
"""

from __future__ import annotations

from netops.platforms.settings import Section

_COMMON = r"""
# Every product names `filter`: functions of awk, of which take(LINE) prints what may be shown of a
# line, and begin() and finish() stand before and after each file. `files` runs them over files
# whose length and name come as lines, so that all files of a server cost one process.
plain='function begin() {} function finish() {}'
files='
index($0, mark) == 1 { print "\n" $0; next }
$0 == "" { next }
{ size = $1 + 0; path = substr($0, index($0, " ") + 1); octets = 0
  printf "\n%s=file %s\n", mark, path
  if (size > 200000) { printf "\n%s=cut\n", mark; next }
  begin()
  while ((more = (getline line < path)) > 0) {
    octets += length(line) + 1
    if (octets > 200000) { printf "\n%s=cut\n", mark; break }
    take(line)
  }
  if (more < 0) printf "\n%s=refused %s\n", mark, path
  close(path); finish() }
'
# conf FILE…: those lines of files that the product's filter lets through.
conf() {
  for file do
    shift
    trouble "$file" && continue
    case $file in
      *"$nl"*) note "refused $file" ;;
      *) set -- "$@" "$file" ;;
    esac
  done
  [ $# -gt 0 ] || return 0
  { stat -L -c '%s %n' "$@" 2>/dev/null || note cut; } |
    awk -v keys="$keys" -v mark="$mark" "$filter$files"
}
# follow FILE [LAST…]: conf of the file, of what it includes, and of LAST. `includes FILE…` names
# patterns, one a line, a hundred at most. What was met stays in `found`.
follow() {
  found=
  count=0
  last=
  first=$1
  shift
  for f do last=$last$f$nl; done
  set -- "$first"
  while [ $# -gt 0 ]; do
    for f do
      shift
      case $nl$found in *"$nl$f$nl"*) continue ;; esac
      count=$((count + 1))
      if [ $count -gt 60 ]; then note "say toomany $f"; note cut; return; fi
      case $f in
        *[*?[]*) barred "$f" && note "refused $f"; continue ;;
      esac
      found=$found$f$nl
      [ -f "$f" ] && [ -r "$f" ] && set -- "$@" "$f"
    done
    [ $# -gt 0 ] || break
    IFS=$nl
    set -- $(includes "$@")
    IFS=$spaces
  done
  IFS=$nl
  conf $found$last
  IFS=$spaces
}
# What runs here: processes of servers in our own mount namespace, by their numbers in is_KIND; of
# each the account in own_NUMBER and the arguments, one a line, in args_NUMBER. All are asked for
# at once. None that only tells its version: another run of this program may be asking just now.
crowd() {
  names='postgres|postmaster|mariadbd|mysqld|redis-server|valkey-server|nginx|java|jsvc'
  set --
  kinds=
  for one in $(grep -sHxE "$names" /proc/[0-9]*/comm); do
    p=${one#/proc/}
    p=${p%%/*}
    case ${one##*:} in
      postmaster) kind=postgres ;;
      mariadbd | mysqld) kind=mysql ;;
      *-server) kind=redis ;;
      jsvc) kind=java ;;
      *) kind=${one##*:} ;;
    esac
    eval "met=\$((met_$kind + 1)); met_$kind=\$met"
    [ $met -le 40 ] || continue
    set -- "$@" "$p"
    kinds="$kinds $kind"
  done
  [ $# -gt 0 ] || return
  heard "$@"
  places "$@"
  for kind in $kinds; do
    eval "there=\${at_$1-\$here} all=\$all_$1"
    case $there/$all in
      "$here"/' ' | "$here"/*' --version '* | "$here"/*' -v '* | "$here"/*' -V '*) ;;
      "$here"/*) eval "is_$kind=\"\$is_$kind $1\"" ;;
    esac
    shift
  done
}
# heard NUMBER…: their arguments. What tells them apart no process can know beforehand.
heard() {
  asked=
  for p do asked="$asked /proc/$p/cmdline /proc/self/environ"; eval "all_$p=' '"; done
  text=$(env -i "m=$mark" cat $asked 2>/dev/null | tr '\000\n' '\n ' | head -c 600000)
  set -f
  IFS=$nl
  said= all=' ' met=0
  for word in $text; do
    end=
    case $word in *"m=$mark") end=yes; word=${word%"m=$mark"} ;; esac
    if [ -n "$word" ] && [ $met -lt 200 ]; then
      met=$((met + 1))
      said=$said$word$nl
      all="$all$word "
    fi
    [ -n "$end" ] || continue
    eval "args_$1=\$said all_$1=\$all"
    said= all=' ' met=0
    shift
    [ $# -gt 0 ] || break
  done
  IFS=$spaces
  set +f
}
# places NUMBER…: whose they are, and where.
places() {
  here=
  asked=/proc/self/ns/mnt
  for p do asked="$asked /proc/$p /proc/$p/ns/mnt"; done
  IFS=$nl
  for line in $(IFS=$spaces; stat -L -c '%n %U %i' $asked 2>/dev/null); do
    p=${line#/proc/}
    p=${p%%[!0-9]*}
    case $line in
      /proc/self/*) here=${line##* } ;;
      */ns/mnt\ *) eval "at_$p=\${line##* }" ;;
      *) line=${line#* }; eval "own_$p=\${line%% *}" ;;
    esac
  done
  IFS=$spaces
}
# value_of NUMBER PREFIX…: $told becomes the rest of its first argument that begins so.
value_of() {
  eval "said=\$args_$1"
  shift
  told=
  set -f
  IFS=$nl
  for word in $said; do
    for prefix do
      case $word in "$prefix"*) [ -n "$told" ] || told=${word#"$prefix"} ;; esac
    done
  done
  IFS=$spaces
  set +f
}
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
spaces=" $tab$nl"
crowd
"""

KEYED_LINES = r"""
filter="$plain"'
function take(line,  key, at) {
  sub(/\r$/, "", line); key = tolower(line); sub(/^[ \t]+/, "", key)
  at = match(key, /[^a-z0-9_.!-]/); if (at > 1) key = substr(key, 1, at - 1)
  gsub(/-/, "_", key)
  if (key != "" && index(" " keys " ", " " key " ")) print substr(line, 1, 400)
}'
"""
"""A filter for files of one setting a line: lets those through whose first word is in ``keys``."""


def section(name: str, *parts: str, octets: int = 30_000, shared: tuple[str, ...] = ()) -> Section:
    """Make a section of a product's own text, behind the common functions and its ``shared``."""
    text = "\n".join(part.strip() for part in parts)
    return Section(name, text, octets, shared=(_COMMON, *shared))
