"""The page of last resort on a real X server: it covers the glass, and systemd hears that it lives."""

import socket
from pathlib import Path

import pytest
from Xlib import X, display

from tests.system.commands import end, start
from tools.demo.xserver import VirtualScreen
from tools.plain_page import drawn, words

_WIDTH, _HEIGHT = 1080, 1920


def test_it_covers_the_glass_and_is_supervised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        VirtualScreen(_WIDTH, _HEIGHT) as screen,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd,
    ):
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(60.0)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", "200000")
        monkeypatch.setenv("DISPLAY", screen.name)
        page = start("-m", "tools.plain_page")
        assert systemd.recv(100) == b"READY=1"
        assert systemd.recv(100) == b"WATCHDOG=1"
        line = display.Display(screen.name)
        seen = line.screen().root.get_image(0, 0, _WIDTH, _HEIGHT // 2, X.ZPixmap, 0xFFFFFFFF).data
        line.close()
        end(page)
    expected = drawn(_WIDTH, _HEIGHT, words()).crop((0, 0, _WIDTH, _HEIGHT // 2)).convert("RGBA")
    assert seen[0::4] == expected.tobytes("raw", "B")
    assert seen[1::4] == expected.tobytes("raw", "G")


def test_without_words_the_colour_alone(tmp_path: Path) -> None:
    assert words(tmp_path) == []
    (tmp_path / "zh-Hans").mkdir()
    (tmp_path / "zh-Hans/plain_page.toml").write_bytes(b"\xff")
    assert words(tmp_path) == []
    assert len(drawn(60, 80, []).getcolors() or ()) == 1


def test_every_line_fits() -> None:
    for width, height in ((1080, 1920), (1920, 1080), (600, 1024)):
        page = drawn(width, height, words())
        edge = page.crop((0, 0, round(width * 0.05), height)).getcolors() or ()
        foot = page.crop((0, round(height * 0.97), width, height)).getcolors() or ()
        assert len(edge) == len(foot) == 1
