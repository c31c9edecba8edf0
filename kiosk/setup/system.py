"""What the operating system is told: network, proxy, time servers, touch. Pure: answers in, files out.

Files are a mapping: path from the root → text.

Root puts them in their places with `deploy/settle-system.sh`, which knows these names and no others.
"""

import re
import uuid
from collections.abc import Mapping
from typing import Final, Literal

from kiosk.setup.asked import Answers, parts
from kiosk.setup.touch import AS_IT_IS, Matrix

NM_FILE: Final = "etc/NetworkManager/system-connections/tiantianshun.nmconnection"
NETWORKD_FILE: Final = "etc/systemd/network/10-tiantianshun.network"
PROXY_FILE: Final = "etc/systemd/system/tiantianshun-.service.d/20-proxy.conf"
TIME_FILE: Final = "etc/systemd/timesyncd.conf.d/site.conf"
ZONE_FILE: Final = "etc/timezone"
TOUCH_FILE: Final = "etc/X11/xorg.conf.d/90-tiantianshun-touch.conf"
#: what the script may put; a test holds the script against it
ALL: Final = (NM_FILE, NETWORKD_FILE, PROXY_FILE, TIME_FILE, ZONE_FILE, TOUCH_FILE)

Kept = Literal["networkmanager", "networkd"]
_CALIBRATION: Final = re.compile(r'Option "CalibrationMatrix" "((?:-?[0-9.]+ ?){9})"')
_MADE: Final = "# Made by the set-up wizard; made anew when it is run again.\n"
#: one connection of ours per terminal: the same name gives the same file each time
_UUID: Final = uuid.uuid5(uuid.NAMESPACE_DNS, "tiantianshun-kiosk.network")


def network_files(answers: Answers, manager: Kept) -> dict[str, str]:
    """The network's file and the proxy's; none of the first where the network stays as it is."""
    way = answers.get("network.way", "keep")
    files = {}
    if way != "keep":
        if manager == "networkmanager" or way == "mobile":
            files[NM_FILE] = _keyfile(answers, way)
        else:
            files[NETWORKD_FILE] = _networkd(answers, way)
    if proxy := answers.get("network.proxy", ""):
        files[PROXY_FILE] = _proxy(proxy)
    return files


def time_files(answers: Answers) -> dict[str, str]:
    """The time servers, and the zone."""
    servers = " ".join(parts(answers.get("time.servers", "")))
    files = {ZONE_FILE: f"{answers['time.zone']}\n"}
    if servers:
        files[TIME_FILE] = f"{_MADE}[Time]\nNTP={servers}\n"
    return files


def touch_files(matrix: Matrix) -> dict[str, str]:
    """libinput's calibration for every touch screen."""
    values = " ".join(f"{value + 0.0:.6f}" for value in (*matrix, 0.0, 0.0, 1.0))
    return {
        TOUCH_FILE: (
            f"{_MADE}"
            'Section "InputClass"\n'
            '    Identifier "tiantianshun touch"\n'
            '    MatchIsTouchscreen "on"\n'
            '    Driver "libinput"\n'
            f'    Option "CalibrationMatrix" "{values}"\n'
            "EndSection\n"
        )
    }


def touch_matrix(text: str) -> Matrix:
    """What `touch_files` wrote; the glass as it is where nothing fits."""
    found = _CALIBRATION.search(text)
    values = [float(value) for value in found[1].split()] if found else []
    a, b, c, d, e, f = values[:6] if len(values) == 9 else AS_IT_IS
    return a, b, c, d, e, f


def _keyfile(answers: Answers, way: str) -> str:
    """NetworkManager's keyfile: nm-settings-keyfile(5)."""
    mobile = way == "mobile"
    head = {
        "id": "tiantianshun",
        "uuid": str(_UUID),
        "type": "gsm" if mobile else "ethernet",
        "autoconnect": "true",
        "autoconnect-retries": "0",  # for ever: nobody stands there to try again
    }
    if not mobile and answers.get("network.interface"):
        head["interface-name"] = answers["network.interface"]
    sections: dict[str, Mapping[str, str]] = {"connection": head}
    if mobile:
        sections["gsm"] = {"apn": answers["network.apn"]}
    sections["ipv4"] = _keyfile_ip(answers, "static" if way == "static" else "auto", "")
    sections["ipv6"] = _keyfile_ip(answers, answers.get("network.ipv6", "auto"), "6")
    return _MADE + "\n".join(_ini(name, values) for name, values in sections.items())


def _keyfile_ip(answers: Answers, way: str, version: str) -> dict[str, str]:
    """The section of one version; `version` is "" or "6"."""
    if way == "off":
        return {"method": "disabled"}
    servers = [server for server in parts(answers.get("network.dns", "")) if (":" in server) == bool(version)]
    dns = {"dns": "".join(f"{server};" for server in servers)} if servers else {}
    if way != "static":
        return {"method": "auto", **dns}
    address = answers[f"network.address{version}"]
    gateway = answers.get(f"network.gateway{version}", "")
    return {"method": "manual", "address1": f"{address},{gateway}" if gateway else address, **dns}


def _networkd(answers: Answers, way: str) -> str:
    """systemd.network(5); repeated keys are lists there."""
    six = answers.get("network.ipv6", "auto")
    lines = ["[Match]"]
    interface = answers.get("network.interface", "")
    lines.append(f"Name={interface}" if interface else "Type=ether")
    lines += ["", "[Network]"]
    lines.append(f"DHCP={'no' if way == 'static' else 'yes' if six == 'auto' else 'ipv4'}")  # RA asks for v6
    lines.append(f"IPv6AcceptRA={'yes' if six == 'auto' else 'no'}")
    if six == "off":
        lines.append("LinkLocalAddressing=no")
    for there, version in ((way == "static", ""), (six == "static", "6")):
        if there:
            lines.append(f"Address={answers[f'network.address{version}']}")
            if gateway := answers.get(f"network.gateway{version}", ""):
                lines.append(f"Gateway={gateway}")
    lines += [f"DNS={server}" for server in parts(answers.get("network.dns", ""))]
    return _MADE + "\n".join(lines) + "\n"


def _proxy(address: str) -> str:
    """For every unit of ours; what stays on this machine goes past it."""
    names = ("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy")
    lines = [f'Environment="{name}={address}"' for name in names]
    lines.append('Environment="NO_PROXY=127.0.0.1,::1,localhost"')
    return _MADE + "[Service]\n" + "\n".join(lines) + "\n"


def _ini(name: str, values: Mapping[str, str]) -> str:
    return f"[{name}]\n" + "".join(f"{key}={value}\n" for key, value in values.items())
