"""Answers are judged before anything is done with them; what the system is told is compared letter by letter."""

from pathlib import Path

import pytest

from kiosk.setup import asked, questions, system, touch
from kiosk.setup.asked import Ask, AskKind

FILES = Path(__file__).parent / "files"
STATIC = {
    "network.way": "static", "network.interface": "enp1s0", "network.address": "192.168.1.20/24",
    "network.gateway": "192.168.1.1", "network.dns": "192.168.1.1 fd00::53", "network.ipv6": "static",
    "network.address6": "fd00::20/64", "network.gateway6": "fe80::1", "network.proxy": "http://10.0.0.8:3128",
}  # fmt: skip


NO_IPV4 = ["10.0.0.2", "192.168.1.0/24", "192.168.1.255/24", "127.0.0.1/8", "fd00::1/64", "10.0.0.300/8"]
CLOCK = {"time.zone": "Asia/Shanghai", "time.servers": "ntp1.example.cn,10.0.0.1"}


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (asked.telephone, ["12345", "0728-5221234", "+86 13800001234"], ["", "12", "call me", "1" * 30]),
        (asked.web_address, ["https://ywt.example.cn", "http://[fd00::1]:8080/x"], ["ywt.example.cn", "https://a b"]),
        (asked.network_of(4), ["10.0.0.2/8", "192.168.1.20/31"], NO_IPV4),
        (asked.network_of(6), ["fd00::20/64"], ["fd00::20", "::1/128", "ff02::1/64", "10.0.0.2/8"]),
        (asked.address_of(4), ["10.0.0.1"], ["10.0.0.1/24", "gateway"]),
        (asked.listed(asked.host), ["ntp.example.cn, 10.0.0.1", "fd00::1"], ["10.0.0.300", "a_b", "-x.cn"]),
        (asked.interface, ["enp1s0"], ["a" * 16, "eth 0", "x;rm"]),
        (asked.proxy, ["http://10.0.0.8:3128"], ["http://me:secret@10.0.0.8", "10.0.0.8:3128", 'http://x"\nUser=root']),
        (asked.apn, ["cmnet", "a.b-c"], ["a b", "x\ny"]),
        (asked.one_time_code, ["AB12-CD34"], ["", "a b c d", "码"]),
        (asked.letters, ["T", "YKOU"], ["t", "ABCDE", "T1"]),
        (asked.number(0, 40), ["0", "19.5"], ["-1", "41", "x", "nan"]),
    ],
)  # fmt: skip
def test_checks(check: asked.Check, good: list[str], bad: list[str]) -> None:
    assert [check(text) for text in good] == [""] * len(good)
    assert all(check(text) for text in bad), [text for text in bad if not check(text)]


def test_required_long_and_chosen() -> None:
    ask = Ask(name="x", kind=AskKind.CHOICE, choices=(("a", ""), ("b", "")), longest=5)
    assert [ask.problem(text) for text in ("", "a", "c", "toolong")] == ["W101", "", "W103", "W102"]


@pytest.mark.parametrize(
    ("network", "gateway", "code"),
    [
        ("192.168.1.20/24", "192.168.1.1", ""),
        ("192.168.1.20/24", "192.168.2.1", "W108"),
        ("192.168.1.20/24", "192.168.1.20", "W108"),
        ("fd00::20/64", "fe80::1", ""),
        ("fd00::20/64", "192.168.1.1", "W108"),
    ],
)
def test_gateways(network: str, gateway: str, code: str) -> None:
    assert asked.gateway_problem(network, gateway) == code


def test_a_code_that_is_scanned_may_name_its_platform() -> None:
    assert asked.code_in("AB12-CD34") == ("AB12-CD34", "")
    assert asked.code_in(" https://ywt.example.cn/#AB12 ") == ("AB12", "https://ywt.example.cn")


def test_a_device_is_written_by_hand_or_as_a_table() -> None:
    table = {"driver": "escpos", "url": "usb://0416:5011", "baud": 9600}
    assert questions.device_settings("sdt /dev/serial/by-id/x") == {
        "driver": "sdt",
        "url": "/dev/serial/by-id/x",
    }
    assert questions.device_settings(questions.written(table)) == table
    assert [questions.device_settings(text) for text in ("", "none", "{broken", '{"url": "x"}')] == [{}] * 4


