#!/bin/sh
# kiosk VERB …: the one command on an installed terminal, as the terminal's own user.
cd /opt/tiantianshun/current || exit 1
[ $# -gt 0 ] || set -- --help
if [ "$(id -un)" = kiosk ]; then exec sh deploy/session/start.sh run_kiosk.py "$@"; fi
exec runuser -u kiosk -- sh deploy/session/start.sh run_kiosk.py "$@"
