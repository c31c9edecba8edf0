"""Presses, inside and outside the window."""

import pytest
from pydantic import ValidationError

from devices.errors import Condition, Garbled, Refused, Unreachable
from devices.evaluator import Level, Press
from devices.evaluator.neutral_evaluator import NeutralEvaluator, NeutralEvaluatorSettings


def test_a_press_in_the_window_is_told_once(counter, keypad: NeutralEvaluator) -> None:
    keypad.ask(20)
    assert counter.emulator.lit
    assert keypad.pressed() is None
    counter.clock.turn(7.4)
    counter.emulator.press = 5
    assert keypad.pressed() == Press(Level.VERY_SATISFIED, after_s=7)
    assert keypad.pressed() is None
    assert counter.emulator.thanked
    assert not counter.emulator.lit


def test_the_request_is_the_notes_own_example(counter, keypad: NeutralEvaluator) -> None:
    keypad.ask(20)
    assert counter.sent[-1] == bytes.fromhex("A55A050103140516")  # §8


def test_a_press_outside_the_window_is_ignored(counter, keypad: NeutralEvaluator) -> None:
    counter.emulator.press = 1
    assert keypad.pressed() is None
    keypad.ask(10)
    assert keypad.pressed() is None
    assert counter.emulator.press == 0


def test_only_the_first_press_counts(counter, keypad: NeutralEvaluator) -> None:
    keypad.ask(20)
    counter.emulator.press = 2
    counter.emulator.press = 5
    assert keypad.pressed() == Press(Level.DISSATISFIED, after_s=0)
    counter.clock.turn(5)
    assert keypad.pressed() is None


def test_nobody_presses(counter, keypad: NeutralEvaluator) -> None:
    keypad.ask(10)
    counter.clock.turn(10.5)
    assert keypad.pressed() is None
    assert not counter.emulator.lit
    counter.emulator.press = 3
    assert keypad.pressed() is None


def test_cancel_closes_the_window(counter, keypad: NeutralEvaluator) -> None:
    keypad.ask(20)
    keypad.cancel()
    assert not counter.emulator.lit
    counter.emulator.press = 4
    counter.clock.turn(3)
    assert keypad.pressed() is None
    assert counter.emulator.take() == b"", "the keypad still repeats a result that was acknowledged"


def test_cancel_without_a_question_says_nothing(counter, keypad: NeutralEvaluator) -> None:
    before = len(counter.sent)
    keypad.cancel()
    assert len(counter.sent) == before


def test_a_press_while_cancelling_is_dropped(counter, keypad: NeutralEvaluator) -> None:
    keypad.ask(20)
    counter.emulator.press = 1
    keypad.cancel()
    keypad.ask(20)
    assert keypad.pressed() is None


@pytest.mark.parametrize("window_s", [0, 256, -1])
def test_a_window_that_no_byte_holds(keypad: NeutralEvaluator, window_s: int) -> None:
    with pytest.raises(ValueError, match="1 to 255"):
        keypad.ask(window_s)


def test_keys_mean_what_the_settings_say(counter) -> None:
    # evaluator.md §2: the new unit of source 28365262057 numbers its keys the other way round
    keypad = counter.keypad(key_levels={"1": 5, "2": 4, "3": 3, "4": 2, "5": 1})
    keypad.open()
    keypad.ask(10)
    counter.emulator.press = 5
    assert keypad.pressed() == Press(Level.VERY_DISSATISFIED, after_s=0)
    keypad.close()


def test_a_key_without_a_meaning_is_garbled(counter) -> None:
    keypad = counter.keypad(key_levels={1: 5, 2: 3})
    keypad.open()
    keypad.ask(10)
    counter.emulator.press = 4
    with pytest.raises(Garbled):
        keypad.pressed()
    keypad.close()


@pytest.mark.parametrize("key_levels", [{1: 6, 2: 1}, {0: 1, 2: 2}, {255: 1, 2: 2}, {1: 1}])
def test_impossible_key_tables_are_refused(key_levels: dict[int, int]) -> None:
    with pytest.raises(ValidationError):
        NeutralEvaluatorSettings(url="x", key_levels=key_levels)


def test_a_paused_keypad_is_busy(counter, keypad: NeutralEvaluator) -> None:
    counter.emulator.paused = True
    with pytest.raises(Refused) as caught:
        keypad.ask(10)
    assert caught.value.condition is Condition.BUSY


def test_a_keypad_that_restarts_forgets_the_question(counter, keypad: NeutralEvaluator) -> None:
    keypad.ask(10)
    counter.emulator.restart()
    with pytest.raises(Unreachable):
        keypad.pressed()


def test_a_restart_between_questions_is_nothing(counter, keypad: NeutralEvaluator) -> None:
    counter.emulator.restart()
    assert keypad.pressed() is None
    keypad.ask(10)
    assert counter.emulator.lit
