#!/bin/sh
# check.sh DIR [CHROOT]: judge the package in DIR. Without CHROOT: lintian, then unpack, install and run it in a root of its own.
# With CHROOT, a fresh Debian by debootstrap, and as root: install it there with apt, run it, take it away.
set -eu
deb=$(ls "${1:?folder of the package}"/tiantianshun_*.deb)
began=$(date +%s)
took() { echo "== $1: $(($(date +%s) - began)) s since the beginning"; }

if [ -n "${2:-}" ]; then
    cp "$deb" "$2/tiantianshun.deb"
    chroot "$2" apt-get update -qq
    chroot "$2" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends /tiantianshun.deb
    took "installed by apt"
    chroot "$2" kiosk --help > /dev/null
    chroot "$2" kiosk config check
    chroot "$2" systemd-analyze verify tiantianshun-face.service tiantianshun-uploader.service tiantianshun-x.service tiantianshun-out-of-service.service \
        tiantianshun-fetch.service tiantianshun-update.service
    [ "$(chroot "$2" stat -c %U /var/lib/tiantianshun)" = kiosk ]
    chroot "$2" touch /var/lib/tiantianshun/undelivered
    chroot "$2" apt-get purge -y -qq tiantianshun
    [ -e "$2/var/lib/tiantianshun/undelivered" ]
    [ ! -e "$2/opt/tiantianshun" ]
    took "run, and taken away; what was not delivered is there"
    exit 0
fi

if command -v lintian >/dev/null; then
    lintian --fail-on error,warning --allow-root "$deb"
    took "lintian"
fi
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
dpkg-deb -x "$deb" "$root"
took "unpacked"
inside=$root/usr/lib/tiantianshun
sh "$inside/deploy/install.sh" --root "$root" --no-packages --wheels "$inside/wheels" > "$root/install.log" || { cat "$root/install.log"; exit 1; }
took "installed"
cd "$root/opt/tiantianshun/current"
.venv/bin/python run_kiosk.py --help > /dev/null
.venv/bin/python run_kiosk.py version
.venv/bin/python run_kiosk.py config check --config "$root/etc/tiantianshun/terminal.toml"
.venv/bin/python -c 'import kivy, cv2, onnxruntime, pyrage, cryptography, rapidocr' > /dev/null 2>&1
took "run"
