#!/bin/sh
# Wait until the screen takes guests, at most 20 s; until the face is there it shows a calm grey-blue, never a console.
set -eu
export DISPLAY=:0 XAUTHORITY=/run/tiantianshun-x/authority
tries=0
until xsetroot -solid '#1f3a5f' 2>/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || exit 1
    sleep 0.2
done
xset s off -dpms
