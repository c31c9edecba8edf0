#!/bin/sh
# The steps of install.sh, read by it. Each may be repeated: what is right already is left alone.
# shellcheck shell=sh disable=SC2154  # variables and helpers are install.sh's
parts="backend config deploy devices docs ground kiosk offline_cache screens tools run_kiosk.py requirements.lock CHANGELOG.md"
masked="getty@tty1.service getty@tty7.service autovt@.service ctrl-alt-del.target swap.target"
units="tiantianshun-x.service tiantianshun-face.service tiantianshun-uploader.service tiantianshun-update.timer tiantianshun-fetch.timer tiantianshun-power-off.path tiantianshun-settle.path"

install_packages() {
    [ -n "$packages" ] || return 0
    # shellcheck disable=SC2046
    live apt-get install -y --no-install-recommends $(sed 's/#.*//' "$here/deploy/terminal-packages.txt")
}

make_user() {
    if grep -q '^kiosk:' "$root/etc/passwd" 2>/dev/null; then return; fi
    live groupadd --system --force kiosk
    live useradd --system --gid kiosk --home-dir "$data" --no-create-home --shell /usr/sbin/nologin kiosk
}

copy_release() {
    if [ "$here" != "$root$release" ]; then
        do_ mkdir -p "$root$release"
        for part in $parts; do
            if diff -rq -x __pycache__ -x '*.pyc' "$here/$part" "$root$release/$part" >/dev/null 2>&1; then continue; fi
            do_ rm -rf "$root$release/$part"
            do_ cp -a "$here/$part" "$root$release/$part"
        done
    fi
    if [ -d "$here/build/fonts" ] && [ ! -d "$root$release/build/fonts" ]; then
        do_ mkdir -p "$root$release/build"
        do_ cp -a "$here/build/fonts" "$root$release/build/fonts"
    fi
}

make_environment() {
    python=$root$release/.venv/bin/python
    if [ -n "$venv" ] && [ ! -e "$root$release/.venv/.ready" ]; then
        do_ /usr/bin/python3 -m venv --clear "$root$release/.venv"
        if [ -n "$wheels" ]; then
            do_ "$python" -m pip --isolated install -q --no-deps --require-hashes --no-index --find-links "$wheels" -r "$here/requirements.lock"
        else
            do_ "$python" -m pip install -q --no-deps --require-hashes -r "$here/requirements.lock"
        fi
        # the terminal's user may not write here: what is compiled now need not be compiled at each start
        do_ "$python" -m compileall -q -j 2 "$root$release/tools" "$root$release/kiosk" "$root$release/screens" \
            "$root$release/devices" "$root$release/offline_cache" "$root$release/config" "$root$release/ground"
        do_ touch "$root$release/.venv/.ready"
    fi
    if [ -n "$venv" ] && [ ! -f "$root$release/build/fonts/NotoSansSC-Bold-core.otf" ]; then
        do_ env -C "$root$release" "$python" -m tools.fonts build/fonts
    fi
}

turn_to_it() { # the version that ran before stays beside it, and is what `previous` points to
    now=$(readlink "$root$opt/current" 2>/dev/null || true)
    if [ "$now" = "releases/$version" ]; then return; fi
    [ -z "$now" ] || do_ ln -sfn "$now" "$root$opt/previous"
    do_ ln -sfn "releases/$version" "$root$opt/current.new"
    do_ mv -T "$root$opt/current.new" "$root$opt/current"
    do_ rm -f "$root$opt/good" # a technician vouches for it: no trial, no automatic return
    for old in "$root$opt"/releases/*; do # the one before stays to go back to, and whatever runs still
        case ${old##*/} in "$version" | "${now##*/}") continue ;; esac
        find /proc -maxdepth 2 -name cwd -lname "$old*" 2>/dev/null | grep -q . || do_ rm -rf "$old"
    done
}

settle_settings() { # a technician's file is never written over
    [ -e "$root/etc/tiantianshun/terminal.toml" ] || put "$here/config/terminal.toml" /etc/tiantianshun/terminal.toml
    [ -d "$root$data" ] || do_ install -d -m 0700 "$root$data"
    [ -d "$root/media/kiosk" ] || do_ install -d "$root/media/kiosk"
    live chown kiosk:kiosk "$data"
    live chown -R root:kiosk /etc/tiantianshun
    live chmod g+w /etc/tiantianshun /etc/tiantianshun/terminal.toml # the set-up wizard writes there, with every version
    put "$here/deploy/session/kiosk.sh" /usr/local/bin/kiosk 0755
}

