"""The power goes after a case was sealed and before its commit: its number is never given to anybody else."""

import shutil
from pathlib import Path

from tests.offline_cache.bench_terminal import BenchTerminal, a_case, assert_arrived
from tests.offline_cache.loopback_platform import LoopbackPlatform


def _power_goes_before_the_commit(terminal: BenchTerminal, folder: Path) -> str:
    """A case lies whole in the spool, and the database has forgotten it, its number too; that number."""
    terminal.outbox.close()
    kept = [shutil.copy(file, folder) for file in terminal.folder.glob("outbox.sqlite*")]
    terminal.outbox = terminal.open_outbox()
    number = terminal.hand_in().local_number
    terminal.outbox.close()
    for file in terminal.folder.glob("outbox.sqlite*"):
        file.unlink()
    for file in kept:
        shutil.copy(file, terminal.folder)
    return number


def _next_boot(terminal: BenchTerminal, era: str) -> None:
    terminal.machine.boot = terminal.machine.me = era
    terminal.outbox = terminal.open_outbox()
    terminal.uploader = terminal.new_uploader()


def test_the_next_citizen_gets_another_number(
    terminal: BenchTerminal, platform: LoopbackPlatform, tmp_path: Path
) -> None:
    terminal.hand_in()
    (aside := tmp_path / "aside").mkdir()
    taken_back = _power_goes_before_the_commit(terminal, aside)
    _next_boot(terminal, "boot-2")
    case = a_case()
    receipt = terminal.hand_in(case)
    assert receipt.local_number > taken_back
    assert terminal.outbox.sweep() == 0
    terminal.drain()
    assert len(platform.cases) == 3
    assert_arrived(platform, case, receipt)
    numbers = [record.local_number for record in terminal.outbox.list_cases(most=10)]
    assert sorted(numbers) == sorted({*numbers, taken_back})


def test_a_number_that_an_older_version_gave_twice_stops_nothing(
    terminal: BenchTerminal, platform: LoopbackPlatform, tmp_path: Path
) -> None:
    terminal.hand_in()
    (aside := tmp_path / "aside").mkdir()
    twice = _power_goes_before_the_commit(terminal, aside)
    _next_boot(
        terminal, "boot-1"
    )  # as if the number had been given by a version that did not look at the boot
    case = a_case()
    receipt = terminal.hand_in(case)
    assert receipt.local_number == twice
    assert terminal.outbox.sweep() == 0
    terminal.drain()
    assert len(platform.cases) == 3
    assert_arrived(platform, case, receipt)
    numbers = [record.local_number for record in terminal.outbox.list_cases(most=10)]
    assert sum(number.startswith(twice) for number in numbers) == 2
    assert twice in numbers


def test_within_one_boot_numbers_have_no_gaps(terminal: BenchTerminal) -> None:
    numbers = []
    for _ in range(12):
        numbers.append(int(terminal.hand_in().local_number.split("-")[1]))
        terminal.outbox.close()
        terminal.outbox = terminal.open_outbox()
    assert numbers == list(range(1, 13))
