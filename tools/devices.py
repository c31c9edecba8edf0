"""`devices list|read`. Serving an emulator is in `tools.emulate`, what a technician does in `tools.technician`."""

import argparse
from datetime import date
from typing import Any

from devices.catalog import DRIVERS
from devices.errors import DeviceError
from devices.id_card import CardKind, IdCard
from devices.id_card.sdt import SdtReader, SdtSettings
from ground.clock import Clock, RealClock
from tools.emulate import emulate
from tools.out import complain, say, say_json
from tools.technician.verbs import run as technician

NO_CARD = 3
DEVICE_ERROR = 4
_POLL_S = 0.3  # vendors advise more than 300 ms between polls (docs/devices/sdt.md)


def run(asked: argparse.Namespace) -> int:
    """One of its verbs."""
    match asked.what:
        case "list":
            return list_drivers(asked.json)
        case "read":
            return read_id_card(asked.url, asked.timeout_s, asked.json, RealClock())
        case "emulate":
            return emulate(asked)
        case _:
            return technician(asked)


def list_drivers(as_json: bool) -> int:
    """Every driver, and what it is proven on."""
    rows = [{"kind": d.kind, "driver": d.name, "proven_on": d.proven_on} for d in DRIVERS]
    if as_json:
        say_json(rows)
    else:
        for row in rows:
            say(f"{row['kind']:18}{row['driver']:20}{row['proven_on']}")
    return 0


def read_id_card(url: str, timeout_s: float, as_json: bool, clock: Clock) -> int:
    """Wait for a card and print what its chip says."""
    reader = SdtReader(SdtSettings(url=url, baud="auto"), clock)
    give_up = clock.after(timeout_s)
    try:
        reader.open()
        card = reader.read_card()
        while card is None and not clock.due(give_up):
            clock.wait(min(_POLL_S, clock.left(give_up)))
            card = reader.read_card()
    except DeviceError as error:
        complain(f"{error.code} {error}")
        return DEVICE_ERROR
    finally:
        reader.close()
    if card is None:
        complain("no card came")
        return NO_CARD
    told = card_fields(card)
    if as_json:
        say_json(told)
    else:
        for name, value in told.items():
            say(f"{name:14}{'' if value is None else value}")
    return 0


def card_fields(card: IdCard) -> dict[str, Any]:
    """The fields of the contract, some of them only on documents that have them.

    Halves of surrogate pairs, which JSON cannot carry, become U+FFFD.
    """

    def text(value: str) -> str:
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

    def day(value: date | None) -> str | None:
        return value.isoformat() if value else None

    told: dict[str, Any] = {
        "kind": card.kind.value,
        "name": text(card.name),
        "sex": card.sex,
        "ethnicity": card.ethnicity,
        "birth": day(card.birth),
        "address": text(card.address),
        "number": card.number,
        "authority": text(card.authority),
        "valid_from": day(card.valid_from),
        "valid_to": day(card.valid_to),
        "long_term": card.long_term,
    }
    match card.kind:
        case CardKind.RESIDENT:
            return told
        case CardKind.HMT_RESIDENCE:
            return told | {"pass_number": text(card.pass_number)}
        case CardKind.FOREIGN_2017 | CardKind.FOREIGN_2023:
            return told | {"nationality": text(card.nationality), "english_name": text(card.latin_name)}
