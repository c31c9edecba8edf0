"""A soak of four visits: real processes, one killed, a cut link and a full disk; nothing lost, nothing mixed up."""

from pathlib import Path

from tools.soak.faults import Trouble
from tools.soak.plan import Plan
from tools.soak.soak import Soak, sound, told

_VISITS = (
    Plan(0, "N02", "report", 0, None, 1, (Trouble("link", 0, 99),)),
    Plan(1, "N02", "stand_there", 6, None, 2, (Trouble("device", 1, 99, "id_card", 0.0),)),
    Plan(2, "C29", "report", 0, None, 3, (Trouble("kill", 2, 2, "desk"), Trouble("cut", 0, 99, which=0.3))),
    Plan(3, "C29", "report", 0, None, 4, (Trouble("disk", 2, 4), Trouble("clock", 1, 99, which=0.9))),
)


def test_four_visits_and_everything_that_goes_wrong(tmp_path: Path) -> None:
    soak = Soak(tmp_path, 1)
    soak.plan = lambda visit, slots: _VISITS[visit]
    try:
        soak.open(resume=False)
        soak.walk(len(_VISITS))
        result = told(soak, *soak.close())
    finally:
        soak.end()
        soak.ledger.close()
        soak.hall.unmount()
    assert sound(result), result["wrong"]
    assert result["visits"] == 4
    assert result["kills"] == {"desk": 1}
    assert {"link.down", "link.cut", "clock.jump", "sdt.mute"} <= result["faults"].keys()
    assert result["reports"] == 3, "each told what could not be done, and got a number for it"
    assert result["ended"]["patience"] == 1
    assert result["back_after_kill_s"]["worst"] > 0
