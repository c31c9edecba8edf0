"""How often a reader is asked for a card: often enough for who lays one down, seldom enough for the module."""

from devices.emulators.sdt import SdtEmulator
from ground.clock import ManualClock
from kiosk.device_stage import _CARD_EVERY_S as REST_S

_SLOW_FIND_S = 0.08  # id_card_reader.md §8
_MEAN_WAIT_S = 0.150  # the goal: half of the interval that vendors advise


def test_a_card_waits_less_than_half_of_the_advised_interval() -> None:
    thinking_s = SdtEmulator(ManualClock()).find_s
    assert (REST_S + thinking_s) / 2 < 0.9 * _MEAN_WAIT_S


def test_a_module_is_idle_for_two_thirds_of_the_time() -> None:
    assert REST_S / (REST_S + _SLOW_FIND_S) > 2 / 3
