"""What of a citizen is left in the face's memory, and what a face that begins anew costs.

`python -m bench.face_memory` walks one whole visit on emulated devices, waits for the idle screen, and searches the
memory of the face's process for the invented citizen's number, name and telephone number in every way that Python,
SDL and the card write text. Beside it: the seconds that a fresh face takes from its start to its idle screen, which is
what letting the process end after each visit would cost. See docs/adr/0035. Needs Linux and the right to read the
process's memory (the same user, or root); takes some two minutes.
"""

import json
import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench.demo_face import DemoFace
from devices.emulators.sample_cards import WANG_XIAOMING
from ground.clock import RealClock
from tools.demo.demo import Demo
from tools.demo.story import STORY
from tools.demo.walk import Visit
from tools.demo.xserver import VirtualScreen

_PIECE = 16 * 1024 * 1024  # bytes that are searched at once
_LONGEST = 256  # bytes of a needle at most: pieces overlap by so much
#: Latin-1 or UCS-2/4 are Python's own, UTF-8 is SDL's and the wire's, UTF-16 the card's, GB18030 the printer's
_ENCODINGS = ("utf-8", "utf-16-le", "utf-32-le", "gb18030")
_SECRETS = {"number": WANG_XIAOMING.number, "name": WANG_XIAOMING.name, "telephone": "19900000001"}
_PAGE = b"\xff\xd8\xff\xe0\x00\x10JFIF"


def needles() -> dict[bytes, str]:
    """What is searched for → what it is."""
    return {text.encode(encoding): what for what, text in _SECRETS.items() for encoding in _ENCODINGS}


def found_in(process: int, wanted: dict[bytes, str]) -> Counter[str]:
    """How often each is found in the memory that the process can write. Raises OSError when it may not be read."""
    pattern = re.compile(b"|".join(re.escape(needle) for needle in wanted))
    counted: Counter[str] = Counter()
    for piece in _memory(process):
        counted.update(wanted[match] for match in pattern.findall(piece))
    return counted


def _memory(process: int) -> Iterator[bytes]:
    maps = Path(f"/proc/{process}/maps").read_text(encoding="ascii", errors="replace")
    with Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory:
        for line in maps.splitlines():
            place, rights = line.split()[:2]
            if "w" not in rights:
                continue
            at, end = (int(part, 16) for part in place.split("-"))
            while at < end:
                try:
                    piece = os.pread(memory.fileno(), min(_PIECE, end - at), at)
                except OSError:
                    break  # a device's memory
                if not piece:
                    break
                yield piece
                at += max(1, len(piece) - _LONGEST) if at + len(piece) < end else len(piece)


def main(arguments: list[str]) -> int:
    """One visit; one JSON line."""
    if arguments:
        print(__doc__, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(_measured(Demo(Path(folder) / "out", RealClock())), ensure_ascii=False))
    return 0


def _measured(demo: Demo) -> dict[str, object]:
    wanted = needles() | {_PAGE: "pictures"}
    demo.prepare()
    with demo.processes, VirtualScreen() as screen:
        demo.start_backend()
        demo.enrol()
        demo.start_cabinet()
        demo.start_uploader()
        face = DemoFace(demo, screen, "face")
        before = found_in(face.process.pid, wanted)
        visit = Visit(face.walk, demo.device, demo.clock, situations=STORY.situations, typed=STORY.typed)
        visit.until_receipt()
        during = found_in(face.process.pid, wanted)
        visit.after_receipt()
        face.walk.until(lambda look: look["view"] == "idle", "idle")
        after = found_in(face.process.pid, wanted)
        demo.processes.end("face")
        fresh = DemoFace(demo, screen, "fresh")
        renewed = found_in(fresh.process.pid, wanted)
    counts = {"before": before, "during": during, "after": after, "fresh": renewed}
    return {when: dict(count) for when, count in counts.items()} | {"start_s": [face.start_s, fresh.start_s]}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
