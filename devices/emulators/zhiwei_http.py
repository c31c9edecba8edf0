"""The ID reader of 至唯 (ZW) cabinets as a service, both generations: the verbs are known, everything else invented.

The new one answers under /api: `connect`, `getStatus`, `readCert`, `disconnect`. The old one answers at the root:
`InitComm`, `Authenticate`, `getUserInfo`, `CloseComm`. One emulator listens for both.
"""

import json
from collections.abc import Callable, Mapping
from datetime import date

from devices.emulators.card_service import CardServiceEmulator, Outcome, Said
from devices.id_card import IdCard
from ground.clock import Clock

_STATES = {
    Outcome.DONE: ("ok", ""),
    Outcome.NO_CARD: ("error", "No card found"),
    Outcome.UNREADABLE: ("error", "请将身份证拿起后重新放置"),
    Outcome.NOT_CONNECTED: ("error", "未找到读卡器"),
    Outcome.NOT_OPEN: ("error", "设备未连接"),
}
_OLD_CODES = {Outcome.DONE: 1, Outcome.NO_CARD: 2, Outcome.UNREADABLE: 3}


class ZhiweiEmulator(CardServiceEmulator):
    """New: Chinese keys inside a text that is JSON again. Old: one flat object and the codes of CVR libraries."""

    def __init__(self, clock: Clock, port: int = 0) -> None:
        super().__init__(clock, port)
        self._selected = False

    @property
    def url(self) -> str:
        """Of the new generation; the old one's is the same without its path."""
        return f"{super().url}/api"

    def verbs(self) -> Mapping[str, Callable[[], Said]]:
        """The verbs of both generations."""
        return {
            "/api/connect": lambda: _said(self.open_reader()),
            "/api/getStatus": lambda: _said(self.state()),
            "/api/readCert": self._read_cert,
            "/api/disconnect": lambda: _said(self.close_reader()),
            "/InitComm": lambda: _said_of_old(self.open_reader()),
            "/Authenticate": self._authenticate,
            "/getUserInfo": self._user_info,
            "/CloseComm": lambda: _said_of_old(self.close_reader()),
        }

    def failing(self, code: str) -> Said:
        return {"status": code, "ret": code}

    def _read_cert(self) -> Said:
        outcome, card = self.read()
        return _said(outcome) | (
            {} if card is None else {"data": json.dumps(_worded(card), ensure_ascii=False)}
        )

    def _authenticate(self) -> Said:
        outcome, card = self.read()
        self._selected = card is not None
        return _said_of_old(outcome)

    def _user_info(self) -> Said:
        if not (self._selected and self.card_on):
            return _said_of_old(Outcome.UNREADABLE)
        self._selected = False
        return _said_of_old(Outcome.DONE) | _worded_of_old(self.card)


def _said(outcome: Outcome) -> Said:
    status, message = _STATES[outcome]
    return {"status": status, "message": message}


def _said_of_old(outcome: Outcome) -> Said:
    code = _OLD_CODES.get(outcome, 4)
    return {"ret": code} if outcome in _OLD_CODES else {"ret": code, "desc": _STATES[outcome][1]}


def _worded(card: IdCard) -> dict[str, str]:
    """The card in the new dialect: as it is printed."""
    return {
        "姓名": card.name,
        "英文姓名": card.latin_name,
        "性别": card.sex,
        "民族": f"{card.ethnicity}族" if card.ethnicity else "",
        "出生日期": f"{card.birth:%Y年%m月%d日}" if card.birth else "",
        "住址": card.address,
        "公民身份号码": card.number.lower(),
        "签发机关": card.authority,
        "有效期限": f"{_dotted(card.valid_from)}-{'长期' if card.long_term else _dotted(card.valid_to)}",
        "国籍": card.nationality,
        "通行证号码": card.pass_number,
        "签发次数": card.issue,
    }


def _worded_of_old(card: IdCard) -> dict[str, str]:
    """The card in the old dialect: flat, beside the code."""
    return {
        "peopleName": card.name,
        "enName": card.latin_name,
        "peopleSex": card.sex,
        "peopleNation": card.ethnicity,
        "peopleBirthday": f"{card.birth:%Y/%m/%d} 00:00:00" if card.birth else "",
        "peopleAddress": card.address,
        "peopleIDCode": card.number,
        "department": card.authority,
        "validDate": f"{_dotted(card.valid_from)}-{'长期' if card.long_term else _dotted(card.valid_to)}",
        "countryCode": card.nationality,
        "passCheckId": card.pass_number,
        "visaTimes": card.issue,
    }


def _dotted(day: date | None) -> str:
    return f"{day:%Y.%m.%d}" if day else ""
