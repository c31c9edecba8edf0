"""`devices replay tape.jsonl`: what the driver makes of a recorded session today, verb by verb, as JSON.

Kept beside the tape, what it says is what a later driver must say of the same bytes (docs/how-to/mount-devices.md).
"""

import dataclasses
import enum
import functools
import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from devices.catalog import Device, driver
from devices.errors import DeviceError
from devices.wire.tape import Tape, play
from ground.clock import Clock, ManualClock
from kiosk.words import Words
from kiosk.workers import code_of
from tools.technician.fitted import built
from tools.technician.trial import tried

_LONGEST_HEX: Final = 32  # bytes that are told as they are; of more, length and digest tell one from another


def replayed(tape: Tape, words: Words) -> dict[str, Any]:
    """The device's test, run against `tape` on a clock of its own; nothing waits.

    `result` and `code` of the test, `answers` of the driver in their order (the same one in a row is counted), and
    `strayed`: where it did otherwise than when it was recorded. Raises KeyError for an unknown driver and
    pydantic's ValidationError for settings that the driver does not take any more.
    """
    entry = driver(tape.driver)
    clock = ManualClock(datetime.fromisoformat(tape.recorded_at)) if tape.recorded_at else ManualClock()
    strayed: list[str] = []
    url = play(tape, clock, strayed.append)
    settings: Any = entry.settings.model_validate({**tape.settings, "driver": tape.driver, "url": url})
    answers: list[dict[str, Any]] = []

    def witnessed(settings: Any, clock: Clock) -> Any:
        return Witness(built(settings, clock), answers)

    trial = tried(
        entry.kind, settings, words, clock, lambda line: None, lambda question: True, build=witnessed
    )
    return {
        "tape_sha256": digest(tape),
        "driver": tape.driver,
        "result": trial.result,
        "code": trial.code,
        "strayed": strayed,
        "answers": answers,
    }


def digest(tape: Tape) -> str:
    """Tells this tape from every other one, however its file's lines end."""
    return hashlib.sha256("\n".join(tape.lines()).encode("ascii")).hexdigest()


class Witness:
    """A device that notes what each of its verbs answered."""

    def __init__(self, device: Device, answers: list[dict[str, Any]]) -> None:
        self._device = device
        self._answers = answers

    def __getattr__(self, verb: str) -> Callable[..., Any]:
        """The device's verb, witnessed."""
        do = getattr(self._device, verb)

        @functools.wraps(do)
        def witnessed(*given: Any, **named: Any) -> Any:
            try:
                answer = do(*given, **named)
            except DeviceError as error:
                self._note({"verb": verb, "error": code_of(error)})
                raise
            self._note({"verb": verb, "answer": plain(answer)})
            return answer

        return witnessed

    def _note(self, said: dict[str, Any]) -> None:
        last = self._answers[-1] if self._answers else {}
        if {**last, "times": 1} == {**said, "times": 1}:
            last["times"] = last.get("times", 1) + 1
        else:
            self._answers.append(said)


def plain(value: Any) -> Any:
    """`value` in JSON's own kinds."""
    match value:
        case enum.Enum():
            return value.name.lower()
        case None | bool() | int() | float() | str():
            return value
        case bytes() if len(value) <= _LONGEST_HEX:
            return value.hex().upper()
        case bytes():
            return f"{len(value)} bytes, sha256 {hashlib.sha256(value).hexdigest()}"
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): plain(one) for key, one in value.items()}
        case set() | frozenset():
            return sorted((plain(one) for one in value), key=str)
        case Iterable():
            return [plain(one) for one in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return str(value)
