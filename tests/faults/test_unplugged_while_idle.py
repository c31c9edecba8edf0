"""What is asked only when it is needed is pulled out while nobody is here: known soon, and not looked through."""

from pathlib import Path

import pytest

from kiosk.catalogue.load import Catalogue
from kiosk.words import Spoken
from tests.faults.broken_cabinet import CLOCK, LONG_S, BrokenCabinet, Fault
from tools.assemble import faults_of

SOON_S = 20.0  # a look every 5 s, three misses with pauses of 0.5 and 1 s between them, and a busy machine


def wait_until(cabinet: BrokenCabinet, fails: bool) -> float:
    """Seconds until the matters that need the device are grey, or no longer."""
    since, limit = CLOCK.instant(), CLOCK.after(LONG_S)
    while (cabinet.fault.device in faults_of(cabinet.config, cabinet.health)) != fails:
        assert not CLOCK.due(limit), cabinet.health.all()
        CLOCK.wait(0.05)
    return CLOCK.instant() - since


@pytest.mark.parametrize("device", ["document_camera", "document_scanner", "evaluator"])
def test_it_is_known_before_anybody_asks_for_it(
    device: str, tmp_path: Path, catalogue: Catalogue, words: Spoken
) -> None:
    fault = Fault(name=device, stand="idle", device=device, plug=False, shows="", sentence="", tree="D101")
    cabinet = BrokenCabinet(fault, tmp_path, catalogue, words)
    try:
        cabinet.begin()
        CLOCK.wait(1.5)  # nobody watches: a camera that was opened to be tested rests by now
        cabinet.breaks()
        assert wait_until(cabinet, fails=True) < SOON_S
        part = cabinet.health.of(device)
        assert part is not None and part.code == "D101"
        cabinet.mends()
        wait_until(cabinet, fails=False)
    finally:
        cabinet.end()
