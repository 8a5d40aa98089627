"""What a probe host without Python is sent: POSIX shell over its own ping and traceroute.

The guard admits ``TEXT`` as a whole, by its digest. Its call of ``run`` follows behind it.
"""

from __future__ import annotations

TEXT = r"""# Measures from a host without Python: its own ping and traceroute, a JSON line a target.
# Sent as it stands to `sh -s`; the one call of `run` behind it has an order of plain data:
# base64 of lines "echo|trace ID 4|6 SOURCE|- COUNT WAIT TARGET". Writes no file, holds no
# secret. A shell cannot bind, time and seal a question: no reflector is asked from here.
LC_ALL=C PATH=$PATH:/usr/sbin:/sbin
export LC_ALL PATH

run() {
  orders=$(printf %s "$1" | base64 -d 2>/dev/null) || orders=
  if [ -z "$orders" ]; then echo '{"end": 0}'; return; fi
  plain=; even=-U
  case $(ping -V 2>&1) in *iputils*) plain=-n ;; esac
  case $(traceroute --help 2>&1) in *-U*) ;; *) even= ;; esac
  at_once=0
  printf '%s\n' "$orders" | {
    while read -r what id family source count wait target; do
      case $what in echo) echo_one & ;; trace) trace_one & ;; *) continue ;; esac
      at_once=$((at_once + 1))
      if [ "$at_once" -ge 16 ]; then wait; at_once=0; fi
    done
    wait
  }
  echo '{"end": 1}'
}

echo_one() {
  set -- $plain -"$family" -c "$count" -W "$wait"
  [ "$source" = - ] || set -- "$@" -I "$source"
  command -v ping >/dev/null 2>&1 || { fault 'no ping here'; return; }
  ping "$@" "$target" 2>&1 </dev/null | head -c 65536 | awk -v id="$id" -v target="$target" '
    match($0, /time[=<][0-9.]+ ?ms/) {
      text = substr($0, RSTART + 5, RLENGTH - 5); sub(/ ?ms/, "", text)
      if ($0 !~ /DUP/ && text ~ /^[0-9]+(\.[0-9]+)?$/) times = times (times == "" ? "" : ", ") text
    }
    /packets transmitted/ { sent = $1 + 0; known = 1 }
    { last = $0 }
    END {
      gsub(/[^ -!#-\[\]-~]/, "", last)
      # One write a target: several are at work.
      printf "{\"id\": %d, \"target\": \"%s\", \"sent\": %d, \"round_trips_ms\": [%s], %s}\n",
        id, target, sent, times, "\"error\": \"" (known ? "" : substr(last, 1, 200)) "\""
    }'
}

trace_one() {
  command -v traceroute >/dev/null 2>&1 || { fault 'no traceroute here'; return; }
  set -- -"$family" -n -q 1 -w "$wait" -m 30
  # A constant port keeps the flow; without it a trace may mix ways of equal cost.
  [ -z "$even" ] || set -- "$@" -U -p 33434
  [ "$source" = - ] || set -- "$@" -s "$source"
  traceroute "$@" "$target" 2>&1 </dev/null | head -c 65536 | awk -v id="$id" -v target="$target" '
    $1 ~ /^[0-9]+$/ && $1 <= 30 {
      address = ($2 ~ /^[0-9a-fA-F.:]+$/) ? $2 : ""
      rtt = ($4 == "ms" && $3 ~ /^[0-9]+(\.[0-9]+)?$/) ? $3 : ""
      if (address != "") { full = n + 1 }
      n++
      hops[n] = sprintf("{\"ttl\": %d, \"addresses\": [%s], \"round_trips_ms\": [%s]}", $1,
        address == "" ? "" : "\"" address "\"", rtt)
      if (address == target && $0 !~ /![A-Z0-9]/) reached = 1
      next
    }
    !/^traceroute to/ { last = $0 }
    END {
      gsub(/[^ -!#-\[\]-~]/, "", last)
      for (i = 1; i <= full; i++) all = all (i > 1 ? ", " : "") hops[i]
      printf "{\"id\": %d, \"target\": \"%s\", \"hops\": [%s], \"reached\": %s, %s}\n", id, target,
        all, reached ? "true" : "false", "\"error\": \"" (n ? "" : substr(last, 1, 200)) "\""
    }'
}

fault() {
  answer='{"id": %d, "target": "%s", "sent": 0, "round_trips_ms": [], "hops": [], "error": "%s"}'
  printf "$answer\\n" "$id" "$target" "$1"
}
"""
