"""What the emulated reader services of the cabinet makers have in common: a card, a reader, and their faults.

Each maker's emulator is one dialect of the same service. The real JSON is not known, so the dialects are invented,
and chosen as unlike each other as public code for other readers is.
"""

import enum
import json
from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from devices.emulators.http_service import Asked, HttpServiceEmulator, Told
from devices.emulators.sample_cards import SAMPLE_CARDS, WANG_XIAOMING
from devices.id_card import IdCard
from ground.clock import Clock


class Outcome(enum.Enum):
    """How a verb ended."""

    DONE = enum.auto()
    NO_CARD = enum.auto()
    UNREADABLE = enum.auto()
    NOT_CONNECTED = enum.auto()
    NOT_OPEN = enum.auto()


Said = dict[str, Any]


class CardServiceEmulator(HttpServiceEmulator):
    """A reader behind a service; a subclass says what its verbs are called and how it words an outcome."""

    knobs: ClassVar[tuple[str, ...]] = (
        "card_on", "card_sample", "connected", "read_fails", "gives_once", "error_code", "wrong_json", "mute",
    )  # fmt: skip

    def __init__(self, clock: Clock, port: int = 0) -> None:
        super().__init__(clock, port)
        self.connected = True  #: False: the service runs and its reader is not there
        self.read_fails = False  #: a card lies there and cannot be read
        self.gives_once = False  #: a card that was read counts as no card until it is lifted
        self.error_code = ""  #: a code that stands in no list; the answer to everything
        self.wrong_json = False  #: every answer breaks off in the middle
        self._card_on = False
        self._card: IdCard = WANG_XIAOMING
        self._given = False
        self._opened = False

    @property
    def card_on(self) -> bool:
        """A card lies on the reader."""
        return self._card_on

    @card_on.setter
    def card_on(self, there: bool) -> None:
        self._given = self._given and there
        self._card_on = there

    @property
    def card(self) -> IdCard:
        """The card in the citizen's hand."""
        return self._card

    @card.setter
    def card(self, card: IdCard) -> None:
        self._card, self._given = card, False

    @property
    def card_sample(self) -> str:
        """`card` by its name in SAMPLE_CARDS, "" for another."""
        return next((name for name, card in SAMPLE_CARDS.items() if card == self._card), "")

    @card_sample.setter
    def card_sample(self, name: str) -> None:
        self.card = SAMPLE_CARDS[name]

    @abstractmethod
    def verbs(self) -> Mapping[str, Callable[[], Said]]:
        """What it can be asked, by path."""

    @abstractmethod
    def failing(self, code: str) -> Said:
        """How it words a failure of which nothing but the code is said."""

    def unplug(self) -> None:
        """The service ends, and forgets that its reader was open."""
        super().unplug()
        self._opened = False

    def answer(self, asked: Asked) -> Told:
        """What the service says, as JSON, or as JSONP where a callback is named."""
        place = urlsplit(asked.path)
        verb = self.verbs().get(place.path)
        if verb is None:
            return Told(b'{"error":"no such verb"}', status=404)
        text = json.dumps(self.failing(self.error_code) if self.error_code else verb(), ensure_ascii=False)
        if self.wrong_json:
            text = text[: len(text) // 2]
        callback = parse_qs(place.query).get("callback")
        return Told(f"{callback[0]}({text});".encode() if callback else text.encode())

    def open_reader(self) -> Outcome:
        """The verb that takes the reader."""
        self._opened = self.connected
        return Outcome.DONE if self.connected else Outcome.NOT_CONNECTED

    def close_reader(self) -> Outcome:
        """The verb that lets go of it."""
        self._opened = False
        return Outcome.DONE

    def state(self) -> Outcome:
        """How the reader fares."""
        if not self.connected:
            return Outcome.NOT_CONNECTED
        return Outcome.DONE if self._opened else Outcome.NOT_OPEN

    def read(self) -> tuple[Outcome, IdCard | None]:
        """The verb that reads: the outcome, and the card when it is DONE."""
        if self.state() is not Outcome.DONE:
            return self.state(), None
        if not self._card_on or (self.gives_once and self._given):
            return Outcome.NO_CARD, None
        if self.read_fails:
            return Outcome.UNREADABLE, None
        self._given = self.gives_once
        return Outcome.DONE, self._card
