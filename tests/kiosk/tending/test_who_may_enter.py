"""Who is let in: PINs, cards and passes; and what it costs to guess."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ground.clock import ManualClock
from ground.logbook import Event, MemoryLogbook
from kiosk.tending import passes, people
from kiosk.tending.entry import EntryDesk
from kiosk.tending.events import Admitted, Rejected
from kiosk.tending.roles import MAY, Act, Role
from kiosk.tending.tries import FIRST_S, FREE, LONGEST_S, Tries, wait_after
from offline_cache.keys import PublicKey, TerminalKey

PIN = "204817"
CARD = "chip:0123456789abcdef0123456789abcdef"
OPERATOR = TerminalKey.new()


class Door:
    """A terminal's door, and what stands in its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock, self.logbook = ManualClock(), MemoryLogbook()
        self.boot = "first"
        self.open()

    def open(self) -> None:
        """As after a start of the face."""
        tries = Tries(self.folder, self.clock, lambda: self.boot)
        keys = (PublicKey.parse(OPERATOR.public),)
        self.desk = EntryDesk(self.folder, "T-1", lambda: keys, self.clock, self.logbook, tries)

    def register(self, person: str = "07", role: Role = Role.TECHNICIAN) -> None:
        known = people.with_pin(people.load(self.folder), person, role, PIN)
        people.save(self.folder, people.with_card(known, person, role, CARD))

    def why(self, pin: str = "999111", person: str = "07") -> str:
        said = self.desk.by_pin(1, person, pin)
        return said.why if isinstance(said, Rejected) else ""

    def signed(self, **told: str) -> str:
        now = self.clock.now()
        one = {
            "terminal": "T-1", "person": "12", "role": "auditor", "serial": "a1",
            "issued": now.isoformat(), "until": (now + timedelta(days=7)).isoformat(),
        } | told  # fmt: skip
        return passes.written(passes.Pass(**one), OPERATOR)

    def by_pass(self, text: str) -> str:
        said = self.desk.by_pass(1, text)
        return said.why if isinstance(said, Rejected) else f"{said.person} {said.role}"


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return Door(tmp_path / "tending")


def test_nobody_enters_where_nobody_was_set_up(door: Door) -> None:
    assert "pin" not in door.desk.ways()
    assert door.why("000000", "01") == "unset"


def test_number_and_pin_open_with_the_role_that_was_given(door: Door) -> None:
    door.register()
    assert door.desk.by_pin(5, "07", PIN) == Admitted(5, "07", Role.TECHNICIAN, "pin")
    assert door.why(PIN, "08") == "wrong"


def test_no_pin_and_no_card_stands_in_the_file(door: Door) -> None:
    door.register()
    file = door.folder / people.FILE
    text = file.read_text(encoding="ascii")
    assert PIN not in text and CARD.partition(":")[2] not in text
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "pin", ["12345", "1" * 13, "111111", "123456", "987654", "890123", "121212", "123123", "a23456"]
)
def test_pins_that_are_guessed_first_are_refused(pin: str) -> None:
    with pytest.raises(people.WeakPin):
        people.judge_pin(pin)


def test_wrong_tries_cost_ever_more(door: Door) -> None:
    door.register()
    assert [door.why() for _ in range(FREE)] == ["wrong", "wrong_last", "wait"]
    assert door.why(PIN) == "wait", "not even the right one is looked at meanwhile"
    door.clock.turn(FIRST_S)
    assert door.why() == "wait"
    door.clock.turn(FIRST_S)
    assert door.why(PIN) == "wait", "twice as long"
    door.clock.turn(FIRST_S)
    assert door.why(PIN) == ""
    assert door.why() == "wrong", "forgotten by the right one"
    refused = [facts for event, facts in door.logbook.lines if event is Event.TENDING_REFUSED]
    assert [facts["wait_s"] for facts in refused] == [0, 0, 15, 30, 0]


def test_waiting_doubles_up_to_an_hour() -> None:
    waits = [wait_after(failures) for failures in range(20)]
    assert waits[:6] == [0, 0, 0, 15, 30, 60] and waits[-1] == LONGEST_S


