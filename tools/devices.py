"""`devices list|read|emulate`; what a technician does with the configured devices is in `tools.technician`."""

import argparse
import signal
import threading
from contextlib import ExitStack
from datetime import date
from typing import Any

from devices.catalog import DRIVERS
from devices.emulators import EMULATORS, SERVICES
from devices.emulators.base import SerialEmulator, ServiceEmulator
from devices.errors import DeviceError
from devices.id_card import CardKind, IdCard
from devices.id_card.sdt import SdtReader, SdtSettings
from devices.rig.control import ControlServer, Plug
from devices.rig.pty_rig import PtyRig
from devices.rig.tcp_rig import TcpRig
from ground.clock import Clock, RealClock
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


def emulate(asked: argparse.Namespace) -> int:
    """Serve one emulator until interrupted."""
    clock = RealClock()
    if asked.driver not in EMULATORS and asked.driver not in SERVICES:
        complain(f"no emulator is called {asked.driver}; there are: {', '.join([*EMULATORS, *SERVICES])}")
        return 2
    done = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: done.set())
    with ExitStack() as stack:
        steered: SerialEmulator | ServiceEmulator
        plugs: dict[str, Plug] = {}
        if asked.driver in SERVICES:
            steered = service = SERVICES[asked.driver](clock, asked.tcp or 0)
            stack.callback(service.close)
            service.start()
            plugs[asked.driver], where = service, service.url
        else:
            steered = emulator = EMULATORS[asked.driver](clock)
            rig = PtyRig(emulator, asked.pty) if asked.pty else TcpRig(emulator, port=asked.tcp or 0)
            stack.callback(rig.close)
            plugs[asked.driver], where = rig, rig.url
        say(where)
        if asked.control is not None:
            control = ControlServer({asked.driver: steered}, plugs, port=asked.control)
            stack.callback(control.close)
            say(f"control 127.0.0.1:{control.port}")
        done.wait()
    return 0
