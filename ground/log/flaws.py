"""What the check of a log can find: codes of what somebody did, and notes on what merely happened."""

import enum
from dataclasses import dataclass, field


class Code(enum.StrEnum):
    """What is wrong. The docstring of a member stands in docs/logbook.md; its sentences are `log.flaw.CODE`."""

    EDITED = "L101"
    """A record's content is not what its hash was made of."""
    NO_RECORD = "L102"
    """A line is no record, and no later record tells of torn bytes there."""
    BROKEN = "L103"
    """A record does not continue the one before it, though its number does."""
    GAP = "L104"
    """Records are missing in the middle."""
    REPEATED = "L105"
    """A record stands where a later number was due: repeated, or out of order."""
    FILE_MISSING = "L106"
    """A file is missing, or bears a name that is not its first record's number."""
    CUT = "L107"
    """Records are missing at the end, or before a healing that no power cut explains."""
    BAD_SEAL = "L108"
    """A seal's signature does not match."""
    FOREIGN = "L109"
    """A seal was made with a key that is not this terminal's."""
    UNSEALED = "L110"
    """The end has gone without a signature for longer than the terminal ever leaves it."""
    INDEX = "L111"
    """The index (`head`) is missing or harmed, so that a cut at the end could not be seen."""
    OTHER_TERMINAL = "L112"
    """A file belongs to another terminal's log."""
    DIFFERS = "L113"
    """The log is not the one that an earlier export was taken from."""


class Notice(enum.StrEnum):
    """What is told and is no flaw; its sentences are `log.note.NOTICE`."""

    POWER_CUT = "power_cut"  #: records since the last sync were lost, or a line was torn; healed
    NOT_HEALED = "not_healed"  #: the same, and nobody has written since
    LOST = "lost"  #: records that a full or read-only disk refused
    DELETED = "deleted"  #: older files, by rule
    KEY_CHANGED = "key_changed"  #: the terminal took a new key
    UNSIGNED = "unsigned"  #: no seal can be judged: no key is known, or the log is younger than the key
    INDEX_REBUILT = "index_rebuilt"  #: the index was behind the log when a writer came, or was made anew


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong, and where."""

    code: Code
    file: str
    line: int  #: from 1; 0: the whole file
    seq: int  #: number of the record, as it is or as it was due; 0: unknown
    said: str  #: details for an engineer, in English


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that happened."""

    notice: Notice
    file: str
    line: int
    seq: int
    count: int  #: records, bytes or files, as the notice has it


@dataclass(slots=True)
class Report:
    """What a check found."""

    files: int = 0
    records: int = 0
    first: int = 0  #: seq of the first record that is there
    last: int = 0
    hash: str = ""  #: of the last record: with `last` it names this state of the log
    sealed: int = 0  #: seq of the last good seal of a trusted key
    keys: list[str] = field(default_factory=list)  #: ids of all keys that sealed, in order
    flaws: list[Flaw] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Nothing is wrong."""
        return not self.flaws
