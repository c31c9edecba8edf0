"""The ID reader of 美鼎 (Meiding) cabinets as a service: `OpenDevice`, `ReadMsg`, `CloseDevice`, the rest invented."""

from collections.abc import Callable, Mapping
from datetime import date

from devices.emulators.card_service import CardServiceEmulator, Outcome, Said
from devices.id_card import IdCard
from devices.id_card.card_text import ETHNICITIES

_CODES = {  # the security module's own where it has one (notes §4)
    Outcome.DONE: (0, ""),
    Outcome.NO_CARD: (128, "找卡失败"),
    Outcome.UNREADABLE: (65, "读取失败"),
    Outcome.NOT_CONNECTED: (1, "打开设备失败"),
    Outcome.NOT_OPEN: (5, "设备未打开"),
}
_SEXES = {"男": 1, "女": 2}
_NATIONS = {nation: code for code, nation in ETHNICITIES.items()}


class MeidingEmulator(CardServiceEmulator):
    """Codes are numbers, the card stands in `Result`, sexes and peoples are codes, days are eight digits."""

    @property
    def url(self) -> str:
        """With the path before the verbs."""
        return f"{super().url}/api"

    def verbs(self) -> Mapping[str, Callable[[], Said]]:
        """This maker's verbs."""
        return {
            "/api/OpenDevice": lambda: _said(self.open_reader()),
            "/api/ReadMsg": self._read_msg,
            "/api/CloseDevice": lambda: _said(self.close_reader()),
        }

    def failing(self, code: str) -> Said:
        return {"ResultCode": code, "Result": None}

    def _read_msg(self) -> Said:
        outcome, card = self.read()
        return _said(outcome) | {"Result": None if card is None else _worded(card)}


def _said(outcome: Outcome) -> Said:
    code, message = _CODES[outcome]
    return {"ResultCode": code, "ErrMsg": message}


def _worded(card: IdCard) -> dict[str, object]:
    """The card in this dialect; fields that it has not are empty, not absent."""
    return {
        "CardType": {"resident": "A", "hmt_residence": "J", "foreign_2017": "I", "foreign_2023": "Y"}[card.kind.value],
        "Name": card.name.ljust(15),
        "Name_EN": card.latin_name,
        "Sex": _SEXES[card.sex],
        "Nation": _NATIONS.get(card.ethnicity, ""),
        "Born": _digits(card.birth),
        "Address": card.address,
        "ID_Card_No": card.number,
        "GrantDept": card.authority,
        "UserLifeBegin": _digits(card.valid_from),
        "UserLifeEnd": "长期" if card.long_term else _digits(card.valid_to),
        "Country": card.nationality,
        "PassNumber": card.pass_number,
        "IssuesNum": card.issue,
    }  # fmt: skip


def _digits(day: date | None) -> str:
    return day.strftime("%Y%m%d") if day else ""
