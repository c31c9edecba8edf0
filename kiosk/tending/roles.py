"""Who may do what on the glass. Nobody may do anything that is not in this table."""

import enum
from collections.abc import Mapping
from typing import Final


class Role(enum.StrEnum):
    """What somebody is to this terminal."""

    STAFF = "staff"  #: of the zone: paper and cleaning
    TECHNICIAN = "technician"  #: devices and configuration
    AUDITOR = "auditor"  #: reads the log, changes nothing


class Act(enum.StrEnum):
    """What can be done. Words `tending.act.<act>.name` and `.note`."""

    HEALTH = "health"
    REFILL = "refill"
    TESTS = "tests"
    ADJUST = "adjust"  #: single acts of setting up
    CLEAN = "clean"
    TRAINING = "training"
    VERSION = "version"
    LOG = "log"
    BUNDLE = "bundle"  #: for support, without personal data


MAY: Final[Mapping[Role, tuple[Act, ...]]] = {
    Role.STAFF: (Act.REFILL, Act.HEALTH, Act.CLEAN, Act.TRAINING),
    Role.TECHNICIAN: (
        Act.HEALTH,
        Act.TESTS,
        Act.REFILL,
        Act.ADJUST,
        Act.CLEAN,
        Act.VERSION,
        Act.BUNDLE,
        Act.TRAINING,
    ),
    Role.AUDITOR: (Act.LOG, Act.VERSION, Act.BUNDLE),
}

#: whose acts need the devices: the citizen's side lets go of them before the first one
TAKES_DEVICES: Final = frozenset({Role.STAFF, Role.TECHNICIAN})
