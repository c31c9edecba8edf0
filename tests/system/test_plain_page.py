"""The page of last resort on a real X server: it covers the glass, and systemd hears that it lives."""

import os
import socket
from pathlib import Path

import pytest
from Xlib import X, display

from ground.clock import RealClock
from tests.system.commands import end, start
from tools.demo.xserver import VirtualScreen
from tools.plain_page import drawn, words
from tools.training import lay_notice, take_notice

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


def test_a_notice_of_training_lies_on_the_glass_until_something_else_does() -> None:
    clock = RealClock()
    with VirtualScreen(_WIDTH, _HEIGHT) as screen:
        line = display.Display(screen.name)
        root = line.screen().root

        def seen() -> bytes:
            return bytes(root.get_image(0, _HEIGHT // 5, _WIDTH, 200, X.ZPixmap, 0xFFFFFFFF).data)

        black, give_up = seen(), clock.after(30.0)
        notice = lay_notice(os.environ | {"DISPLAY": screen.name})
        while seen() == black:
            assert not clock.due(give_up), "nothing came"
            clock.wait(0.05)
        told = words(about="training_page")
        assert "培训" in told[0][0]
        page = (
            drawn(_WIDTH, _HEIGHT, told).crop((0, _HEIGHT // 5, _WIDTH, _HEIGHT // 5 + 200)).convert("RGBA")
        )
        assert seen()[0::4] == page.tobytes("raw", "B")
        face = root.create_window(
            0, 0, _WIDTH, _HEIGHT, 0, line.screen().root_depth, background_pixel=0xFFFFFF
        )
        face.map()
        line.sync()
        clock.wait(1.5)
        assert set(seen()[0::4]) == {255}, "what comes later lies over it, and it does not come up again"
        face.destroy()
        line.sync()
        clock.wait(0.2)
        assert seen()[0::4] == page.tobytes("raw", "B"), "and when that goes it is there"
        take_notice(str(notice))
        with pytest.raises(ChildProcessError):
            os.waitpid(notice, 0)
        take_notice(str(notice))  # gone already
        line.close()


def test_without_words_the_colour_alone(tmp_path: Path) -> None:
    assert words(tmp_path) == []
    (tmp_path / "zh-Hans").mkdir()
    (tmp_path / "zh-Hans/plain_page.toml").write_bytes(b"\xff")
    assert words(tmp_path) == []
    assert len(drawn(60, 80, []).getcolors() or ()) == 1


@pytest.mark.parametrize("about", ["plain_page", "training_page"])
def test_every_line_fits(about: str) -> None:
    for width, height in ((1080, 1920), (1920, 1080), (600, 1024)):
        page = drawn(width, height, words(about=about))
        edge = page.crop((0, 0, round(width * 0.05), height)).getcolors() or ()
        foot = page.crop((0, round(height * 0.97), width, height)).getcolors() or ()
        assert len(edge) == len(foot) == 1
