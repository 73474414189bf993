#!/bin/sh
# Records the demo again. Usage, as root on Debian 12 or like: record.sh [--work DIR] [--only ordinary|attack] [--minutes N] [--out DIR]
# With --work the Debian trees are kept in DIR for the next time; without it they are built in a temporary folder.
set -eu
[ "$(id -u)" = 0 ] || { echo "record.sh: needs root (namespaces, overlay mounts)" >&2; exit 1; }
cd "$(dirname "$0")/.."
export PYTHONDONTWRITEBYTECODE=1

missing=""
for program in debootstrap:debootstrap systemd-nspawn:systemd-container ip:iproute2 curl:curl ethtool:ethtool setsid:util-linux; do
    command -v "${program%%:*}" >/dev/null || missing="$missing ${program#*:}"
done
if [ -n "$missing" ]; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
fi

case " $* " in
*" --work "*) exec python3 -m record "$@" ;;
esac
work=$(mktemp -d /var/tmp/demo.XXXXXX)
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 130' INT TERM
python3 -m record --work "$work" "$@"
