"""Ctrl-C ends a watch, which is what it is for; a test that is broken off with it did not pass."""

from pathlib import Path
from typing import NoReturn

import pytest

from devices.emulators import EMULATORS
from devices.rig.tcp_rig import TcpRig
from ground.clock import RealClock
from tools.cli import main
from tools.technician.trials import kept


class Impatient:
    """A keyboard at which somebody presses Ctrl-C instead of answering."""

    def readline(self) -> NoReturn:
        raise KeyboardInterrupt


def test_a_test_that_is_broken_off_did_not_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    printer = TcpRig(EMULATORS["escpos"](RealClock()))
    try:
        monkeypatch.setenv("KIOSK__DEVICES__RECEIPT_PRINTER__URL", printer.url)
        monkeypatch.setenv("KIOSK__STORAGE__DATA_FOLDER", str(tmp_path))
        monkeypatch.setattr("sys.stdin", Impatient())
        assert main(["devices", "test", "receipt_printer"]) == 1
    finally:
        printer.close()
    assert kept(tmp_path) == []
