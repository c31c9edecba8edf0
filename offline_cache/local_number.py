"""The number that a citizen is given before the platform has given one, such as T-000123-7.

`<letters>-<counter>-<check>`: letters of the terminal (`[A-Z]{1,4}`, from its settings, so that two
machines in one hall differ), a counter that never goes back and needs no clock (six digits, more when they
run out), and one check digit after Damm, which catches every single wrong digit and every swap of
neighbours, as read out over a telephone.
"""

import re
from pathlib import Path

from ground.durable import write_whole
from offline_cache.durable import exclusive, translated

PATTERN = re.compile(r"([A-Z]{1,4})-([0-9]{6,})-([0-9])")

# H. Michael Damm, "Total anti-symmetrische Quasigruppen", Marburg 2004: the quasigroup of order 10.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def format_local_number(letters: str, counter: int) -> str:
    """`counter` as a local number of the terminal with these `letters`. Raises ValueError for unfit ones."""
    digits = f"{counter:06d}"
    number = f"{letters}-{digits}-{check_digit(digits)}"
    if not is_local_number(number):
        raise ValueError(f"letters must be one to four of A-Z, the counter not negative: {number}")
    return number


def is_local_number(text: str) -> bool:
    """Whether `text` is well formed and its check digit is right."""
    found = PATTERN.fullmatch(text)
    return found is not None and check_digit(found[2]) == int(found[3])


def check_digit(digits: str) -> int:
    """The Damm check digit of decimal `digits`."""
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return interim


class Ceiling:
    """The number that the counter has not passed yet, in a file of its own beside the database.

    A counter that is lost with its database goes on above it, so that no citizen ever gets the number of another.
    So does each boot, since a power cut may have taken back a number that was given. The file is written once in
    `STEP` numbers; what was left of them is skipped.
    """

    STEP = 10  # chosen: one file synced for ten cases costs little, and so does a gap of ten at each boot

    def __init__(self, file: Path) -> None:
        self._file = file
        self._covered: int | None = None

    def value(self) -> int:
        """The ceiling as it stands on the disk; 0 when there is none. Raises `CacheError` when it cannot be read."""
        with translated(self._file):
            try:
                return int(self._file.read_text(encoding="ascii"))
            except (FileNotFoundError, ValueError):
                return 0

    def cover(self, number: int) -> None:
        """Return when `number` is durably below the ceiling. Raises `CacheError`."""
        if self._covered is None:
            self._covered = self.value()
        if number <= self._covered:
            return
        with exclusive(self._file.with_name(f"{self._file.name}.lock")), translated(self._file):
            raised = max(number, self.value()) + self.STEP
            write_whole(self._file, f"{raised}\n")
        self._covered = raised
