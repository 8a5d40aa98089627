# Collector of evidence for a baseline. It reads only: it writes no file, changes nothing and asks
# nothing. Usage on the host itself: sh collect.sh [--walk] > evidence.txt
# As root it sees everything; as another user it says what it was not allowed to read.
# Secrets (hashes, passwords, private keys) are cut out before anything is printed.
# Bash reads a program that comes through a pipe octet by octet: cat hands it over in one go.
case ${BASH_VERSION:+$-} in *s*) eval "$(cat)"; exit ;; esac
LC_ALL=C
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
unset BASH_ENV ENV GREP_OPTIONS POSIXLY_CORRECT SYSTEMD_PAGER
walk=no
[ "${1-}" = --walk ] && walk=yes
mark=
[ -r /proc/sys/kernel/random/uuid ] && IFS= read -r mark </proc/sys/kernel/random/uuid
mark="netops-$$-$mark"
limit='timeout -s KILL 8'
uid=$($limit id -u 2>/dev/null)
[ -n "$uid" ] || { limit=; uid=$(id -u 2>/dev/null); }
now=$(date +%s 2>/dev/null)
nl='
'
tab='	'
began=0
[ -r /proc/uptime ] && IFS='. ' read -r began _ </proc/uptime

# A line of ours. No file can hold the mark: it is made anew in every run.
put() { printf '\n%s%s\n' "$mark" "$*"; }
note() { put "=$*"; }

