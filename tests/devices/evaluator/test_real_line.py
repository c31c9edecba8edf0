"""One rating over a real tty and over real TCP."""

from collections.abc import Callable
from pathlib import Path

import pytest

from devices.emulators.neutral_evaluator import NeutralEvaluatorEmulator
from devices.evaluator import Level, Press
from devices.evaluator.neutral_evaluator import NeutralEvaluator, NeutralEvaluatorSettings
from devices.rig import PtyRig, Rig, TcpRig
from ground.clock import RealClock

_PATIENCE_S = 30.0  # a busy machine may take its time; the press comes with the keypad's next turn


def on_a_tty(emulator: NeutralEvaluatorEmulator, folder: Path) -> Rig:
    return PtyRig(emulator, folder / "keypad")


def on_tcp(emulator: NeutralEvaluatorEmulator, folder: Path) -> Rig:
    return TcpRig(emulator)


@pytest.mark.parametrize("line", [on_a_tty, on_tcp])
def test_a_rating_over_a_real_line(
    line: Callable[[NeutralEvaluatorEmulator, Path], Rig], tmp_path: Path
) -> None:
    clock = RealClock()
    emulator = NeutralEvaluatorEmulator(clock)
    rig = line(emulator, tmp_path)
    keypad = NeutralEvaluator(NeutralEvaluatorSettings(url=rig.url, timeout_s=4), clock)
    try:
        keypad.open()
        assert keypad.identity() == "TIANMEN NEUTRAL-5 1.00"
        keypad.ask(255)
        emulator.press = 5
        press, deadline = None, clock.after(_PATIENCE_S)
        while press is None and not clock.due(deadline):
            press = keypad.pressed()
            clock.wait(0.005)
        assert press == Press(Level.VERY_SATISFIED, after_s=press.after_s if press else 0)
        keypad.ask(255)
        keypad.cancel()
        assert not emulator.lit
    finally:
        keypad.close()
        rig.close()
