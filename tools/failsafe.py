"""The rungs below a failed face: a fresh one with an apology, one that asks little, the plain page (ADR 0076)."""

import contextlib
import os
import secrets
import signal
import sys
import traceback
from pathlib import Path

from config.schema import Devices, TerminalConfig
from ground.clock import Clock
from ground.log.book import ChainedLogbook
from ground.logbook import Event
from kiosk.failsafe.ledger import CrashLedger, Ladder, Mode
from kiosk.failsafe.unforeseen import Unforeseen
from tools.assemble import Terminal
from tools.out import complain

_SORRY = "KIOSK_SORRY"  # the reference number of the fault that ended the process before this one
_FAILSAFE = "KIOSK_FAILSAFE"  # "raise" shows the error itself and counts nothing: for the demo and for tests
#: a face that fails so soon would fail again at once; where its crashes cannot be counted on the disk, the supervisor
#: counts them by exit code 70
_YOUNG_S = 5.0
_SOFTWARE = 70  # EX_SOFTWARE of sysexits.h
_END_S = 0.5  # chosen: what a device that hangs may add to the time until the apology
#: what a case cannot do without, and what keeps the machine itself; all else has another way, or waits
NEEDED = ("id_card", "document_camera", "receipt_printer", "ups", "watchdog")
#: states in which nobody is being served
_NOBODY = ("idle", "sorry")


def safe_config(config: TerminalConfig) -> TerminalConfig:
    """The same terminal with little that can fail: no optional device, no voice, no stick or phone, one look."""
    fitted = config.devices
    kept = {kind: getattr(fitted, kind) for kind in NEEDED}
    face, intake = config.face, config.intake
    return config.model_copy(
        update={
            "devices": Devices.model_construct(**(dict.fromkeys(Devices.model_fields) | kept)),
            "voice": config.voice.model_copy(update={"engine": "none"}),
            "intake": intake.model_copy(update={"phone": False, "stick": False}),
            "face": face.model_copy(update={"night_until": face.night_from}),
        }
    )


def ledger_of(config: TerminalConfig, clock: Clock) -> CrashLedger:
    """This terminal's book of crashes."""
    asked = config.failsafe
    ladder = Ladder(asked.crashes, asked.within_s, asked.calm_s)
    return CrashLedger(config.storage.data_folder, clock, ladder)


class Failsafe:
    """Goes with one life of the face, from its first line to its last."""

    def __init__(self, config: TerminalConfig, clock: Clock, logbook: ChainedLogbook) -> None:
        self._clock, self._logbook = clock, logbook
        self._plain_page_s = config.failsafe.plain_page_s
        self._ledger = ledger_of(config, clock)
        self._grown_up = clock.after(_YOUNG_S)
        self._counts = os.environ.get(_FAILSAFE) != "raise"
        self._asked_to_end = False
        self.mode: Mode = "usual"
        self.reference = ""  #: of what ended the life before this one; "" when nobody is to hear of it
        self.unforeseen = Unforeseen()

    def begin(self) -> None:
        """Look what the life before this one left; be told of what happens in threads, and of being ended."""
        self.reference = os.environ.pop(_SORRY, "")
        signal.signal(signal.SIGTERM, self._end_asked)
        if not self._counts:
            return
        self.unforeseen.watch_threads()
        was_safe = self._ledger.standing().safe_since is not None
        self.mode, left = self._ledger.begin()
        if left:
            number = new_reference()
            self.reference = number if left == "visit" else self.reference
            self._logbook.write(Event.FACE_CUT, reference=number, served=left == "visit")
        if self.mode == "out":  # lives were cut, one after the other
            self._plain_page()
        if self.mode == "safe":
            self._logbook.write(Event.SAFE_MODE_ENTERED, again=was_safe)
        elif was_safe:
            self._logbook.write(Event.SAFE_MODE_LEFT)

    def _end_asked(self, *_: object) -> None:
        self._asked_to_end = True

    def over(self, terminal: Terminal) -> bool:
        """Whether this life is to end in order now; asked at each pump."""
        state = terminal.state
        self._ledger.visiting(state not in _NOBODY)
        calm = self.mode == "safe" and state == "idle" and self._ledger.calm()
        return self._asked_to_end or terminal.renewal.due or calm

    def finished(self) -> bool:
        """It ended in order. Whether a fresh one is to follow at once, as far as safe mode goes."""
        self._ledger.finished()
        return self.mode == "safe" and self._ledger.calm() and not self._asked_to_end

    def fell(self, error: Exception, terminal: Terminal | None) -> int:
        """Wipe, note, and become a fresh process; returns the exit code where the supervisor decides."""
        wipe_the_glass()
        reference = new_reference()
        self._note(error, reference)
        mode = self._ledger.crashed() if self._counts else "usual"
        if terminal is not None:
            terminal.end(_END_S)
        self._logbook.flush(_END_S)  # its thread does not survive what follows
        if not self._counts:
            raise error
        if mode == "out":
            self._plain_page()
        if not self._ledger.kept and not self._clock.due(self._grown_up):
            complain(f"the face failed at its start ({type(error).__name__}); see {reference} in log/")
            return _SOFTWARE
        os.environ[_SORRY] = reference
        start_again()
        return _SOFTWARE

    def _note(self, error: Exception, reference: str) -> None:
        """The place, never the content."""
        trace = traceback.extract_tb(error.__traceback__)
        place = f"{Path(trace[-1].filename).name}:{trace[-1].lineno}" if trace else ""
        device = {"device": self.unforeseen.device} if self.unforeseen.device else {}
        kind = type(error).__name__
        self._logbook.write(Event.FAILSAFE, error=kind, place=place, reference=reference, **device)

    def _plain_page(self) -> None:
        """Become the page of last resort; after its time it becomes a face again, in safe mode. Does not return."""
        from tools.plain_page import for_a_while  # speaks X by itself, which a face does not

        self._ledger.finished()
        self._logbook.write(Event.PLAIN_PAGE_SHOWN, seconds=round(self._plain_page_s))
        self._logbook.flush()
        os.execv(sys.executable, for_a_while(self._plain_page_s, sys.orig_argv))


def new_reference() -> str:
    """Six digits, to be read out over a telephone."""
    return f"{secrets.randbelow(1_000_000):06d}"


def wipe_the_glass() -> None:
    """Take the window away, whatever state it is in; behind it the glass has one calm colour."""
    window = sys.modules.get("kivy.core.window")
    with contextlib.suppress(Exception):  # the process ends; what fails here fails on its way out
        if window is not None and window.Window is not None:
            window.Window.close()


def start_again() -> None:
    """Become a fresh process: the kernel wipes what this one held. Does not return."""
    from screens.input.pinyin import ENGINE

    ENGINE.forget()  # what the keyboard learned lies in shared memory, which outlives the process
    os.execv(sys.executable, sys.orig_argv)
