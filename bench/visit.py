"""Card laid on the reader to the masked name in the scene, by the terminal's own assembly.

Everything between the two is real: emulator on a pty paced as a wire of 115200 baud, driver, worker, stage, inbox,
journey, and a conductor that is pumped as often as the face pumps it. The chip itself thinks for no time. Cards are
laid down evenly over the polling interval, so that the wait for the next question is fairly shared.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import cv2
import numpy as np
import pyrage

from bench.id_card import BAUD, WIRE_S
from bench.report import Ratio
from config.schema import TerminalConfig
from devices.emulators.sdt import SdtEmulator
from devices.rig import PtyRig
from ground.clock import Clock, RealClock
from ground.logbook import MemoryLogbook
from kiosk.device_stage import _CARD_EVERY_S as POLL_EVERY_S
from kiosk.journey import events as ev
from kiosk.journey import views
from tools.assemble import Terminal, assemble

ROUNDS = 15
_PUMP_EVERY_S = 1 / 30  # screens.app.PUMPS_PER_S, which cannot be imported without Kivy
_PATIENCE_S = 60.0  # for one view to come; a busy machine may take its time
_TO_THE_READER: tuple[ev.CitizenEvent, ...] = (ev.Start(), ev.ChooseMatter("N02"), *[ev.Continue()] * 3)


@dataclass(frozen=True, slots=True)
class Identified:
    """One card. Seconds."""

    waited_s: float  #: from the card to the first question that the reader heard
    shown_s: float  #: from that question to the scene with the masked name

    @property
    def whole_s(self) -> float:
        """From the card to the masked name."""
        return self.waited_s + self.shown_s


def measure(rounds: int = ROUNDS) -> list[Ratio]:
    """Against the wire time of the bytes and the polling interval; some ten seconds."""
    cards = card_to_masked_name(rounds)
    whole = median(card.whole_s for card in cards)
    slowest = max(card.whole_s for card in cards)
    waited, shown = median(card.waited_s for card in cards), median(card.shown_s for card in cards)
    return [
        Ratio(
            "visit: card laid down to masked name / wire time + polling interval",
            whole / (WIRE_S + POLL_EVERY_S),
            limit=1.0,  # who lays a card down waits half an interval on average, so half of it is to spare
            detail=f"{whole * 1e3:.0f} ms (slowest {slowest * 1e3:.0f}), of that {waited * 1e3:.0f} until asked"
            f" / {WIRE_S * 1e3:.0f} + {POLL_EVERY_S * 1e3:.0f} ms",
        ),
        Ratio(
            "visit: first question to masked name / wire time + one pump",
            shown / (WIRE_S + _PUMP_EVERY_S),
            limit=1.05,  # half a pump on average; the rest is for driver, worker and journey
            detail=f"{shown * 1e3:.0f} ms / {WIRE_S * 1e3:.0f} + {_PUMP_EVERY_S * 1e3:.0f} ms",
        ),
    ]


def card_to_masked_name(rounds: int) -> list[Identified]:
    """Lay the card down `rounds` times, each time a little later within the polling interval."""
    clock = RealClock()
    reader = WitnessedReader(clock)
    with (
        tempfile.TemporaryDirectory(prefix="bench-visit-") as name,
        PtyRig(reader, Path(name) / "id-card", paced_baud=BAUD) as rig,
    ):
        terminal = assemble(_configuration(Path(name), rig.url), clock, MemoryLogbook())
        terminal.begin()
        try:
            face = PumpedFace(terminal, clock)
            for event in _TO_THE_READER:
                face.touch(event)
            return [_identified(face, reader, clock, (at + 0.5) / rounds) for at in range(rounds)]
        finally:
            terminal.end()


class WitnessedReader(SdtEmulator):
    """The emulated reader whose chip thinks for no time; notes when it is first asked about a card."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.find_s = self.select_s = self.read_s = self.answer_s = 0.0
        self.asked_at: float | None = None

    def lay_card(self) -> None:
        """Put the card down."""
        self.asked_at = None
        self.card_on = True

    def receive(self, data: bytes) -> None:
        """See `SerialEmulator`."""
        if self.asked_at is None and self.card_on:
            self.asked_at = self.clock.instant()
        super().receive(data)


class PumpedFace:
    """Drives a terminal as the face does, without drawing."""

    def __init__(self, terminal: Terminal, clock: Clock) -> None:
        self._terminal, self._clock = terminal, clock
        self._next = clock.instant()
        self.scene = terminal.pump()

    def pump_until(self, there: Callable[[], bool]) -> None:
        """Pump at the face's pace until `there`. Raises `TimeoutError` when it does not come."""
        limit = self._clock.after(_PATIENCE_S)
        while not there():
            if self._clock.due(limit):
                raise TimeoutError(f"the terminal still shows {type(self.scene.view).__name__}")
            self._clock.wait(self._clock.left(self._next))
            self._next = self._clock.after(_PUMP_EVERY_S)
            self.scene = self._terminal.pump()

    def touch(self, event: ev.CitizenEvent) -> None:
        """Touch the scene that is seen, and see the next one."""
        seen = self.scene.number
        self._terminal.touch(event, seen)
        self.pump_until(lambda: self.scene.number != seen)

    def shows(self, view: type[views.View]) -> bool:
        """Whether such a view is seen."""
        return isinstance(self.scene.view, view)


def _identified(face: PumpedFace, reader: WitnessedReader, clock: Clock, phase: float) -> Identified:
    """One card, laid down when the share `phase` of a polling interval has passed; then back, for the next.

    The reader is seen empty before; a card laid down earlier would be taken for the last one, which is to be lifted.
    """
    face.pump_until(lambda: face.scene.view == views.PlaceCard())
    lay_at = clock.after(POLL_EVERY_S * (1 + phase))
    face.pump_until(lambda: clock.due(lay_at))
    laid_at = clock.instant()
    reader.lay_card()
    face.pump_until(lambda: face.shows(views.ConfirmIdentity))
    shown_at = clock.instant()
    assert isinstance(face.scene.view, views.ConfirmIdentity)
    assert "*" in face.scene.view.name
    assert reader.asked_at is not None
    reader.card_on = False
    face.touch(ev.Back())
    return Identified(waited_s=reader.asked_at - laid_at, shown_s=shown_at - reader.asked_at)


def _configuration(folder: Path, reader: str) -> TerminalConfig:
    return TerminalConfig.model_validate(
        {
            "site": {"name": "示例"},
            "terminal": {"id": "bench", "name": "bench"},
            "platform": {
                "url": "http://127.0.0.1:9",  # nothing is uploaded here
                "recipients": [str(pyrage.x25519.Identity.generate().to_public())],
            },
            "storage": {"data_folder": folder},
            "devices": {
                "id_card": {"driver": "sdt", "url": reader, "baud": BAUD},
                # nothing is photographed; but without any camera the matter could not be begun
                "document_camera": {"driver": "opencv", "url": f"folder:{_sheets(folder)}"},
            },
        }
    )


def _sheets(folder: Path) -> Path:
    """A folder with one small picture, which is all the camera there is."""
    sheets = folder / "sheets"
    sheets.mkdir(exist_ok=True)
    cv2.imwrite(str(sheets / "1.png"), np.full((480, 640, 3), 200, np.uint8))
    return sheets
