#!/bin/sh
# settle-system.sh FOLDER: put what the set-up wizard prepared in FOLDER (network, proxy, time, touch) into the system. As root.
#
#   --dry-run    say what would change, and change nothing
#   --undo       back to what was there before the last time
#   --root DIR   the system at DIR (a test root, a mounted disk); nothing is started there
#   --wish FILE --answer FILE   how tiantianshun-settle.service calls it: the word in FILE is what the wizard asked with; it
#                is taken away first, and "WORD EXIT-CODE" is left as the answer
#
# FOLDER is written by the terminal's own user: only files with these names are taken, and of them only lines that are known.
set -eu
dry='' root='' undo='' folder='' wish='' answer=''
while [ $# -gt 0 ]; do
    case $1 in
        --dry-run) dry=yes ;;
        --undo) undo=yes ;;
        --wish) wish=${2:?--wish FILE}; shift ;;
        --answer) answer=${2:?--answer FILE}; shift ;;
        --root) root=${2:?--root DIR}; shift ;;
        -h | --help) sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 0 ;;
        -*) echo "unknown: $1; see --help" >&2; exit 2 ;;
        *) folder=$1 ;;
    esac
    shift
done
[ -n "$folder$undo" ] || { echo "settle-system.sh FOLDER; see --help" >&2; exit 2; }
[ -n "$dry$root" ] || [ "$(id -u)" = 0 ] || { echo "Please run as root (or with --dry-run)." >&2; exit 2; }
if [ -n "$wish" ]; then
    word=$(head -c 64 "$wish" | tr -cd '0-9a-f')
    rm -f "$wish" # first: whatever comes of it, it is not asked for twice
    set +e
    sh "$0" ${root:+--root "$root"} "$folder"
    code=$?
    set -e
    echo "$word $code" > "$answer.new"
    chmod 0644 "$answer.new"
    mv "$answer.new" "$answer"
    exit 0
fi
root=${root%/}
before=$root/var/backups/tiantianshun
changed=''
copy=$(mktemp) # what was looked at is what is installed: the folder's owner may change it meanwhile
trap 'rm -f "$copy"' EXIT

# what a line of each file may be (extended regular expressions, whole lines)
word='[A-Za-z0-9_.:/ ,;%@+-]*'
known() {
    case $1 in
        etc/NetworkManager/system-connections/tiantianshun.nmconnection)
            echo "#.*|\[(connection|ipv4|ipv6|gsm)\]|(id|uuid|type|autoconnect|autoconnect-retries|interface-name|method|address1|dns|apn)=$word|" ;;
        etc/systemd/network/10-tiantianshun.network)
            echo "#.*|\[(Match|Network)\]|(Name|Type|DHCP|IPv6AcceptRA|LinkLocalAddressing|Address|Gateway|DNS)=$word|" ;;
        etc/systemd/system/tiantianshun-.service.d/20-proxy.conf)
            echo "#.*|\[Service\]|Environment=\"(HTTPS?_PROXY|https?_proxy|NO_PROXY)=[][A-Za-z0-9_.:/,-]*\"" ;;
        etc/systemd/timesyncd.conf.d/site.conf) echo "#.*|\[Time\]|NTP=$word" ;;
        etc/timezone) echo "Asia/(Shanghai|Urumqi)" ;;
        etc/X11/xorg.conf.d/90-tiantianshun-touch.conf)
            echo "#.*|Section \"InputClass\"|EndSection| +(Identifier|MatchIsTouchscreen|Driver) \"[a-z ]+\"| +Option \"CalibrationMatrix\" \"[0-9. -]+\"" ;;
        *) return 1 ;;
    esac
}
files="etc/NetworkManager/system-connections/tiantianshun.nmconnection etc/systemd/network/10-tiantianshun.network
etc/systemd/system/tiantianshun-.service.d/20-proxy.conf etc/systemd/timesyncd.conf.d/site.conf etc/timezone
etc/X11/xorg.conf.d/90-tiantianshun-touch.conf"

do_() { # say it, and do it unless this is a dry run
    echo "+ $*"
    [ -n "$dry" ] || "$@"
}

keep() { # keep FILE: what is there now, or that nothing is
    [ -z "$dry" ] || return 0
    mkdir -p "$before/$(dirname "$1")"
    rm -f "$before/$1" "$before/$1.none"
    if [ -e "$root/$1" ]; then cp --preserve=mode,timestamps "$root/$1" "$before/$1"; else : > "$before/$1.none"; fi
}

settle() { # settle FILE: as it is in the folder; a file of ours that is there no more goes
    if [ -f "$folder/$1" ] && [ "$(realpath -e "$folder/$1")" = "$(realpath -e "$folder")/$1" ]; then
        head -c 65536 "$folder/$1" > "$copy"
        if grep -vqxE "$(known "$1")" "$copy"; then
            echo "refused: $1 says something that the wizard never writes:" >&2
            grep -vxE "$(known "$1")" "$copy" >&2
            exit 3
        fi
        cmp -s "$copy" "$root/$1" && return 0
        diff -u "$root/$1" "$copy" 2>/dev/null | sed 1,2d || true
        keep "$1"
        mode=0644
        case $1 in *.nmconnection) mode=0600 ;; esac
        do_ install -D -m "$mode" "$copy" "$root/$1"
        changed="$changed $1"
    elif grep -qs "^# Made by the set-up wizard" "$root/$1"; then # never what somebody wrote by hand
        keep "$1"
        do_ rm -f "$root/$1"
        changed="$changed $1"
    fi
}

restore() { # restore FILE: as it was before
    if [ -e "$before/$1" ]; then
        do_ install -D -p -m "$(stat -c %a "$before/$1")" "$before/$1" "$root/$1"
    elif [ -e "$before/$1.none" ]; then
        do_ rm -f "$root/$1"
    else
        return 0
    fi
    changed="$changed $1"
}

apply() { # let the system hear of it
    case $changed in *etc/timezone*)
        zone=$(cat "$root/etc/timezone" 2>/dev/null || true)
        [ -z "$zone" ] || do_ ln -sfn "/usr/share/zoneinfo/$zone" "$root/etc/localtime" ;;
    esac
    if [ -n "$root" ] || [ ! -d /run/systemd/system ]; then return 0; fi
    case $changed in *NetworkManager*) do_ nmcli connection reload && do_ nmcli connection up tiantianshun ;; esac
    case $changed in *systemd/network*) do_ systemctl enable --now systemd-networkd && do_ networkctl reload ;; esac
    case $changed in *timesyncd*) do_ systemctl restart systemd-timesyncd ;; esac
    case $changed in *proxy*) do_ systemctl daemon-reload && do_ systemctl try-restart tiantianshun-uploader ;; esac
    case $changed in *X11*) echo "Touch: from the screen's next start on (systemctl restart tiantianshun-x)." ;; esac
}

for file in $files; do
    if [ -n "$undo" ]; then restore "$file"; else settle "$file"; fi
done
[ -n "$changed" ] || echo "Nothing to change."
apply
