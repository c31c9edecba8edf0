#!/bin/sh
# start.sh ARGUMENTS: this release's Python with ARGUMENTS. By its real path: a process that runs while `current` is
# turned to a newer release goes on with all of the old one, never with some of each.
set -eu
cd "$(readlink -f /opt/tiantianshun/current)"
exec "$PWD/.venv/bin/python" "$@"
