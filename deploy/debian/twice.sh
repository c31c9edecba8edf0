#!/bin/sh
# twice.sh OUT [WHEELS]: build the package of this commit twice, in two places, with another umask, time zone, language
# and order of files, and compare the bytes. WHEELS as of build.sh; default OUT/wheels. Keeps the first in OUT.
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd -P)
mkdir -p "${1:?where to}"
out=$(cd "$1" && pwd -P)
wheels=${2:-$out/wheels}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git clone -q "$here" "$work/one"
git clone -q "$work/one" "$work/another-place-with-a-longer-name" # the same commit, whoever commits here meanwhile
find "$work/one" -path '*/.git' -prune -o -type f -exec touch -d 2001-02-03 {} +
(umask 022; TZ=Asia/Shanghai LC_ALL=C.UTF-8 sh "$work/one/deploy/debian/build.sh" "$work/a" "$wheels")
(umask 077; TZ=America/Lima LC_ALL=POSIX sh "$work/another-place-with-a-longer-name/deploy/debian/build.sh" "$work/b" "$wheels")
cd "$work/a"
for deb in *.deb; do
    sha256sum "$deb"
    cmp "$work/a/$deb" "$work/b/$deb"
    mv "$deb" "$out/"
done
echo "The same bytes, twice."