mount_data() {
    [ -n "$disk" ] || return 0
    line /etc/fstab "$disk $data ext4 noatime,nodev,nosuid,noexec,errors=remount-ro 0 2" # 2: checked at each start
    [ -n "$read_only" ] || return 0
    line /etc/fstab "tmpfs /tmp tmpfs mode=1777,nodev,nosuid,size=512M 0 0"
    line /etc/fstab "tmpfs /var/log tmpfs mode=0755,nodev,nosuid,noexec,size=64M 0 0"
    line /etc/fstab "tmpfs /var/tmp tmpfs mode=1777,nodev,nosuid,size=128M 0 0"
    if grep -qE '^[^#]+[[:space:]]/[[:space:]]+[a-z0-9]+[[:space:]]+ro,' "$root/etc/fstab"; then return; fi
    do_ sed -i -E 's|^([^#]+[[:space:]]/[[:space:]]+[a-z0-9]+[[:space:]]+)|\1ro,|' "$root/etc/fstab"
}

settle_system() {
    put "$here/deploy/x11/10-kiosk.conf" /etc/X11/xorg.conf.d/10-kiosk.conf
    put "$here/deploy/systemd/system.conf.d/60-tiantianshun.conf" /etc/systemd/system.conf.d/60-tiantianshun.conf
    put "$here/deploy/etc/logind.conf" /etc/systemd/logind.conf.d/60-tiantianshun.conf
    put "$here/deploy/etc/journald.conf" /etc/systemd/journald.conf.d/60-tiantianshun.conf
    put "$here/deploy/etc/sysctl.conf" /etc/sysctl.d/60-tiantianshun.conf
    put "$here/deploy/udev/60-tiantianshun.rules" /etc/udev/rules.d/60-tiantianshun.rules
    put "$here/deploy/udev/70-tiantianshun-stick.rules" /etc/udev/rules.d/70-tiantianshun-stick.rules
    put "$here/deploy/etc/grub.cfg" /etc/default/grub.d/60-tiantianshun.cfg
    [ "$(readlink "$root/etc/localtime" 2>/dev/null)" = /usr/share/zoneinfo/Asia/Shanghai ] ||
        do_ ln -sfn /usr/share/zoneinfo/Asia/Shanghai "$root/etc/localtime"
    if [ -z "$root$only" ] && command -v update-grub >/dev/null && [ -d /boot/grub ]; then live update-grub; fi
}

enable_units() {
    for unit in "$here"/deploy/systemd/tiantianshun-*.service "$here"/deploy/systemd/tiantianshun-*.timer \
        "$here"/deploy/systemd/tiantianshun-*.path; do
        put "$unit" "/etc/systemd/system/${unit##*/}"
    done
    for unit in update settle; do
        put "$here/deploy/systemd/tiantianshun-$unit.service.d/20-root.conf" \
            "/etc/systemd/system/tiantianshun-$unit.service.d/20-root.conf"
    done
    put "$here/deploy/systemd/tiantianshun-.service.d/10-hardening.conf" /etc/systemd/system/tiantianshun-.service.d/10-hardening.conf
    # shellcheck disable=SC2086
    do_ systemctl ${root:+--root="$root"} --quiet enable $units
    for unit in $masked; do
        [ "$(readlink "$root/etc/systemd/system/$unit" 2>/dev/null)" = /dev/null ] ||
            do_ systemctl ${root:+--root="$root"} --quiet mask "$unit"
    done
    [ "$(readlink "$root/etc/systemd/system/default.target" 2>/dev/null)" = /lib/systemd/system/graphical.target ] ||
        do_ ln -sfn /lib/systemd/system/graphical.target "$root/etc/systemd/system/default.target"
    if [ -z "$root" ] && [ -d /run/systemd/system ]; then
        live systemctl daemon-reload
        live udevadm control --reload
    fi
}

take_away() {
    # shellcheck disable=SC2086
    do_ systemctl ${root:+--root="$root"} --quiet disable $units || true
    # shellcheck disable=SC2086
    [ -n "$root" ] || [ ! -d /run/systemd/system ] || live systemctl stop $units tiantianshun-out-of-service.service
    # shellcheck disable=SC2086
    do_ systemctl ${root:+--root="$root"} --quiet unmask $masked
    for file in "$root"/etc/systemd/system/tiantianshun-*.service \
        "$root"/etc/systemd/system/tiantianshun-*.timer \
        "$root"/etc/systemd/system/tiantianshun-*.path "$root"/etc/systemd/*.conf.d/60-tiantianshun.conf \
        "$root"/etc/sysctl.d/60-tiantianshun.conf "$root"/etc/udev/rules.d/??-tiantianshun*.rules \
        "$root"/etc/X11/xorg.conf.d/10-kiosk.conf "$root"/etc/default/grub.d/60-tiantianshun.cfg \
        "$root"/usr/local/bin/kiosk; do
        [ ! -e "$file" ] || do_ rm -f "$file"
    done
    do_ rm -rf "$root/etc/systemd/system/tiantianshun-.service.d" "$root/etc/systemd/system/tiantianshun-update.service.d" \
        "$root/etc/systemd/system/tiantianshun-settle.service.d"
    do_ rm -rf "$root$opt"
    echo "Kept: $data (what was handed in and not delivered, keys, the log) and /etc/tiantianshun."
}
