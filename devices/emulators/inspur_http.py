"""The ID reader of 浪潮 (Inspur) cabinets as a service: `idcard` and `stopIdcard`, everything else invented."""

from collections.abc import Callable, Mapping
from typing import ClassVar

from devices.emulators.card_service import CardServiceEmulator, Outcome, Said
from devices.id_card import IdCard
from ground.clock import Clock

_LOOK_S = 0.02  # how often a waiting `idcard` looks whether a card was laid down
_WORDS = {
    Outcome.DONE: ("0", "操作成功"),
    Outcome.NO_CARD: ("-2", "未检测到身份证，请放置身份证"),
    Outcome.UNREADABLE: ("-3", "读卡失败"),
    Outcome.NOT_CONNECTED: ("-1", "设备未连接"),
    Outcome.NOT_OPEN: ("-1", "设备未打开"),
}


class InspurEmulator(CardServiceEmulator):
    """Codes are texts, the card stands in `data`, days have dashes."""

    knobs: ClassVar[tuple[str, ...]] = (*CardServiceEmulator.knobs, "waits")

    def __init__(self, clock: Clock, port: int = 0) -> None:
        super().__init__(clock, port)
        self.waits = False  #: `idcard` answers only when a card lies there or `stopIdcard` ends the waiting
        self._stops = 0
        self._opened = True

    def verbs(self) -> Mapping[str, Callable[[], Said]]:
        """This maker's verbs; there is none for opening."""
        return {"/idcard": self._idcard, "/stopIdcard": self._stop}

    def failing(self, code: str) -> Said:
        return {"code": code, "msg": ""}

    def unplug(self) -> None:
        self._stops += 1  # whoever waits for a card must not hold up the end
        super().unplug()
        self._opened = True

    def _stop(self) -> Said:
        self._stops += 1
        return _said(self.state())

    def _idcard(self) -> Said:
        stops = self._stops
        while self.waits and self._stops == stops and self.state() is Outcome.DONE and not self.card_on:
            self.clock.wait(_LOOK_S)
        outcome, card = self.read()
        return _said(outcome) | ({} if card is None else {"data": _worded(card)})


def _said(outcome: Outcome) -> Said:
    code, message = _WORDS[outcome]
    return {"code": code, "msg": message}


def _worded(card: IdCard) -> dict[str, str]:
    """The card in this dialect."""
    fields = {
        "name": card.name,
        "sex": card.sex,
        "nation": card.ethnicity,
        "birthday": card.birth.isoformat() if card.birth else "",
        "address": card.address,
        "idcard": card.number,
        "department": card.authority,
        "startDate": card.valid_from.isoformat() if card.valid_from else "",
        "endDate": "长期" if card.long_term else card.valid_to.isoformat() if card.valid_to else "",
        "englishName": card.latin_name,
        "nationality": card.nationality,
        "passNo": card.pass_number,
        "issueCount": card.issue,
    }
    return {key: text for key, text in fields.items() if text}
