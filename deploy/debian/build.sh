#!/bin/sh
# build.sh OUT [WHEELS]: make the Debian package in the folder OUT, everything inside, so that it installs offline.
# WHEELS keeps the Python packages of the lock from one build to the next; default OUT/wheels. Needs no root.
# WHEELS=none leaves packages and typefaces out: what is ours alone, for the test that two builds are the same.
# The same commit gives the same bytes, wherever, whenever and by whomever it is built (twice.sh).
set -eu
LC_ALL=C # sorts by bytes
export LC_ALL
umask 022
here=$(cd "$(dirname "$0")/../.." && pwd -P)
out=${1:?where to}
wheels=${2:-$out/wheels}
python=${PYTHON:-python3}
version=$(sed -n 's/^VERSION = "\(.*\)"$/\1/p' "$here/tools/version.py")
architecture=$(dpkg --print-architecture)
stage=$out/stage
maintainer="Tiantianshun kiosk project <kiosk@tiantianshun.example>" # no mailbox: .example belongs to nobody
release=$stage/usr/lib/tiantianshun
# the same commit makes the same package: every file bears the commit's time
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$here" log -1 --format=%ct)}
export SOURCE_DATE_EPOCH

rm -rf "$stage"
mkdir -p "$release" "$stage/DEBIAN" "$stage/usr/share/doc/tiantianshun"
stage_doc=$(cd "$stage/usr/share/doc/tiantianshun" && pwd -P)
git -C "$here" archive HEAD backend config deploy devices docs ground kiosk offline_cache screens tools run_kiosk.py \
    requirements.lock CHANGELOG.md | tar -x -C "$release"
if [ "$wheels" != none ]; then
    mkdir -p "$wheels" "$release/wheels"
    "$python" -m pip download -q --no-deps --require-hashes --only-binary :all: -r "$here/requirements.lock" -d "$wheels"
    # of what was kept there, what this lock names, and nothing of an older one
    "$python" -m pip --isolated download -q --no-deps --require-hashes --only-binary :all: --no-index \
        --find-links "$wheels" -r "$here/requirements.lock" -d "$release/wheels"
    (cd "$release" && PYTHONDONTWRITEBYTECODE=1 "$python" -m tools.fonts build/fonts)
    # the technician's manual, of this version's pages
    (cd "$release" && PYTHONDONTWRITEBYTECODE=1 "$python" run_kiosk.py docs --pdf "$stage_doc/manual.pdf")
fi
cp "$here/deploy/debian/copyright" "$stage/usr/share/doc/tiantianshun/copyright"
printf '%s\n' "tiantianshun ($version) stable; urgency=medium" '' '  * See CHANGELOG.md in /usr/lib/tiantianshun.' '' \
    " -- $maintainer  $(date -u -R -d "@$SOURCE_DATE_EPOCH")" | gzip -9n > "$stage/usr/share/doc/tiantianshun/changelog.gz"
install -D -m 0644 "$here/deploy/debian/lintian-overrides" "$stage/usr/share/lintian/overrides/tiantianshun"
for script in postinst prerm postrm; do
    install -m 0755 "$here/deploy/debian/$script" "$stage/DEBIAN/$script"
done
depends=$(sed 's/#.*//' "$here/deploy/terminal-packages.txt" | xargs | sed 's/ /, /g')
cat > "$stage/DEBIAN/control" <<CONTROL
Package: tiantianshun
Version: $version
Architecture: $architecture
Maintainer: $maintainer
Installed-Size: $(find "$stage" -type f -printf '%s\n' | awk '{ sum += int(($1 + 1023) / 1024) } END { print sum }')
Depends: $depends
Section: misc
Priority: optional
Description: self-service terminal for joint-service matters
 The kiosk that stands in a citizen-service hall: face, uploader, drivers and
 the services that keep them running. Everything in Python that it needs lies
 inside and is checked against locked hashes when it is installed.
CONTROL
(cd "$stage" && find . -path ./DEBIAN -prune -o -type f -print0 | sort -z | xargs -0 md5sum | sed 's|  \./|  |') > "$stage/DEBIAN/md5sums"
find "$stage" -type d -exec chmod 0755 {} +
find "$stage" -type f -exec chmod 0644 {} +
find "$stage" -name '*.sh' -exec chmod 0755 {} +
chmod 0755 "$stage"/DEBIAN/p* "$release"/deploy/debian/p*
find "$stage" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
# wheels are compressed already: packing them again takes minutes and gains nothing
dpkg-deb --root-owner-group -Zgzip -z1 --build "$stage" "$out/tiantianshun_${version}_$architecture.deb"
rm -rf "$stage"
