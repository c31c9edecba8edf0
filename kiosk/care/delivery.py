"""What waits to be sent and over what: queue, link, certificates."""

from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from kiosk.care.check import Found
from kiosk.care.codes import AUTHORITY_EXPIRED, CERTIFICATE_SOON, STUCK, WAITS_LONG
from offline_cache.items import LinkState, OutboxStatus

_LONGEST_FILE = 4_000_000  # bytes of a file of authorities; Debian's of all the world's is 220 kB
_UP = (LinkState.UP, LinkState.LIMITED, LinkState.UNKNOWN)


def queue(status: OutboxStatus | None, oldest_hours: int) -> Found:
    """What waits: how much, how long, and what waits for a person."""
    if status is None:
        return Found("queue.none")
    hours = 0.0 if status.oldest_s is None else status.oldest_s / 3600
    facts = {
        "waiting": status.waiting + status.evaluations_waiting + status.messages_waiting,
        "stuck": status.stuck,
        "hours": f"{hours:.1f}",
        "mb": f"{status.bytes_waiting / 1e6:.1f}",
    }
    code = STUCK if status.stuck else WAITS_LONG if hours > oldest_hours else ""
    return Found("queue.waits", facts, code=code)


def link(status: OutboxStatus | None) -> Found:
    """The way to the platform as the uploader found it last."""
    if status is None or status.link is LinkState.UNKNOWN:
        return Found("link.unknown")
    return Found(f"link.{status.link.value}", code="" if status.link in _UP else status.link_code or "U101")


def certificate(until: datetime | None, now: datetime, soon_days: int, *, asked: bool = True) -> Found:
    """The platform's certificate, as it was shown just now; that it is expired, the connection itself says (U108)."""
    if not asked:
        return Found("certificate.unasked")
    if until is None:
        return Found("certificate.no_tls")
    days = (until - now).days
    facts = {"days": days, "until": f"{until:%Y-%m-%d}"}
    return Found("certificate.until", facts, soon=CERTIFICATE_SOON if days < soon_days else "")


def authorities(file: Path | None, now: datetime, soon_days: int) -> Found:
    """Those in platform.ca_file: the one that ends first."""
    if file is None:
        return Found("authorities.system")
    try:
        with file.open("rb") as opened:
            known = x509.load_pem_x509_certificates(opened.read(_LONGEST_FILE))
    except (OSError, ValueError):
        return Found("authorities.unreadable", {"file": file.name}, code=AUTHORITY_EXPIRED)
    ends = [each.not_valid_after_utc.astimezone(UTC) for each in known]
    days = (min(ends) - now).days
    facts = {"count": len(ends), "days": days}
    if all(end <= now for end in ends):
        return Found("authorities.until", facts, code=AUTHORITY_EXPIRED)
    return Found("authorities.until", facts, soon=CERTIFICATE_SOON if days < soon_days else "")
