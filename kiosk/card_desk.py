"""What lies on the reader: a card to read, one that was read already, or nothing."""

from collections.abc import Callable
from typing import Final

from devices.id_card import IdCard, IdCardReader
from kiosk.stage import CARD_AGAIN

_EMPTY_POLLS: Final = 5  # without a card, until it is looked whether one lies there that was read already


class CardDesk:
    """What lies on the reader: a card to read, one that was read already, or nothing."""

    def __init__(self, failed: Callable[[str], None], *, waits: bool) -> None:
        self._failed = failed
        self._waits = waits  #: for the card to be lifted
        self._told = waits  #: she was told to lift it
        self._empty = 0

    def look(self, reader: IdCardReader) -> IdCard | None:
        """A card that is newly there, or None. Raises `DeviceError`."""
        if self._waits:
            if reader.card_present():
                return None
            self._waits = False
        card = reader.read_card()
        if card is not None:
            self._empty = 0
            return card
        self._tell(reader)
        return None

    def _tell(self, reader: IdCardReader) -> None:
        """A strict reader says "no card" of one that it has read; without a word she would wait for ever."""
        if self._told:
            if not reader.card_present():
                self._told, self._empty = False, 0
                self._failed("")
            return
        self._empty += 1
        if self._empty < _EMPTY_POLLS:
            return
        if not reader.card_present():
            self._empty = 0
        elif self._empty > _EMPTY_POLLS:  # one that was just laid down would have been read by now
            self._told = True
            self._failed(CARD_AGAIN)
