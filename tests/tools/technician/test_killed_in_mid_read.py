"""A test of the card reader is killed in the middle, and another one begins on the same line with the card still there.

What was taken for a hung line was a strict reader (id_card_reader.md 7.4): it never finds again what somebody found
before, until the card is lifted. Nobody said so, and the time ran out as D102.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.emulators.sdt import SdtEmulator, State
from devices.id_card.sdt import SdtSettings
from devices.rig import PtyRig
from ground.clock import RealClock
from kiosk.words import Words
from tools.assemble import WORDS
from tools.cli import ROOT
from tools.technician.trial import Trial, tried

CLOCK = RealClock()
LONG_S = 60.0
WORDS_ZH = Words.load(WORDS, "zh-Hans")


@pytest.fixture
def reader() -> SdtEmulator:
    emulator = SdtEmulator(CLOCK)
    emulator.card_on = True
    return emulator


@pytest.fixture
def port(reader: SdtEmulator, tmp_path: Path) -> Iterator[Path]:
    with PtyRig(reader, tmp_path / "reader"):
        yield tmp_path / "reader"


def begun(port: Path, reader: SdtEmulator, until: State) -> "subprocess.Popen[bytes]":
    """Another process that tests the reader, and is just there."""
    config = port.parent / "terminal.toml"
    config.write_text(
        f'[site]\nname = "x"\n[terminal]\nid = "x"\nname = "x"\n[platform]\nurl = "http://127.0.0.1:9"\n'
        f'[storage]\ndata_folder = "{port.parent / "data"}"\n[devices.id_card]\ndriver = "sdt"\nurl = "{port}"\n',
        encoding="utf-8",
    )
    asked = ["run_kiosk.py", "devices", "test", "id_card", "--answer", "pass", "--config", str(config)]
    process = subprocess.Popen([sys.executable, *asked], cwd=ROOT, stdout=subprocess.DEVNULL, env=os.environ)
    limit = CLOCK.after(LONG_S)
    while reader.state is not until:
        assert process.poll() is None and not CLOCK.due(limit), reader.state
        CLOCK.wait(0.01)
    return process


def again(port: Path, reader: SdtEmulator) -> tuple[Trial, list[str]]:
    """The next test; whoever is told to lift the card does."""
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        if line == WORDS_ZH("trial.lift_card"):
            reader.card_on = False
            reader.card_on = True

    return tried("id_card", SdtSettings(url=str(port)), WORDS_ZH, CLOCK, say, lambda _: True), said


@pytest.mark.parametrize(("stage", "lifts"), [(State.FOUND, False), (State.SELECTED, True)])
def test_the_next_test_reads_the_card(port: Path, reader: SdtEmulator, stage: State, lifts: bool) -> None:
    reader.select_s, reader.read_s = (LONG_S, 0.1) if stage is State.FOUND else (0.05, LONG_S)
    with begun(port, reader, stage) as killed:
        killed.send_signal(signal.SIGKILL)
    reader.select_s, reader.read_s = 0.05, 0.1
    trial, said = again(port, reader)
    assert (trial.result, trial.code) == ("pass", ""), said
    assert (WORDS_ZH("trial.lift_card") in said) == lifts


def test_a_port_that_somebody_holds_is_said_with_the_name(port: Path, reader: SdtEmulator) -> None:
    reader.select_s = LONG_S
    with begun(port, reader, State.FOUND) as holder:
        trial, said = again(port, reader)
        holder.send_signal(signal.SIGKILL)
    assert (trial.result, trial.code) == ("error", "D101")
    assert f"({holder.pid})" in said[-1]
