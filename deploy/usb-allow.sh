#!/bin/sh
# usb-allow.sh [DEVICES [SOCKET]]: udev rules that let in what hangs on USB now, by vendor, product and socket.
# DEVICES: the kernel's folder, /sys/bus/usb/devices unless said. SOCKET: the citizens' one for sticks, such as 1-4:
# whatever is plugged in there may store, and do nothing else. The rules go to standard output.
set -eu
devices=${1:-/sys/bus/usb/devices}
socket=${2:-}
cat <<'RULES'
# USB: whoever is not in this list stays outside. Made by deploy/usb-allow.sh; run it again when a device was replaced.
ACTION!="add", GOTO="kiosk_usb_end"
SUBSYSTEM!="usb", GOTO="kiosk_usb_end"
RULES
[ -z "$socket" ] || cat <<RULES
ENV{DEVTYPE}=="usb_interface", KERNEL=="$socket:*", ATTR{bInterfaceClass}!="08", ATTR{authorized}="0"
RULES
cat <<'RULES'
ENV{DEVTYPE}!="usb_device", GOTO="kiosk_usb_end"
# hubs, the host's own among them: they carry nothing by themselves, and what hangs on them is asked again
ATTR{bDeviceClass}=="09", GOTO="kiosk_usb_allow"
RULES
[ -z "$socket" ] || printf 'KERNEL=="%s", GOTO="kiosk_usb_allow"\n' "$socket"
for device in "$devices"/*; do
    [ -f "$device/idVendor" ] || continue
    [ "$(cat "$device/bDeviceClass")" = 09 ] && continue
    [ "${device##*/}" = "$socket" ] && continue
    name=$(tr -cd 'A-Za-z0-9 ._-' < "$device/product" 2>/dev/null || true)
    printf '# %s\n' "${name:-without a name}"
    printf 'KERNEL=="%s", ATTR{idVendor}=="%s", ATTR{idProduct}=="%s", GOTO="kiosk_usb_allow"\n' \
        "${device##*/}" "$(cat "$device/idVendor")" "$(cat "$device/idProduct")"
done
cat <<'RULES'
ATTR{authorized}="0"
GOTO="kiosk_usb_end"
LABEL="kiosk_usb_allow"
ATTR{authorized}="1"
LABEL="kiosk_usb_end"
RULES
