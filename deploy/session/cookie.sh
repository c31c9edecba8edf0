#!/bin/sh
# cookie.sh FILE: a fresh secret for the screen; only who can read FILE may draw on it.
set -eu
umask 077
: > "$1.new"
xauth -q -f "$1.new" add :0 . "$(mcookie)"
mv "$1.new" "$1"
