#!/bin/sh
# Installs what is missing and starts Tocsin. `--help` tells the rest.
set -eu

usage() {
    cat <<'TEXT'
Usage: ./scripts/start-all.sh [--demo]

Installs what is missing into .venv, then starts Tocsin.

  --demo        replay the bundled attack and tell what was found
  --data DIR, --port N, --host ADDRESS, --no-ui
                for the server, which is not built yet: accepted, not used

Until the server is there, Tocsin works on files:  .venv/bin/tocsin replay PATH...
TEXT
}

wrong() {
    printf 'start-all.sh: %s\n\n' "$1" >&2
    usage >&2
    exit 2
}

demo='' unused=''
while [ $# -gt 0 ]; do
    case $1 in
        --demo) demo=yes ;;
        --no-ui) unused="$unused $1" ;;
        --data | --port | --host)
            [ $# -gt 1 ] || wrong "$1 needs a value"
            unused="$unused $1"
            shift
            ;;
        --help | -h) usage && exit ;;
        *) wrong "unknown option: $1" ;;
    esac
    shift
done

root=$(cd "$(dirname "$0")/.." && pwd)
"$root/scripts/install.sh"
[ -z "$unused" ] || printf 'There is no server yet: not used:%s\n' "$unused" >&2

if [ -z "$demo" ]; then
    cat >&2 <<TEXT
Tocsin is installed. Its server and console are not built yet (docs/roadmap.md says when they come).
What it does today is read files, detect attacks in them and tell each as one incident:

  $root/.venv/bin/tocsin replay PATH...      your own EVTX, JSON, syslog, Zeek, Suricata, auditd ... files or folders
  $root/scripts/start-all.sh --demo          the bundled recording of an attack
TEXT
    exit
fi
exec "$root/.venv/bin/tocsin" replay "$root/content/samples/demo/attack" --context "$root/content/samples/demo/context"
