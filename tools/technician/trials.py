"""The dated results of device tests: one JSON object a line in the data folder, appended and never changed."""

import json
import os
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from tools.technician.trial import Trial

FILE = "device_tests.jsonl"


def keep(folder: Path, trial: Trial) -> None:
    """Append `trial`; on disk on return. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    line = json.dumps({**asdict(trial), "at": trial.at.isoformat(timespec="seconds")}, ensure_ascii=False)
    descriptor = os.open(folder / FILE, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "ab+") as file:
        end = file.seek(0, os.SEEK_END)
        cut = end > 0 and os.pread(descriptor, 1, end - 1) != b"\n"  # by a power failure: not this line's too
        file.write((b"\n" if cut else b"") + line.encode("utf-8") + b"\n")
        file.flush()
        os.fsync(descriptor)


def kept(folder: Path) -> list[Trial]:
    """Every result, the oldest first; a line that was cut by a power failure is passed over."""
    path = folder / FILE
    if not path.is_file():
        return []
    found = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            told = json.loads(line)
            found.append(
                Trial(**{**told, "at": datetime.fromisoformat(told["at"]), "told": tuple(told["told"])})
            )
        except (ValueError, TypeError, KeyError):
            continue
    return found


def latest(folder: Path) -> dict[str, Trial]:
    """The last result of each device, by name."""
    return {trial.name: trial for trial in kept(folder)}