# Whether a folder on the way to $1 may not be looked into: then "absent" would be a guess.
barred() {
  way=${1%/*}
  while [ -n "$way" ]; do
    if [ -d "$way" ]; then
      [ -x "$way" ] || return 0
      case $1 in
        "$way"/*'*'*) [ -r "$way" ] || return 0 ;;
      esac
      return 1
    fi
    way=${way%/*}
  done
  return 1
}

# What is wrong with a file that cannot be shown; nothing if it can.
trouble() {
  if [ -f "$1" ]; then
    [ -r "$1" ] || note "refused $1"
    [ -r "$1" ] || return 0
    return 1
  elif [ -e "$1" ]; then
    note "other $1"
  elif barred "$1"; then
    note "refused $1"
  else
    note "absent $1"
  fi
}

# The text of files, bounded. Where they are and how long is asked once for all of them; the last
# step of the program reads them, so that a file costs no process.
show() {
  for file do
    shift
    trouble "$file" && continue
    case $file in
      *"$nl"*) note "file $file"; head -c 40001 "$file" 2>/dev/null ;;
      *) set -- "$@" "$file" ;;
    esac
  done
  [ $# -gt 0 ] || return 0
  printf '\n'
  stat -L -c "$mark<%s %n" "$@" 2>/dev/null || note cut
}

# Those lines of files that match an expression.
pick() {
  put "~$1"
  shift
  show "$@"
  put '~'
}

# One short value of a file of the kernel, without starting a program.
value() {
  for file do
    content=
    if [ -r "$file" ]; then
      { IFS= read -r content <"$file"; } 2>/dev/null
      note "say $file $content"
    elif [ -e "$file" ]; then
      note "refused $file"
    fi
  done
}

# The answer of a command, bounded in time and octets; nobody answers a question of it.
run() { tell "$@" | bounded; }
bounded() { head -c 120000; }

# The same of one command of several that are bounded together.
tell() {
  command -v "$1" >/dev/null 2>&1 || { note "missing $1"; return 127; }
  note "run $*"
  $limit "$@" 2>&1 </dev/null
  note "rc $?"
}

# The time, asked once for all who tell it.
clock() {
  note 'run date +%s'
  printf '%s\n' "$now"
  note 'rc 0'
}

# Mode, owner and group of what exists; names only, nothing is opened.
modes() {
  for file do
    [ -e "$file" ] || { barred "$file" && note "refused $file"; }
  done
  note 'run stat'
  stat -L -c '%a %u %g %s %Y %F|%n' "$@" 2>/dev/null
  note 'rc 0'
}

# section NAME OCTETS [SECONDS]: nobody listens after 150 seconds; what would need more than is left
# (the usual section 80 of 140) is not begun.
section() {
  late=0
  [ -r /proc/uptime ] && IFS='. ' read -r late _ </proc/uptime
  left=$((140 - late + began))
  put "[$1 $2"
  if [ $left -lt "${3:-80}" ]; then note late; else (eval "s_$1"); fi
  put "]$1"
}

#SECTIONS#

finish() {
  ulimit -v 1000000 2>/dev/null
  awk -v mark="$mark" -v each=40000 '
function read_file(path, size,  line, most_read, octets, more) {
  most_read = pattern == "" ? 40000 : 200000
  piece = 0; cut = 0; key = 0; total += length(path) + 7
  if (total > most) { full = 1; print "=cut"; return }
  print "=file " path
  if (size > most_read) { print "=cut"; return }
  octets = 0
  while (!cut && !full && (more = (getline line < path)) > 0) {
    octets += length(line) + 1
    if (octets > most_read) { print "=cut"; break }
    if (pattern == "" || line ~ pattern) emit(line)
  }
  if (more < 0) print "=refused " path
  close(path)
}
function emit(line,  size) {
  size = length(line) + 2
  if (cut || full) return
  if (total + size > most) { full = 1; print "=cut"; return }
  if (piece + size > (pattern == "" ? each : 8000)) { cut = 1; print "=cut"; return }
  total += size; piece += size
  if (line ~ /-----BEGIN [A-Z ]*PRIVATE KEY/) { key = 1; print "|***"; return }
  if (line ~ /-----END [A-Z ]*PRIVATE KEY/) key = 0
  print "|" (key ? "***" : masked(line))
}
function masked(s,  done, rest, low) {
  while (match(s, /\$(1|2[abxy]?|5|6|7|y|gy|sm3|md5)\$[^ \t:"\047,;*]+/))
    s = substr(s, 1, RSTART - 1) "$*$" substr(s, RSTART + RLENGTH)
  gsub(/:\/\/[^\/ @:]*:[^\/ @]*@/, "://***@", s)
  if (s ~ /^[ \t]*(rocommunity6?|rwcommunity6?|com2sec6?|createUser)[ \t]/) {
    sub(/^[ \t]*/, "", s); sub(/[ \t].*/, " ***", s)
  }
  done = ""; rest = s
  while (1) {
    low = tolower(rest)
    if (!match(low, secret)) break
    done = done substr(rest, 1, RSTART + RLENGTH - 1); rest = substr(rest, RSTART + RLENGTH)
    if (match(rest, /^("[^"]*"?|\047[^\047]*\047?|[^ \t"\047,;]+)/)) {
      done = done "***"; rest = substr(rest, RLENGTH + 1)
    }
  }
  return done rest
}
BEGIN {
  secret = "((password|passwd|passphrase|secret|token|community|apikey|api_key|bindpw|authkey|auth_key)[\"\047]?[ \t]*=[ \t]*|(password|passphrase|secret|token)[\"\047]?:[ \t]+)"
  print "netops-evidence 1"
}
index($0, mark) == 1 {
  blank = 0; said = substr($0, length(mark) + 1); first = substr(said, 1, 1)
  if (first == "[") {
    space = index(said, " "); most = substr(said, space + 1) + 0
    total = 0; full = 0; cut = 0; key = 0; open = 1
    pattern = ""
    print substr(said, 1, space - 1)
  } else if (first == "]") { open = 0; print said }
  else if (first == "!") whole = 1
  else if (first == "~") pattern = substr(said, 2)
  else if (first == "<") {
    if (open && !full)
      read_file(substr(said, index(said, " ") + 1), substr(said, 2, index(said, " ") - 2) + 0)
  }
  else if (open && !full) {
    piece = 0; cut = 0; key = 0; total += length(said) + 1
    if (total > most) { full = 1; print "=cut" } else print said
  }
  next
}
!open { next }
pattern != "" && $0 !~ pattern { next }
blank { emit(""); blank = 0 }
$0 == "" { blank = 1; next }
{ emit($0) }
END { if (whole) print "netops-evidence end" }
'
}

main() {
#CALLS#
  put '!'
}

if command -v awk >/dev/null 2>&1; then
  main </dev/null 2>/dev/null | finish
else
  echo 'netops-evidence 1'
  echo 'netops-evidence failed: this host has no awk'
fi
