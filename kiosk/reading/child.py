"""The reading process: `python -m kiosk.reading.child CAP THREADS NICENESS`, pages on stdin, readings on stdout.

Not to be imported by the terminal. It confines itself before it sees a page (`confined`), keeps nothing of a page, and
what goes wrong is told by a code alone.
"""

import sys
from datetime import date
from typing import Any, BinaryIO

from kiosk.reading.confined import cap_memory, end_with_parent, forbid_ways_out, step_back
from kiosk.reading.frames import BadFrame, packed, receive
from kiosk.reading.values import Kind, Reading

_SHORT = ("bad_alloc", "Failed to allocate", "Insufficient memory")
_MOST_PIXELS = 40_000_000  # three times the camera's 13 MP


def main(arguments: list[str]) -> int:
    """Serve until the terminal hangs up."""
    most_bytes, threads, niceness = (int(text) for text in arguments)
    pages, answers = sys.stdin.buffer, sys.stdout.buffer
    end_with_parent()
    step_back(niceness)
    cap_memory(most_bytes)
    try:
        from kiosk.reading.desk import Desk  # heavy, and what it needs must fit under the cap, too

        desk = Desk(threads)
        forbid_ways_out()
    except Exception as error:  # noqa: BLE001  the outermost loop: whatever it is, the terminal is told its name
        _tell(answers, {"failed": type(error).__name__})
        return 1
    _tell(answers, {"ready": True})
    while True:
        try:
            asked = receive(pages)
        except BadFrame:
            return 1
        if asked is None:
            return 0
        _tell(answers, _answered(desk, *asked))


def _answered(desk: Any, head: dict[str, Any], page: bytes) -> dict[str, Any]:
    try:
        pixels = desk.opened(page, _MOST_PIXELS)
        if pixels is None:
            return {"failed": "R104"}
        return told(desk.read(pixels, Kind(head["kind"]), date.fromisoformat(head["today"])))
    except Exception as error:  # noqa: BLE001  the outermost loop: a page that breaks a library must not end the process
        return {"failed": "R103" if _is_short_of_memory(error) else "R100"}


def _is_short_of_memory(error: Exception) -> bool:
    """ONNX runtime and OpenCV have their own words for it."""
    return isinstance(error, MemoryError) or any(word in str(error) for word in _SHORT)


def told(reading: Reading) -> dict[str, Any]:
    """A reading as JSON."""
    return {
        "fields": {name: (field.value, field.confidence) for name, field in reading.fields.items()},
        "kind_matches": reading.kind_matches,
        "warnings": [warning.value for warning in reading.warnings],
    }


def _tell(answers: BinaryIO, head: dict[str, Any]) -> None:
    answers.write(packed(head))
    answers.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
