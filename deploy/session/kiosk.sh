#!/bin/sh
# kiosk VERB …: the one command on an installed terminal, as the terminal's own user.
cd /opt/tiantianshun/current || exit 1
export KIOSK_CONFIG=/etc/tiantianshun/terminal.toml
[ $# -gt 0 ] || set -- --help
case "$1 ${2:-}" in # what changes releases is root's; the rest is the terminal's user's
    "release install" | "release switch" | "release confirm" | "release rollback" | "release tend")
        case " $* " in *" --config "*) ;; *) set -- "$@" --config /etc/tiantianshun/terminal.toml ;; esac
        exec sh deploy/session/guard.sh run_kiosk.py "$@"
        ;;
esac
if [ "$(id -un)" = kiosk ]; then exec sh deploy/session/start.sh run_kiosk.py "$@"; fi
exec runuser -u kiosk -- sh deploy/session/start.sh run_kiosk.py "$@"