@pytest.mark.parametrize(
    "name",
    [
        "static.nmconnection",
        "mobile.nmconnection",
        "static.network",
        "dhcp.network",
        "proxy.conf",
        "time.conf",
        "touch.conf",
    ],
)
def test_what_the_system_is_told(name: str) -> None:
    mobile = {"network.way": "mobile", "network.apn": "cmnet", "network.ipv6": "off"}
    dhcp = {"network.way": "dhcp", "network.ipv6": "off"}
    made = {
        "static.nmconnection": system.network_files(STATIC, "networkmanager").get(system.NM_FILE),
        "mobile.nmconnection": system.network_files(mobile, "networkmanager").get(system.NM_FILE),
        "static.network": system.network_files(STATIC, "networkd").get(system.NETWORKD_FILE),
        "dhcp.network": system.network_files(dhcp, "networkd").get(system.NETWORKD_FILE),
        "proxy.conf": system.network_files(STATIC, "networkd").get(system.PROXY_FILE),
        "time.conf": system.time_files(CLOCK).get(system.TIME_FILE),
        "touch.conf": system.touch_files((1.02, 0.0, -0.01, 0.0, 0.98, 0.02)).get(system.TOUCH_FILE),
    }  # fmt: skip
    assert made[name] == (FILES / name).read_text(encoding="utf-8")


def test_a_network_that_stays_is_left_alone() -> None:
    assert system.network_files({"network.way": "keep"}, "networkd") == {}


# --- touch ---


def seen_through(matrix: touch.Matrix, points: tuple[touch.Point, ...]) -> tuple[touch.Point, ...]:
    a, b, c, d, e, f = matrix
    return tuple((a * x + b * y + c, d * x + e * y + f) for x, y in points)


@pytest.mark.parametrize(
    "wrong",
    [
        (1.0, 0.0, 0.0, 0.0, 1.0, 0.0),
        (0.95, 0.02, 0.03, -0.01, 1.05, -0.04),
        (0.0, 1.0, 0.0, -1.0, 0.0, 1.0),  # turned by a quarter
        (-1.0, 0.0, 1.0, 0.0, 1.0, 0.0),  # mirrored
    ],
)
def test_the_matrix_leads_back_to_the_targets(wrong: touch.Matrix) -> None:
    fit = touch.fit(seen_through(wrong, touch.TARGETS))
    back = seen_through(fit.matrix, seen_through(wrong, touch.TARGETS))
    for (x, y), (wanted_x, wanted_y) in zip(back, touch.TARGETS, strict=True):
        assert (x, y) == pytest.approx((wanted_x, wanted_y), abs=1e-4)
    assert fit.farthest < 1e-4


def test_what_is_installed_already_is_taken_into_account() -> None:
    installed = (0.9, 0.0, 0.05, 0.0, 0.9, 0.05)
    assert touch.fit(touch.TARGETS, installed=installed).matrix == pytest.approx(installed)


@pytest.mark.parametrize(
    "points",
    [
        touch.TARGETS[:3],
        ((0.1, 0.1), (0.2, 0.2), (0.3, 0.3), (0.4, 0.4), (0.5, 0.5)),
        (*touch.TARGETS[:4], (0.9, 0.9)),
        tuple((0.5 + (x - 0.5) / 9, 0.5 + (y - 0.5) / 9) for x, y in touch.TARGETS),
    ],
)
def test_touches_that_fit_nothing_are_refused(points: tuple[touch.Point, ...]) -> None:
    with pytest.raises(touch.NotCalibrated):
        touch.fit(points)


def test_points_are_read_back() -> None:
    assert touch.read(touch.written(touch.TARGETS)) == touch.TARGETS
    for text in ("x", "0.1", "7,7", "0.1,0.1,0.1"):
        with pytest.raises(touch.NotCalibrated):
            touch.read(text)
