"""What can be wrong with an update. The docstring is the message, the code is what a technician is shown."""

from offline_cache.errors import CodedError


class ReleaseError(CodedError):
    """The update failed."""

    code = "P100"


class NotReached(ReleaseError):
    """The repository of releases cannot be reached or read."""

    code = "P101"


class Untrusted(ReleaseError):
    """It is not signed by those whom this terminal trusts."""

    code = "P102"


class OlderOffered(ReleaseError):
    """An older state of the repository is offered than this terminal has seen."""

    code = "P103"


class Stale(ReleaseError):
    """The repository's word has expired: somebody may be withholding newer releases."""

    code = "P104"


class Mixed(ReleaseError):
    """The repository's files do not belong together."""

    code = "P105"


class WrongContent(ReleaseError):
    """A file is longer than, or other than, what was signed."""

    code = "P106"


class NoRoom(ReleaseError):
    """There is not enough room on the disk for another release."""

    code = "P107"


class Unfit(ReleaseError):
    """The package is signed, and yet nothing that this terminal can run."""

    code = "P108"


class Downgrade(ReleaseError):
    """It is older than the last good one: only a technician goes back, by `release rollback`."""

    code = "P109"


class NotHealthy(ReleaseError):
    """The new release did not prove healthy; the terminal returned to the last good one."""

    code = "P110"


class NothingThere(ReleaseError):
    """There is no such release here."""

    code = "P111"


class Busy(ReleaseError):
    """Another update is at work."""

    code = "P112"


class KeysMissing(ReleaseError):
    """The publisher's keys are missing, unreadable or too few."""

    code = "P113"
