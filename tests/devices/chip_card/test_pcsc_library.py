"""Reading through PC/SC: against a stand-in with the shape of pyscard, in whose slot lies the emulated chip."""

import sys
from types import ModuleType

import pytest

from devices.chip_card.sse_card import SseCardReader, SseCardSettings
from devices.emulators.sse_card import SOCIAL_CARDS, CardChip
from devices.errors import Condition, DeviceError, Refused, TimedOut, Unreachable
from ground.clock import ManualClock

NAME = "ACS ACR39U ICC Reader 00 00"
NO_CARD, REMOVED, UNRESPONSIVE = 0x8010_000C, 0x8010_0069, 0x8010_0066  # pcsclite.h
SHARING, NO_SERVICE, NOT_TRANSACTED, LATE = 0x8010_000B, 0x8010_001D, 0x8010_0016, 0x8010_000A


class SmartcardException(Exception):
    def __init__(self, *said: object, hresult: int = 0) -> None:
        super().__init__(*said)
        self.hresult = hresult


class CardConnectionException(SmartcardException):
    pass


class NoCardException(SmartcardException):
    pass


class BaseSCardException(Exception):
    def __init__(self, hresult: int) -> None:
        super().__init__()
        self.hresult = hresult


class Slot:
    """A PC/SC reader and its connections."""

    def __init__(self) -> None:
        self.chip: CardChip | None = CardChip()
        self.fault: Exception | None = None  #: of connecting
        self.transmit_fault: Exception | None = None
        self.connected = 0

    def __str__(self) -> str:
        return NAME

    def createConnection(self) -> "Slot":
        return self

    def connect(self) -> None:
        if self.fault is not None:
            raise self.fault
        if self.chip is None:
            raise NoCardException("Unable to connect", hresult=NO_CARD)
        self.chip.reset()
        self.connected += 1

    def transmit(self, command: list[int]) -> tuple[list[int], int, int]:
        if self.transmit_fault is not None:
            raise self.transmit_fault
        assert self.chip is not None
        *data, sw1, sw2 = self.chip.answer(bytes(command))
        return data, sw1, sw2

    def disconnect(self) -> None:
        self.connected -= 1
        if self.chip is None:
            raise CardConnectionException("Failed to disconnect", hresult=REMOVED)


class Pyscard:
    """The modules that are imported of pyscard."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.slots: list[Slot] = [Slot()]
        self.fault: Exception | None = None
        system, exceptions = ModuleType("smartcard.System"), ModuleType("smartcard.Exceptions")
        pcsc = ModuleType("smartcard.pcsc.PCSCExceptions")
        vars(system)["readers"] = self.readers
        vars(exceptions).update(SmartcardException=SmartcardException, NoCardException=NoCardException)
        vars(pcsc)["BaseSCardException"] = BaseSCardException
        for module in (ModuleType("smartcard"), ModuleType("smartcard.pcsc"), system, exceptions, pcsc):
            monkeypatch.setitem(sys.modules, module.__name__, module)

    def readers(self) -> list[Slot]:
        if self.fault is not None:
            raise self.fault
        return list(self.slots)


@pytest.fixture
def pyscard(monkeypatch: pytest.MonkeyPatch) -> Pyscard:
    return Pyscard(monkeypatch)


def driver(part: str = "ACR39U") -> SseCardReader:
    return SseCardReader(SseCardSettings(url=f"pcsc:{part}"), ManualClock())


def opened() -> SseCardReader:
    reader = driver()
    reader.open()
    return reader


def test_a_card_is_read(pyscard: Pyscard) -> None:
    reader = opened()
    assert reader.identity() == NAME
    assert reader.card_present() and reader.status().ready
    assert reader.read_card() == SOCIAL_CARDS["wang_xiaoming"]
    assert pyscard.slots[0].connected == 0, "the card is let go after each reading"
    reader.close()
    reader.close()


def test_no_card(pyscard: Pyscard) -> None:
    reader = opened()
    pyscard.slots[0].chip = None
    assert reader.read_card() is None
    assert reader.status().readings == {"card_present": False}


@pytest.mark.parametrize("code", [REMOVED, REMOVED - (1 << 32)])
def test_taken_out_in_the_middle(pyscard: Pyscard, code: int) -> None:
    reader = opened()
    pyscard.slots[0].transmit_fault = CardConnectionException("Failed to transmit", hresult=code)
    assert reader.read_card() is None


@pytest.mark.parametrize(
    ("where", "code", "condition"),
    [
        ("fault", UNRESPONSIVE, Condition.CARD_MUTE),
        ("transmit_fault", NOT_TRANSACTED, Condition.CARD_MUTE),
        ("fault", SHARING, Condition.BUSY),
    ],
)
def test_refusals(pyscard: Pyscard, where: str, code: int, condition: Condition) -> None:
    reader = opened()
    setattr(pyscard.slots[0], where, CardConnectionException("says something", hresult=code))
    with pytest.raises(Refused) as caught:
        reader.read_card()
    assert caught.value.condition is condition
    assert "says something" not in str(caught.value)


def test_a_mute_card_is_present(pyscard: Pyscard) -> None:
    reader = opened()
    pyscard.slots[0].fault = CardConnectionException("Unable to connect", hresult=UNRESPONSIVE)
    assert reader.card_present()


@pytest.mark.parametrize(
    ("code", "error"),
    [(LATE, TimedOut), (NO_SERVICE, Unreachable), (0, Unreachable), (0x8010_0017, Unreachable)],
)
def test_faults(pyscard: Pyscard, code: int, error: type[DeviceError]) -> None:
    reader = opened()
    pyscard.slots[0].transmit_fault = CardConnectionException("", hresult=code)
    with pytest.raises(error):
        reader.read_card()
    assert pyscard.slots[0].connected == 0
    pyscard.slots[0].transmit_fault = None
    assert reader.read_card() == SOCIAL_CARDS["wang_xiaoming"], "the next reading connects anew"
    assert pyscard.slots[0].connected == 0


def test_the_reader_is_unplugged(pyscard: Pyscard) -> None:
    reader = opened()
    pyscard.slots[0].chip = None
    pyscard.slots.clear()
    for ask in (reader.read_card, reader.card_present, reader.status):
        with pytest.raises(Unreachable, match="unplugged"):
            ask()


def test_which_reader(pyscard: Pyscard) -> None:
    with pytest.raises(Unreachable, match="no such reader"):
        driver("SCM").open()
    first = driver("")
    first.open()
    assert first.identity() == NAME
    pyscard.slots.clear()
    with pytest.raises(Unreachable, match="no such reader"):
        driver("").open()


def test_without_pcscd(pyscard: Pyscard) -> None:
    pyscard.fault = BaseSCardException(NO_SERVICE)
    with pytest.raises(Unreachable):
        driver().open()


def test_without_pyscard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "smartcard", None)
    monkeypatch.setitem(sys.modules, "smartcard.System", None)
    with pytest.raises(Unreachable, match="package=pyscard"):
        driver().open()
