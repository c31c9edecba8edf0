#!/bin/sh
# Install the Debian packages of deploy/apt-packages.txt that are missing. Not root: print the one line to run.
set -eu
cd "$(dirname "$0")"
command -v dpkg-query >/dev/null 2>&1 || { echo "This machine has no dpkg; see deploy/apt-packages.txt for what is needed."; exit 0; }
missing=""
# shellcheck disable=SC2013  # one word a line
for package in $(sed 's/#.*//' apt-packages.txt); do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "install ok installed" || missing="$missing $package"
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ]; then
    apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
else
    echo "Please run once, as root:  apt-get install --no-install-recommends$missing"
    exit 1
fi
