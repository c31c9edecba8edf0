#!/bin/sh
# guard.sh ARGUMENTS: the Python of the release that is known to be good, with ARGUMENTS: a release on trial does not
# judge itself. Without a trial behind it that is `current`.
set -eu
opt=/opt/tiantianshun
if [ -x "$opt/good/.venv/bin/python" ]; then cd "$(readlink -f "$opt/good")"; else cd "$(readlink -f "$opt/current")"; fi
exec "$PWD/.venv/bin/python" "$@"
