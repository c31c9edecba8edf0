"""`devices record NAME tape.jsonl`: the test of one device, kept at the wire. A tape is a regression test to be."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from devices.catalog import driver
from devices.wire import open_wire, register_scheme
from devices.wire.tape import Entry, RecordingWire, Tape
from ground.clock import Clock
from kiosk.words import Words
from tools.technician.scrub import READS_PEOPLE, SCRUBBERS
from tools.technician.trial import Trial, tried

_SCHEME: Final = "record"


class NotRecorded(ValueError):
    """This device cannot be recorded so; the message says why, as a words key under `record.`."""


def recorded(
    name: str,
    settings: Any,
    words: Words,
    clock: Clock,
    say: Callable[[str], None],
    passed: Callable[[str], bool],
    *,
    test_media: bool,
) -> tuple[Tape, Trial]:
    """Run the device's test and keep what passed. Raises `NotRecorded`.

    `test_media`: whoever asks promises that no real card and no real code is used.
    """
    entry = driver(settings.driver)
    if entry.reach != "wire":
        raise NotRecorded("no_wire")
    scrub = SCRUBBERS.get(settings.driver)
    if name in READS_PEOPLE and scrub is None and not test_media:
        raise NotRecorded("people")
    kept: list[Entry] = []
    real = settings.url
    register_scheme(_SCHEME, lambda url, baud: RecordingWire(open_wire(real, baud), clock, kept.append))
    trial = tried(name, settings.model_copy(update={"url": f"{_SCHEME}://"}), words, clock, say, passed)
    entries = scrub(kept) if scrub is not None else kept
    tape = Tape(
        driver=settings.driver,
        baud=getattr(settings, "baud", 0) if isinstance(getattr(settings, "baud", 0), int) else 0,
        entries=tuple(entries),
        scrubbed=scrub is not None,
        recorded_at=clock.now().isoformat(timespec="seconds"),
        settings=settings.model_dump(mode="json", exclude_defaults=True, exclude={"driver", "url"}),
    )
    return tape, trial


def write_tape(path: Path, tape: Tape) -> None:
    """Write the file. Raises OSError."""
    path.write_text("".join(f"{line}\n" for line in tape.lines()), encoding="ascii")
