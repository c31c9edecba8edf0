#!/bin/sh
# install.sh: make a bare Debian 12 a terminal, from the folder that this script lies in. Run as root; run again to repair.
#
#   --dry-run          say what would be done, and do nothing
#   --root DIR         into the file system at DIR (a test root, a mounted disk); nothing is started there
#   --no-packages      Debian packages are there already (the .deb brings them as dependencies)
#   --no-venv          do not build the Python environment (only with --root, for tests)
#   --wheels DIR       take Python packages from DIR, without a network
#   --data-disk DEV    DEV (an ext4 partition) holds what was handed in; it is checked at each start
#   --read-only-root   mount the system read-only from the next start on; needs --data-disk
#   --beside           only make this folder, below /opt/tiantianshun/releases, ready to run; `release install` asks for it
#   --settle           only bring units and system settings to this release; `release switch` and `rollback` ask for it
#   --uninstall        take it away; what was not delivered stays in /var/lib/tiantianshun, always
set -eu
here=$(cd "$(dirname "$0")/.." && pwd -P)
dry='' root='' packages=yes venv=yes wheels='' disk='' read_only='' uninstall='' only=''
while [ $# -gt 0 ]; do
    case $1 in
        --dry-run) dry=yes ;;
        --root) root=${2:?--root DIR}; shift ;;
        --no-packages) packages='' ;;
        --no-venv) venv='' ;;
        --wheels) wheels=${2:?--wheels DIR}; shift ;;
        --data-disk) disk=${2:?--data-disk DEV}; shift ;;
        --read-only-root) read_only=yes ;;
        --beside | --settle) only=${1#--} ;;
        --uninstall) uninstall=yes ;;
        -h | --help) sed -n '2,14s/^# \{0,1\}//p' "$0"; exit 0 ;;
        *) echo "unknown: $1; see --help" >&2; exit 2 ;;
    esac
    shift
done
[ -z "$read_only" ] || [ -n "$disk" ] || { echo "--read-only-root needs --data-disk" >&2; exit 2; }
[ -n "$dry$root" ] || [ "$(id -u)" = 0 ] || { echo "Please run as root (or with --dry-run)." >&2; exit 2; }
root=${root%/}
version=$(sed -n 's/^VERSION = "\(.*\)"$/\1/p' "$here/tools/version.py")
opt=/opt/tiantianshun
release=$opt/releases/$version # beside the others; `current` points to one of them
data=/var/lib/tiantianshun

do_() { # say it, and do it unless this is a dry run
    echo "+ $*"
    [ -n "$dry" ] || "$@"
}

live() { # only on the machine itself, never in a test root
    if [ -n "$root" ]; then echo "- not in a test root: $*"; else do_ "$@"; fi
}

put() { # put FILE WHERE [MODE]: copy a file of ours when it differs
    if cmp -s "$1" "$root$2"; then return; fi
    do_ install -D -m "${3:-0644}" "$1" "$root$2"
}

line() { # line WHERE TEXT: have this line in a file, once
    if grep -qxF "$2" "$root$1" 2>/dev/null; then return; fi
    echo "+ add to $1: $2"
    [ -n "$dry" ] || { mkdir -p "$(dirname "$root$1")"; printf '%s\n' "$2" >> "$root$1"; }
}

# shellcheck source=deploy/install.d/steps.sh
. "$here/deploy/install.d/steps.sh"
if [ -n "$uninstall" ]; then
    take_away
elif [ "$only" = beside ]; then
    release=$here
    make_environment
elif [ "$only" = settle ]; then
    settle_system
    enable_units
else
    install_packages
    make_user
    copy_release
    make_environment
    turn_to_it
    settle_settings
    mount_data
    settle_system
    enable_units
    echo "Installed: $version. Next: /etc/tiantianshun/terminal.toml, then 'kiosk enrol --code CODE', then usb-allow.sh"
fi