def test_whoever_pulls_the_plug_waits_the_whole_time_again(door: Door) -> None:
    door.register()
    for _ in range(FREE):
        door.why()
    door.clock.turn(FIRST_S - 1)
    door.boot = "second"
    door.open()
    assert door.desk.wait_s() == FIRST_S
    door.clock.turn(FIRST_S)
    assert door.why(PIN) == ""


def test_a_clock_that_jumps_opens_nothing(door: Door) -> None:
    door.register()
    for _ in range(FREE):
        door.why()
    for year in (1970, 2099):
        door.clock.set_wall(datetime(year, 1, 1, tzinfo=UTC))
        door.open()
        assert door.why(PIN) == "wait"


def test_a_try_is_counted_before_it_is_judged(door: Door) -> None:
    door.register()
    tries = Tries(door.folder, door.clock, lambda: "first")
    for _ in range(FREE):
        tries.count()  # and then the power went
    door.open()
    assert door.why(PIN) == "wait"


def test_a_spoilt_count_lets_nobody_try_for_free(door: Door) -> None:
    door.register()
    (door.folder / "tries.json").write_text("{", encoding="ascii")
    assert door.why(PIN) == "wait"


def test_a_card_opens_and_another_does_not(door: Door) -> None:
    door.register()
    assert door.desk.by_card(1, CARD) == Admitted(1, "07", Role.TECHNICIAN, "card")
    said = door.desk.by_card(1, "chip:ff")
    assert isinstance(said, Rejected) and said.why == "unknown_card"


def test_another_terminals_list_knows_no_card_of_this_one(door: Door, tmp_path: Path) -> None:
    other = Door(tmp_path / "other")
    other.register()
    door.register()
    marks = [people.load(one.folder).all["07"].card for one in (door, other)]
    assert marks[0] != marks[1]


def test_a_pass_opens_once(door: Door) -> None:
    text = door.signed()
    assert door.by_pass(text) == "12 auditor"
    assert door.by_pass(text) == "pass_used"
    door.open()
    assert door.by_pass(text) == "pass_used", "also after a start"
    assert door.by_pass(door.signed(serial="a2")) == "12 auditor"


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"terminal": "T-2"}, "pass_terminal"),
        ({"until": "2026-11-20T00:00:00+00:00"}, "pass_expired"),
        ({"issued": "2027-01-01T00:00:00+00:00", "until": "2027-01-05T00:00:00+00:00"}, "pass_clock"),
        ({"role": "king"}, "pass_unreadable"),
        ({"person": "Wang"}, "pass_unreadable"),
        ({"until": "tomorrow"}, "pass_unreadable"),
    ],
)
def test_a_pass_that_does_not_count(door: Door, told: dict[str, str], why: str) -> None:
    assert door.by_pass(door.signed(**told)) == why


def test_a_pass_that_somebody_changed_or_made_himself(door: Door) -> None:
    text = door.signed()
    assert door.by_pass(text.replace("auditor", "technician")) == "pass_signature"
    one = passes.Pass(terminal="T-1", person="12", role="staff", serial="x", issued="", until="")
    assert door.by_pass(passes.written(one, TerminalKey.new())) == "pass_signature"
    for rubbish in ("", "TTSP1:", "TTSP1:{}:!", "x" * 5000, "TTSP1:[]:" + "A" * 88):
        assert door.by_pass(rubbish) in ("pass_unreadable", "pass_signature")


def test_a_list_of_used_passes_that_was_spoilt_opens_nothing(door: Door) -> None:
    door.by_pass(door.signed())
    (door.folder / passes.USED).write_text("[", encoding="ascii")
    assert door.by_pass(door.signed(serial="a2")) == "pass_used"


def test_each_role_does_its_own_and_no_more() -> None:
    assert set(MAY) == set(Role)
    assert not {Act.TESTS, Act.LOG} & set(MAY[Role.STAFF])
    assert set(MAY[Role.AUDITOR]) == {Act.LOG, Act.VERSION, Act.BUNDLE}, "changes nothing here"
    assert Act.LOG not in MAY[Role.TECHNICIAN]
