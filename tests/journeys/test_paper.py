"""No paper, an open cover, no printer at all: the number and its code are on the glass, everything goes on."""

from typing import Any

import pytest

from devices.evaluator import Level
from kiosk.journey import events as ev
from kiosk.journey import views
from kiosk.journey.delays import DEFAULTS

NUMBER = "429006-20261121-000001-7"


@pytest.mark.parametrize("code", ["condition.paper_out", "condition.cover_open", "condition.cutter", "D101"])
def test_no_slip(world: Any, code: str) -> None:
    world.to_done()
    done = world.answer(ev.PrintFailed(world.stage.ticket, code))
    assert (done.receipt, done.receipt_trouble) == ("failed", code)
    assert (done.received, done.number, done.qr) == (True, NUMBER, f"TTS1:{NUMBER}")
    assert isinstance(world.do(ev.Continue()), views.Evaluate)
    world.do(ev.Rate(Level.SATISFIED))
    assert world.do(ev.Continue()) == views.Goodbye(handed_in=True, slip=False, card=True, papers=True)
    assert len(world.stage.evaluations) == 1


def test_without_a_slip_she_has_time_to_take_a_picture(world: Any) -> None:
    world.to_done()
    world.answer(ev.PrintFailed(world.stage.ticket, "condition.paper_out"))
    assert isinstance(world.turn(DEFAULTS.to_evaluation_s + 1), views.Done)


@pytest.mark.parametrize("printed", [True, False])
def test_the_slip_comes_while_she_rates(world: Any, printed: bool) -> None:
    world.to_done()
    ticket = world.stage.ticket
    world.do(ev.Continue())
    view = world.answer(ev.Printed(ticket) if printed else ev.PrintFailed(ticket, "condition.paper_out"))
    assert isinstance(view, views.Evaluate)
    assert isinstance(world.turn(DEFAULTS.to_evaluation_s + 1), views.Evaluate)  # nothing hurries her on
    assert world.do(ev.Skip()) == views.Goodbye(handed_in=True, slip=printed, card=True, papers=True)


def test_a_printer_that_was_given_up_prints_after_all(world: Any) -> None:
    world.to_done()
    world.answer(ev.PrintFailed(world.stage.ticket, "D102"))
    done = world.answer(ev.Printed(world.stage.ticket))
    assert (done.receipt, done.receipt_trouble) == ("printed", "")
