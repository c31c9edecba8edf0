"""A real uploader tells systemd that it is ready, that it gets on, and that it ends because it was asked to."""

import os
import select
import socket
from pathlib import Path

import pytest

from tests.system.commands import DEADLINE_S, end
from tests.system.premises import premises
from tools.release.mark import read_mark

_HALF_A_SECOND_US = "500000"


def _next_word(line: socket.socket) -> bytes:
    assert select.select([line], [], [], DEADLINE_S)[0], "systemd would have killed it"
    return line.recv(100)


def test_ready_then_alive_then_stopping(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"kiosk-uploader-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind("\0" + address)
        monkeypatch.setenv("NOTIFY_SOCKET", "@" + address)
        monkeypatch.setenv("WATCHDOG_USEC", _HALF_A_SECOND_US)
        with premises(tmp_path / "premises") as place:
            uploader = place.start_uploader()
            place.until(
                lambda: (left := read_mark(place.folder / "uploader.mark")) and left.at_work, "its mark"
            )
            place.link.up = False  # without a platform it is as alive as with one
            assert [_next_word(systemd) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]
            assert end(uploader) == 0
            mark = read_mark(place.folder / "uploader.mark")
            assert mark is not None and mark.ended and not mark.alive
            words = [b""]
            while words[-1] != b"STOPPING=1":
                words.append(_next_word(systemd))
