"""How often the face failed: counted on the disk, by instants of one boot, and forgotten after a calm time."""

from datetime import timedelta
from pathlib import Path

import pytest

from ground.clock import ManualClock
from kiosk.failsafe.ledger import LEDGER, LIFE, CrashLedger, Ladder, Left, Mode

LADDER = Ladder(crashes=3, within_s=600.0, calm_s=1800.0)


class Machine:
    """One machine: its disk, its clock, its boots."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock, self.boots = folder, ManualClock(), 1

    def life(self) -> CrashLedger:
        """What a fresh face finds."""
        return CrashLedger(self.folder, self.clock, LADDER, f"boot{self.boots}")

    def killed(self, times: int, every_s: float = 60.0) -> tuple[Mode, Left]:
        """So many lives begin and are cut; what the one after them finds."""
        for _ in range(times):
            self.life().begin()
            self.clock.turn(every_s)
        return self.life().begin()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_lives_that_end_in_order_are_no_crashes(machine: Machine) -> None:
    for _ in range(10):
        life = machine.life()
        assert life.begin() == ("usual", "")
        life.finished()


def test_three_in_a_row_are_a_loop_then_the_plain_page_then_safe_again(machine: Machine) -> None:
    modes = []
    for _ in range(6):
        life = machine.life()
        life.begin()
        modes.append(life.crashed())
    assert modes == ["usual", "usual", "safe", "safe", "safe", "out"]
    assert machine.life().begin() == ("safe", "")


def test_three_far_apart_are_none(machine: Machine) -> None:
    assert machine.killed(5, every_s=LADDER.within_s / 2 + 1) == ("usual", "idle")


def test_a_killed_life_is_counted_by_the_next_one_which_knows_whether_somebody_was_served(
    machine: Machine,
) -> None:
    life = machine.life()
    life.begin()
    life.visiting(True)
    assert machine.life().begin() == ("usual", "visit")
    assert machine.killed(1) == ("safe", "idle")


def test_a_power_cut_is_no_crash(machine: Machine) -> None:
    machine.killed(2)
    machine.boots += 1
    assert machine.life().begin() == ("usual", "")


def test_safe_mode_ends_with_a_calm_time_and_not_before(machine: Machine) -> None:
    assert machine.killed(3)[0] == "safe"
    life = machine.life()
    machine.clock.turn(LADDER.calm_s - 1)
    assert not life.calm()
    life.finished()
    assert machine.life().begin() == ("safe", "")
    machine.clock.turn(1)
    assert life.calm()
    machine.life().finished()
    assert machine.life().begin() == ("usual", "")
    assert machine.life().standing().safe_since is None


def test_a_crash_in_safe_mode_begins_the_calm_time_anew(machine: Machine) -> None:
    machine.killed(3)
    machine.clock.turn(LADDER.calm_s / 2)
    assert machine.life().crashed() == "safe"
    machine.clock.turn(LADDER.calm_s * 0.75)
    assert not machine.life().calm()


def test_a_wall_clock_that_jumps_changes_nothing(machine: Machine) -> None:
    machine.killed(2)
    machine.clock.set_wall(machine.clock.now() - timedelta(days=365))
    assert machine.killed(1)[0] == "safe"


def test_a_damaged_ledger_is_a_clean_sheet(machine: Machine) -> None:
    machine.killed(2)
    (machine.folder / LEDGER).write_bytes(b"\x00" * 9)
    assert machine.life().begin() == ("usual", "idle")


def test_a_disk_that_cannot_be_written_costs_the_counting_alone(machine: Machine) -> None:
    (machine.folder / LEDGER).mkdir()
    life = machine.life()
    assert life.begin() == ("usual", "")
    assert (life.crashed(), life.kept) == ("usual", False)


def test_nothing_but_its_two_files_is_left(machine: Machine) -> None:
    machine.killed(4)
    assert sorted(path.name for path in machine.folder.iterdir()) == [LEDGER, LIFE]
