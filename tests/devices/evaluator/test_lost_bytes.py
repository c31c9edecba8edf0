"""A line that loses, repeats and invents bytes; a keypad that is dead."""

import pytest

from devices.errors import Garbled, TimedOut, Unreachable
from devices.evaluator import Level, Press
from devices.evaluator.neutral_evaluator import NeutralEvaluator

RESULT_ACK = bytes.fromhex("A55A050181830006")


class LosesFirst:
    """Loses the first `count` packets that hold `what`."""

    def __init__(self, what: bytes, count: int) -> None:
        self.what = what
        self.left = count
        self.lost = 0

    def __call__(self, data: bytes) -> bytes:
        if self.what in data and self.left:
            self.left -= 1
            self.lost += 1
            return b""
        return data


def test_a_lost_acknowledgement_does_not_double_the_press(counter, keypad: NeutralEvaluator) -> None:
    counter.to_keypad = LosesFirst(RESULT_ACK, 2)
    keypad.ask(20)
    counter.emulator.press = 4
    presses = []
    for _ in range(30):
        presses.append(keypad.pressed())
        counter.clock.turn(0.1)
    assert [press for press in presses if press] == [Press(Level.SATISFIED, after_s=0)]
    assert counter.sent.count(RESULT_ACK) == 3
    assert counter.emulator.take() == b""


def test_a_lost_result_is_repeated(counter, keypad: NeutralEvaluator) -> None:
    keypad.ask(20)
    counter.to_host = LosesFirst(b"\x83", 1)
    counter.emulator.press = 3
    assert keypad.pressed() is None
    counter.clock.turn(0.6)
    assert keypad.pressed() == Press(Level.FAIR, after_s=0)


def test_the_last_citizens_result_is_not_the_next_ones(counter, keypad: NeutralEvaluator) -> None:
    keypad.ask(20)
    counter.to_host = LosesFirst(b"\x83", 1)
    counter.emulator.press = 1
    assert keypad.pressed() is None
    counter.clock.turn(0.6)  # the repeated result is on the line when the next question is asked
    keypad.ask(20)
    assert keypad.pressed() is None
    counter.emulator.press = 5
    assert keypad.pressed() == Press(Level.VERY_SATISFIED, after_s=0)


@pytest.mark.parametrize("lost", [1, 2])
def test_a_command_is_sent_up_to_three_times(counter, keypad: NeutralEvaluator, lost: int) -> None:
    request = bytes.fromhex("A55A050103140516")
    counter.to_keypad = LosesFirst(request, lost)
    started = counter.clock.instant()
    keypad.ask(20)
    assert counter.sent.count(request) == lost + 1
    assert counter.clock.instant() - started == pytest.approx(lost * 0.5, abs=0.1)
    assert counter.emulator.lit


def test_a_dead_keypad_times_out(counter) -> None:
    counter.emulator.mute = True
    keypad = counter.keypad()
    started = counter.clock.instant()
    with pytest.raises(TimedOut):
        keypad.open()
    assert counter.clock.instant() - started == pytest.approx(1.5, rel=0.1)
    assert counter.open_wires == 0
    counter.emulator.mute = False
    keypad.open()
    keypad.close()


def test_a_keypad_that_dies_later_times_out(counter, keypad: NeutralEvaluator) -> None:
    counter.emulator.mute = True
    with pytest.raises(TimedOut):
        keypad.ask(10)
    assert keypad.pressed() is None


def test_a_late_acknowledgement_is_not_the_next_one(counter, keypad: NeutralEvaluator) -> None:
    keypad.ask(20)
    counter.emulator.say(bytes.fromhex("A55A050181030086"))  # the same question, acknowledged once more
    counter.emulator.mute = True
    with pytest.raises(TimedOut):
        keypad.ask(20)


def test_noise_between_frames_is_passed_over(counter, keypad: NeutralEvaluator) -> None:
    counter.to_host = lambda data: b"\x00\xa5\xa5\x5a\x01\xff" + data + b"\xa5" if data else b""
    keypad.ask(20)
    counter.emulator.press = 5
    assert keypad.pressed() == Press(Level.VERY_SATISFIED, after_s=0)


def test_nothing_but_noise_is_garbled(counter) -> None:
    counter.to_host = lambda data: b"\xff\x00\x42" if data else b""
    with pytest.raises(Garbled):
        counter.keypad().open()
    assert counter.open_wires == 0


def test_a_result_cut_at_every_byte(counter, keypad: NeutralEvaluator) -> None:
    held = bytearray()

    def trickle(data: bytes) -> bytes:
        held.extend(data)
        first = bytes(held[:1])
        del held[:1]
        return first

    counter.to_host = trickle
    keypad.ask(20)
    counter.emulator.press = 2
    seen = [keypad.pressed() for _ in range(12)]
    assert [press for press in seen if press] == [Press(Level.DISSATISFIED, after_s=0)]


def test_another_keypads_answer_on_the_same_line_is_not_ours(counter) -> None:
    counter.emulator.address = 2
    with pytest.raises(TimedOut):
        counter.keypad(address=1).open()
    other = counter.keypad(address=2)
    other.open()
    other.close()


def test_it_opens_and_closes_twice(counter) -> None:
    keypad = counter.keypad()
    for _ in range(2):
        keypad.open()
        keypad.open()
        assert keypad.identity() == "TIANMEN NEUTRAL-5 1.00"
        keypad.close()
        keypad.close()
    assert counter.open_wires == 0
    with pytest.raises(Unreachable):
        keypad.ask(10)


def test_a_check_asks_and_leaves_the_keys_dark(counter, keypad: NeutralEvaluator) -> None:
    keypad.status()
    assert not counter.emulator.lit
    counter.emulator.mute = True
    with pytest.raises(TimedOut):
        keypad.status()
