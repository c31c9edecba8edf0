"""The slip: whom it is for, who does what, what she promised, how the result comes; never longer than forty lines."""

import os
from pathlib import Path

import pytest

from devices.emulators.escpos import EscposEmulator
from devices.emulators.escpos_paper import Ticket
from devices.receipt_printer import Slip
from devices.receipt_printer.escpos import EscposPrinter, EscposSettings
from devices.rig.in_process import register_emulators
from ground.clock import ManualClock
from kiosk.journey import events as ev
from tests.journeys.any_matter import sealed
from tests.journeys.walked_world import GRADUATE, PERSON, World

GOLDEN = Path(__file__).with_name("golden")
MOST_LINES = 40


def printed(slip: Slip | None) -> Ticket:
    assert slip is not None
    clock = ManualClock()
    emulator = EscposEmulator(clock, width_dots=576)
    rig = register_emulators({"slip": emulator})["slip"]
    printer = EscposPrinter(EscposSettings(url=rig.url), clock)
    printer.open()
    printer.print(slip)
    printer.close()
    (ticket,) = emulator.tickets
    return ticket


def approved(name: str, ticket: Ticket) -> None:
    """Line by line as it was looked at. KIOSK_RECORD_GOLDEN=1 records, with a picture for people."""
    if os.environ.get("KIOSK_RECORD_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        (GOLDEN / f"{name}.txt").write_text("\n".join(ticket.lines) + "\n", encoding="utf-8")
        ticket.save(GOLDEN / f"{name}.png")
        (GOLDEN / f"{name}.bin").unlink()  # the driver's own goldens hold bytes
    assert "\n".join(ticket.lines) + "\n" == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    assert len(ticket.lines) <= MOST_LINES


def done(world: World) -> Ticket:
    world.answer(ev.Sealed(world.stage.ticket, "T-000001-3"))
    world.answer(ev.Delivered(world.stage.ticket, "429006-20261121-000001-7"))
    return printed(world.stage.slip)


def test_two_items_of_one_office(world: World) -> None:
    world.to_done()
    approved("slip-two-items", printed(world.stage.slip))


def test_licences_a_promise_and_a_way(world: World) -> None:
    sealed(world, "N04", GRADUATE, way="post")
    approved("slip-graduate", done(world))


def test_the_largest_package_stays_short(world: World) -> None:
    sealed(world, "C28", {}, proof="best", way="post")
    approved("slip-largest", done(world))


@pytest.mark.parametrize("proof", ["best", "paper"])
def test_the_hotel_stays_short(world: World, proof: str) -> None:
    sealed(world, "H01", {}, proof=proof)
    assert len(done(world).lines) <= MOST_LINES


def test_whoever_acts_for_another_is_named_beside_her(world: World) -> None:
    sealed(world, "C29", {"who": "agent"})
    lines = "".join(done(world).lines).replace(" ", "")
    assert "申请人李*" in lines and "来办的人王*" in lines
    assert PERSON.name not in lines and "李明" not in lines
