"""A social security card in a reader, on a wire with vpcd's framing.

The same bytes make it a card for a real pcscd: vpcd (vsmartcard) listens on 35963, and
`socat TCP:127.0.0.1:PORT TCP:127.0.0.1:35963` joins the two.

Source: shared protocol notes, others.md §3; ISO 7816-4; vsmartcard's documentation for the framing.
"""

import threading
from datetime import date
from typing import Any, ClassVar

from devices.chip_card import SocialCard
from devices.chip_card.apdu_line import Control, format_frame
from devices.chip_card.sse_records import (
    RECORDS,
    SELECT_APPLICATION,
    SELECT_EF06,
    format_card,
    format_record,
)
from devices.emulators.base import SerialEmulator
from devices.emulators.sample_cards import LI_FENG, WANG_XIAOMING
from devices.id_card import IdCard
from ground.clock import Clock

ATR = bytes.fromhex("3B 6D 00 00 80 31 80 65 B0 00 00 00 00 83 00 90 00")  # T=0, invented
_FCI = bytes.fromhex("6F 11 84 0F") + SELECT_APPLICATION[5:]  # what the application says when selected
_THINKING_S = 0.01
_OK, _NOT_FOUND, _NO_RECORD, _FORBIDDEN = b"\x90\x00", b"\x6a\x82", b"\x6a\x83", b"\x69\x82"
_NO_FILE, _BAD_COMMAND = b"\x69\x86", b"\x6d\x00"
_EF05, _EF06 = 5, 6


def _social(citizen: IdCard, card_number: str, ethnicity_code: str) -> SocialCard:
    """The social security card of one of the invented citizens."""
    return SocialCard(
        number=citizen.number,
        name=citizen.name,
        sex=citizen.sex,
        ethnicity_code=ethnicity_code,
        birth=citizen.birth,
        birthplace_code=citizen.number[:6],
        card_number=card_number,
        identification_code="429006" + "D1560000" + "05" * 9,
        issued=date(2018, 3, 1),
        valid_to=date(2028, 3, 1),
    )


#: by the name that a control panel uses
SOCIAL_CARDS = {
    "wang_xiaoming": _social(WANG_XIAOMING, "A00000018", "01"),
    "li_feng": _social(LI_FENG, "A00000026", "15"),
}


class CardChip:
    """What the chip itself does with commands, whoever carries them."""

    def __init__(self) -> None:
        self.card: SocialCard = SOCIAL_CARDS["wang_xiaoming"]
        self.social = True  #: has the application; a bank card has not
        self.third_generation = False  #: keeps EF06 back without mutual authentication
        self.announces = False  #: answers 61xx, the data wait to be fetched
        self.short_name = (
            False  #: the name's record is as long as the name, and asked for otherwise says 6Cxx
        )
        self.forced_status = 0  #: status word of the next command, once; 0 for none
        self.commands: list[bytes] = []  #: everything that was ever sent to it
        self._selected: int | None = None
        self._waiting = b""

    def reset(self) -> None:
        """Powered up anew."""
        self._selected, self._waiting = None, b""

    def answer(self, command: bytes) -> bytes:
        """Data and status word."""
        self.commands.append(command)
        if self.forced_status:
            status, self.forced_status = self.forced_status, 0
            return status.to_bytes(2)
        if command[:2] == b"\x00\xc0":
            data, self._waiting = self._waiting[: command[4]], b""
            return data + _OK
        told = self._done(command)
        if self.announces and told.endswith(_OK) and len(told) > 2:
            self._waiting = told[:-2]
            return bytes((0x61, len(self._waiting)))
        return told

    def _done(self, command: bytes) -> bytes:
        if command == SELECT_APPLICATION:
            if not self.social:
                return _NOT_FOUND
            self._selected = _EF05
            return _FCI + _OK if self.announces else _OK
        if self._selected is None:
            return _BAD_COMMAND
        if command == SELECT_EF06:
            self._selected = _EF06
            return _OK
        if command[:2] == b"\x00\xb2" and len(command) == 5:
            return self._record(command[2], command[3] >> 3 or self._selected, command[4])
        return _BAD_COMMAND

    def _record(self, number: int, file: int, asked: int) -> bytes:
        for record in RECORDS:
            if record.number == number and (_EF06 if record.in_ef06 else _EF05) == file:
                break
        else:
            return _NO_RECORD if file in (_EF05, _EF06) else _NO_FILE
        if self.third_generation and record.in_ef06:
            return _FORBIDDEN
        value = format_card(self.card)[record.item]
        if record.item == "name" and self.short_name:
            value = value.rstrip(b"\0")
        told = format_record(record, value)
        return told + _OK if asked == len(told) else bytes((0x6C, len(told)))


def _of_the_chip(name: str) -> Any:
    """A knob of the whole that is the chip's physics."""

    def get(emulator: "SseCardEmulator") -> Any:
        return getattr(emulator.chip, name)

    def put(emulator: "SseCardEmulator", value: Any) -> None:
        setattr(emulator.chip, name, value)

    return property(get, put)


class SseCardEmulator(SerialEmulator):
    """A reader with a card in it, or without."""

    knobs: ClassVar[tuple[str, ...]] = (
        "card_on", "card_sample", "social", "third_generation", "announces", "short_name", "card_mute",
        "forced_status", "answer_s", "mute",
    )  # fmt: skip

    social = _of_the_chip("social")
    third_generation = _of_the_chip("third_generation")
    announces = _of_the_chip("announces")
    short_name = _of_the_chip("short_name")
    forced_status = _of_the_chip("forced_status")

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.chip = CardChip()
        self.card_mute = False  #: it powers up, and answers no command
        self.answer_s = _THINKING_S
        self._card_on = False
        self._card_sample = "wang_xiaoming"
        self._held = bytearray()
        self._turn = threading.RLock()

    @property
    def card_on(self) -> bool:
        """A card is in the reader."""
        return self._card_on

    @card_on.setter
    def card_on(self, there: bool) -> None:
        with self._turn:
            self._card_on = there
            self.chip.reset()

    @property
    def card_sample(self) -> str:
        """Whose card it is: a name of `SOCIAL_CARDS`."""
        return self._card_sample

    @card_sample.setter
    def card_sample(self, name: str) -> None:
        with self._turn:
            self.chip.card = SOCIAL_CARDS[name]
            self._card_sample = name

    def connected(self) -> None:
        super().connected()
        with self._turn:
            self._held.clear()

    def receive(self, data: bytes) -> None:
        if self.mute:
            return
        with self._turn:
            self._held += data
            while len(self._held) >= 2:
                size = int.from_bytes(self._held[:2])
                if len(self._held) < 2 + size:
                    return
                content = bytes(self._held[2 : 2 + size])
                del self._held[: 2 + size]
                self._obey(content)

    def _obey(self, content: bytes) -> None:
        if len(content) == 1:
            if content[0] == Control.GET_ATR:
                self.say(format_frame(ATR if self._card_on else b""), self.answer_s)
            else:
                self.chip.reset()
        elif content:
            dead = self.card_mute or not self._card_on
            self.say(format_frame(b"" if dead else self.chip.answer(content)), self.answer_s)
