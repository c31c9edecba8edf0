"""What can go wrong between "hand in" and "delivered". A class exists only where somebody catches it
differently.

As with devices: the docstring's first line is the message, details are keyword facts for the log, and the
code is what a screen shows (`kiosk.words` holds the sentences). S… concerns this machine's disk, U… the way
to the platform.
"""

from typing import ClassVar

from ground.logbook import Fact


class CodedError(Exception):
    code: ClassVar[str]

    def __init__(self, **facts: Fact) -> None:
        self.facts: dict[str, Fact] = facts
        said = (type(self).__doc__ or "").strip().splitlines()[0]
        details = ", ".join(f"{name}={value}" for name, value in facts.items())
        super().__init__(f"{said} ({details})" if details else said)


class CacheError(CodedError):
    """The offline cache failed."""

    code = "S100"


class DiskFull(CacheError):
    """There is not enough room on the disk."""

    code = "S101"


class NotDurable(CacheError):
    """The disk did not confirm that what was written is safe."""

    code = "S102"


class NotAllowed(NotDurable):
    """Files of the data folder belong to another user; nothing is wrong with the disk itself."""

    code = "S112"


class Corrupt(CacheError):
    """What is on the disk is not what was written."""

    code = "S103"


class BadRecipient(CacheError):
    """There is no valid public key to seal to."""

    code = "S104"


class UnknownCase(CacheError):
    """No case in the outbox has this id."""

    code = "S105"


class AlreadyThere(CacheError):
    """The outbox holds this already, and what it holds is kept."""

    code = "S106"


class ReadOnlyDisk(NotDurable):
    """The disk takes no more writing; the system has set it read-only."""

    code = "S107"


class NewerDatabase(Corrupt):
    """The outbox's database was written by a newer release; nothing in it is touched."""

    code = "S120"


class DatabaseCorrupt(Corrupt):
    """The outbox's database is damaged; it can be rebuilt from the spool."""

    code = "S108"


class BadKey(CacheError):
    """The terminal's signing key, or one that it is to trust, is no key."""

    code = "S109"


class RecipientsExpired(CacheError):
    """Every public key that cases are sealed to has expired; what is sealed to them is kept and delivered."""

    code = "S110"


class WrongClock(CacheError):
    """The wall clock of this machine cannot be believed; what is dated meanwhile says so."""

    code = "S111"


class UploadError(CodedError):
    """Delivery to the platform failed."""

    code = "U100"


class Unreachable(UploadError):
    """The platform cannot be reached.

    The fact `why` tells the cases apart: dns, refused, timeout, cut, tls, proxy, stopping, network.
    """

    code = "U101"


class NameUnknown(Unreachable):
    """The platform's name could not be looked up.

    The fact `why`: dns.
    """

    code = "U114"


class ProxyTrouble(Unreachable):
    """The proxy on the way cannot be reached, or does not let this terminal through.

    The fact `why`: proxy.
    """

    code = "U115"


class Portal(UploadError):
    """Something other than the platform answers on the way, such as a login page.

    The fact `why`: html, redirect, not_ours, tls_name, login.
    """

    code = "U102"


class CertificateExpired(Unreachable):
    """The platform's certificate has expired or is not valid yet, or the clock of this machine is wrong.

    The fact `why`: tls_expired, tls_not_yet.
    """

    code = "U108"


class Untrusted(Unreachable):
    """The platform's certificate was not issued by whom this terminal trusts.

    The fact `why`: tls_issuer, tls_pin (the public key is another than the pinned one).
    """

    code = "U109"


class WrongName(Portal):
    """The certificate that was shown is another host's.

    The fact `why`: tls_name.
    """

    code = "U110"


class ServerTrouble(UploadError):
    """The platform is there but in trouble."""

    code = "U103"

    def __init__(self, *, retry_after_s: float | None = None, **facts: Fact) -> None:
        self.retry_after_s = (
            retry_after_s  #: what the platform asked for, seconds; None when it asked for nothing
        )
        super().__init__(retry_after_s=retry_after_s, **facts)


class Denied(UploadError):
    """The platform does not accept this terminal's credentials."""

    code = "U104"


class Revoked(Denied):
    """The platform has revoked this terminal; what it holds stays sealed."""

    code = "U111"


class Unsigned(Denied):
    """The platform does not accept this terminal's signature.

    The fact `platform_code` tells the cases apart: B461 to B465 of docs/backend-api.md.
    """

    code = "U112"


class Refused(UploadError):
    """The platform refused this for good."""

    code = "U105"


class Missing(UploadError):
    """The platform says that sealed files of the case are missing or damaged at its side."""

    code = "U106"

    def __init__(self, parts: tuple[str, ...], **facts: Fact) -> None:
        self.parts = parts  #: names of the parts, as in the envelope
        super().__init__(parts=",".join(parts), **facts)


class Garbled(UploadError):
    """The platform's reply makes no sense."""

    code = "U107"


class BadDownload(UploadError):
    """What was downloaded is not what the platform signed, or older than what is here; the old one stays.

    The fact `why`: signature, publisher, version, content, place, check.
    """

    code = "U113"
