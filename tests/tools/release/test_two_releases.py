"""Two releases side by side: put beside, on trial, confirmed or left; and killed at every step of it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ground.clock import ManualClock, RealClock
from ground.logbook import Event
from tests.tools.release.hall import Hall, killed_at, systemd
from tools.release import installing
from tools.release.errors import Busy, Downgrade, NoRoom, NothingThere, Unfit
from tools.release.guard import Rules
from tools.release.installing import install, require_room

_AT_ONCE = Rules(healthy_within_s=0.5, probation_s=0.0)


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """A terminal that runs 1.0, with 1.1 beside it."""
    hall = Hall(tmp_path)
    hall.install("1.0")
    hall.tree.turn("1.0")
    return hall


@pytest.fixture
def running(hall: Hall) -> Iterator[Hall]:
    """The same, with its face and uploader at work."""
    with systemd(hall):
        hall.until(lambda: not hall.guard()._health.look(hall.tree.release("1.0")).failing, "1.0 at work")
        yield hall


def _watch(hall: Hall, rules: Rules, stop: str) -> None:
    def looked() -> bool:
        hall.guard(rules).step()
        return hall.noted[-1][0] == stop

    hall.until(looked, f"{stop}, after {hall.noted}")


def test_a_release_that_is_well_is_confirmed(running: Hall) -> None:
    running.install("1.1")
    running.guard().switch("1.1")
    _watch(running, Rules(probation_s=0.2), Event.RELEASE_CONFIRMED)
    tree = running.tree
    assert (tree.link("current"), tree.link("previous"), tree.link("good")) == ("1.1", "1.0", "1.1")
    assert [event for event, _ in running.noted] == [
        Event.RELEASE_SWITCHED,
        Event.RELEASE_WELL,
        Event.RELEASE_CONFIRMED,
    ]
    running.install("1.2")
    running.guard().switch("1.2")
    _watch(running, Rules(probation_s=0.0), Event.RELEASE_CONFIRMED)
    assert tree.versions() == ["1.1", "1.2"], "two are kept"
    with pytest.raises(NothingThere):
        running.guard().switch("1.0")


@pytest.mark.parametrize("behaves", ["crashes", "mute", "worse"])
def test_a_release_that_is_not_well_is_left(behaves: str, running: Hall) -> None:
    running.install("1.1", behaves)
    running.guard().switch("1.1")
    (running.data / "newer").touch()  # 1.1 has changed the database
    _watch(running, _AT_ONCE, Event.RELEASE_RETURNED)
    assert (Event.RELEASE_DATABASE_ASIDE, {"version": "1.0"}) in running.noted
    tree, ledger = running.tree, running.tree.ledger()
    assert (tree.link("current"), ledger.good, ledger.trial) == ("1.0", "1.0", None)
    assert ledger.refused == {"1.1": "P110"}
    running.until(lambda: not running.guard()._health.look(tree.release("1.0")).failing, "1.0 at work again")


def test_a_face_that_renews_itself_is_not_sick(running: Hall) -> None:
    running.install("1.1")
    running.guard().switch("1.1")
    _watch(running, Rules(), Event.RELEASE_WELL)
    clock = ManualClock()
    clock.turn(RealClock().instant() + 10_000)  # beyond what was seen: the first look counts its most, 900 s
    running.clock = clock  # type: ignore[assignment]  # the guard's hours, in no time
    running.guard().step()
    path = running.data / "face.mark"
    mark = path.read_text("utf-8")
    away = mark.replace('"at_work": true', '"at_work": false')
    assert away != mark
    for text, soon in ((away, True), (mark, False)):
        clock.turn(800.0)  # two timers long
        path.write_text(text, encoding="utf-8")
        assert running.guard().step() is soon
        assert running.tree.link("current") == "1.1"
    trial = running.tree.ledger().trial
    assert trial is not None and 1690 < trial.healthy_s < 1710, "what was not well does not count"
    path.write_text(away, encoding="utf-8")
    for _ in range(2):
        clock.turn(290.0)
        running.guard().step()
    clock.turn(290.0)
    assert not running.guard().step()
    assert running.tree.link("current") == "1.0"


def test_a_visit_is_never_cut(running: Hall) -> None:
    visit = running.data / "visit"
    visit.touch()
    running.install("1.1")
    running.guard().switch("1.1")
    for _ in range(3):
        assert running.guard(_AT_ONCE).step(), "it waits, whatever the limit"
        running.clock.wait(0.3)
    health = running.guard()._health
    assert health.serves(running.tree.release("1.0"))
    visit.unlink()
    _watch(running, Rules(probation_s=0.0), Event.RELEASE_CONFIRMED)
    visit.touch()
    assert running.guard().give_back("1.0", "technician"), "somebody stands there"
    assert health.serves(running.tree.release("1.1"))
    visit.unlink()
    _watch(running, _AT_ONCE, Event.RELEASE_RETURNED)
    assert running.tree.link("current") == "1.0"


def test_never_below_the_last_good_one(running: Hall) -> None:
    running.install("0.9")
    with pytest.raises(Downgrade):
        running.guard().switch("0.9")
    assert running.tree.link("current") == "1.0"


def test_what_is_not_for_this_terminal_is_refused(hall: Hall) -> None:
    package = hall.package("1.1")
    with pytest.raises(Unfit):
        install(hall.tree, package, hall.offer("1.2"))
    package.write_bytes(package.read_bytes()[:-200])
    with pytest.raises(Unfit):
        install(hall.tree, package, hall.offer("1.1"))
    assert hall.tree.versions() == ["1.0"]
    with pytest.raises(NoRoom):
        require_room(hall.place, 10**15)
    assert installing.need_bytes(10**6) > 4 * 10**6


def test_two_at_once_are_one(hall: Hall) -> None:
    with hall.tree.alone(), pytest.raises(Busy), hall.tree.alone():
        pass


def test_killed_at_every_step_of_putting_it_beside(hall: Hall) -> None:
    package, offer, step = hall.package("1.1"), hall.offer("1.1"), 1
    while killed_at(step, lambda: install(hall.tree, package, offer)):
        assert hall.tree.versions() in (["1.0"], ["1.0", "1.1"])
        assert hall.tree.link("current") == "1.0"
        if step % 5 == 0:  # from what was left, not from nothing
            shutil.rmtree(hall.tree.release("1.1"), ignore_errors=True)
        step += 1
    assert step > 8
    assert hall.tree.versions() == ["1.0", "1.1"]
    assert (hall.tree.release("1.1") / "behaves").read_text("utf-8") == "well"
    assert not (hall.tree.release("1.1") / "wheels").exists()


def test_killed_at_every_step_of_switching(running: Hall) -> None:
    running.install("1.1")
    (running.data / "visit").touch()  # the face stays: this is about the disk
    step = 1
    while killed_at(step, lambda: running.guard().switch("1.1")):
        now, trial = running.tree.link("current"), running.tree.ledger().trial
        assert now == "1.0" or (now == "1.1" and trial is not None)
        assert (running.tree.folder / "good").exists() or now == "1.0"
        running.guard().step()
        assert running.tree.link("current") == ("1.0" if trial is None else "1.1")
        (running.tree.folder / "state.json").unlink(missing_ok=True)
        running.tree.point("current", "1.0")
        step += 1
    assert step > 8


def test_killed_at_every_step_of_returning(running: Hall) -> None:
    running.install("1.1", "mute")
    running.guard().switch("1.1")
    running.until(
        lambda: not running.guard()._health.look(running.tree.release("1.1")).waits, "1.1 took over"
    )
    state = (running.tree.folder / "state.json").read_bytes()
    step = 1
    while killed_at(step, lambda: running.guard().give_back("1.0", "test", "P110")):
        begun = bool(running.tree.ledger().back) or running.tree.ledger().trial is None
        running.guard().step()
        assert running.tree.link("current") == ("1.0" if begun else "1.1")
        assert (running.tree.folder / "good").resolve().name == "1.0"
        if begun:
            assert running.tree.ledger().refused == {"1.1": "P110"}
        (running.tree.folder / "state.json").write_bytes(state)
        running.tree.point("current", "1.1")
        step += 1
    assert step > 8
