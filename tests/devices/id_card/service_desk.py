"""A reader behind a maker's service, open on its emulator, and what all such readers must do."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from devices.catalog import driver
from devices.emulators import SERVICES
from devices.emulators.sample_cards import SAMPLE_CARDS, WANG_XIAOMING
from devices.errors import Condition, Garbled, Refused, TimedOut, Unreachable
from devices.id_card import IdCardReader
from devices.status import State
from ground.clock import RealClock


@dataclass
class ServiceDesk:
    """What stands on the citizen's side of the counter."""

    emulator: Any
    reader: IdCardReader  #: open


@contextmanager
def service_desk(name: str, url: str = "{url}", **settings: object) -> Iterator[ServiceDesk]:
    """The driver `name`, open on its running emulator."""
    clock = RealClock()
    emulator = SERVICES[name](clock, 0)
    emulator.start()
    try:
        entry = driver(name)
        shown = {
            "driver": name,
            "url": url.format(url=emulator.url, root=emulator.url.removesuffix("/api")),
            **settings,
        }
        reader: Any = entry.build(entry.settings.model_validate(shown), clock)
        reader.open()
        yield ServiceDesk(emulator, reader)
        reader.close()
    finally:
        emulator.close()


def check_every_card(desk: ServiceDesk) -> None:
    """All four kinds of documents, rare characters too, as the chip has them; the photograph stays there."""
    assert desk.reader.read_card() is None
    assert not desk.reader.card_present()
    desk.emulator.card_on = True
    for name, card in SAMPLE_CARDS.items():
        desk.emulator.card_sample = name
        assert desk.reader.read_card() == replace(card, photo=b""), name


def check_presence(desk: ServiceDesk) -> None:
    """A question about presence never swallows a card, also where the service gives each card once."""
    desk.emulator.gives_once = True
    desk.emulator.card_on = True
    assert desk.reader.card_present()
    assert desk.reader.read_card() == replace(WANG_XIAOMING, photo=b"")
    assert desk.reader.read_card() is None
    desk.emulator.card_on = False
    assert not desk.reader.card_present()
    desk.emulator.card_on = True
    assert desk.reader.read_card() is not None
    desk.emulator.gives_once = False
    assert desk.reader.card_present() and desk.reader.card_present()
    desk.emulator.card_on = False
    assert not desk.reader.card_present()
    assert desk.reader.read_card() is None


def check_faults(desk: ServiceDesk) -> None:
    """Every fault of the emulator has its own error, and ends with the fault."""
    desk.emulator.card_on = True
    desk.emulator.read_fails = True
    with pytest.raises(Refused) as caught:
        desk.reader.read_card()
    assert caught.value.condition is Condition.CARD_UNREADABLE
    desk.emulator.read_fails = False

    desk.emulator.error_code = "-4711"
    with pytest.raises(Refused) as caught:
        desk.reader.read_card()
    assert (caught.value.condition, caught.value.facts["code"]) == (Condition.OUT_OF_SERVICE, "-4711")
    assert desk.reader.status().state is State.HARDWARE_ERROR
    desk.emulator.error_code = ""

    desk.emulator.wrong_json = True
    with pytest.raises(Garbled):
        desk.reader.read_card()
    desk.emulator.wrong_json = False

    desk.emulator.connected = False
    with pytest.raises(Unreachable):
        desk.reader.read_card()
    assert desk.reader.status().state is State.NO_DEVICE
    with pytest.raises(Unreachable):
        desk.reader.open()
    desk.emulator.connected = True
    desk.reader.open()
    assert desk.reader.status().ready
    assert desk.reader.read_card() is not None


def check_silence(desk: ServiceDesk) -> None:
    """A service that hangs is `TimedOut`, and closing does not wait for it for long."""
    desk.emulator.mute = True
    with pytest.raises(TimedOut):
        desk.reader.read_card()
    with pytest.raises(TimedOut):
        desk.reader.status()
    desk.reader.close()
    with pytest.raises(Unreachable):
        desk.reader.read_card()
    with pytest.raises(Unreachable):
        desk.reader.status()
    desk.emulator.mute = False
