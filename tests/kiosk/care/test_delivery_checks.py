"""What waits, over what, and whose certificates: good, bad, missing, unreadable."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from kiosk.care import delivery
from kiosk.care.codes import AUTHORITY_EXPIRED, CERTIFICATE_SOON, STUCK, WAITS_LONG
from offline_cache.items import ClockReading, ClockState, LinkState, OutboxStatus

NOW = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)


def status(
    *, stuck: int = 0, oldest_s: float | None = None, link: LinkState = LinkState.UP, code: str | None = None
) -> OutboxStatus:
    return OutboxStatus(
        waiting=2,
        sending=0,
        stuck=stuck,
        delivered=10,
        delivered_today=1,
        evaluations_waiting=1,
        messages_waiting=3,
        oldest_s=oldest_s,
        bytes_waiting=4_200_000,
        link=link,
        link_code=code,
        last_error=None,
        clock=ClockReading(state=ClockState.RIGHT, off_s=0.0, since=NOW),
    )


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (status(), ""),
        (status(oldest_s=3600), ""),
        (status(oldest_s=25 * 3600), WAITS_LONG),
        (status(stuck=1), STUCK),
        (status(stuck=1, oldest_s=25 * 3600), STUCK),
    ],
)
def test_what_waits_long_or_for_a_person_is_a_fault(told: OutboxStatus, code: str) -> None:
    found = delivery.queue(told, 24)
    assert found.code == code
    assert (found.facts["waiting"], found.facts["mb"]) == (6, "4.2")


def test_no_outbox_yet_is_no_fault() -> None:
    assert (delivery.queue(None, 24).said, delivery.link(None).said) == ("queue.none", "link.unknown")


@pytest.mark.parametrize(
    ("link", "code", "said", "fault"),
    [
        (LinkState.UP, None, "link.up", ""),
        (LinkState.LIMITED, None, "link.limited", ""),
        (LinkState.UNKNOWN, None, "link.unknown", ""),
        (LinkState.DOWN, "U114", "link.down", "U114"),
        (LinkState.DOWN, None, "link.down", "U101"),
        (LinkState.PORTAL, "U102", "link.portal", "U102"),
    ],
)
def test_the_link_with_its_cause(link: LinkState, code: str | None, said: str, fault: str) -> None:
    found = delivery.link(status(link=link, code=code))
    assert (found.said, found.code) == (said, fault)


@pytest.mark.parametrize(
    ("days", "soon"), [(90, ""), (30, ""), (29, CERTIFICATE_SOON), (0, CERTIFICATE_SOON)]
)
def test_the_platforms_certificate(days: int, soon: str) -> None:
    found = delivery.certificate(NOW + timedelta(days=days, hours=1), NOW, 30)
    assert (found.said, found.facts["days"], found.soon) == ("certificate.until", days, soon)


def test_a_platform_without_tls_or_one_that_was_not_reached() -> None:
    assert delivery.certificate(None, NOW, 30).said == "certificate.no_tls"
    assert delivery.certificate(None, NOW, 30, asked=False).said == "certificate.unasked"


def authority(until: datetime) -> bytes:
    """A certificate that signs itself, PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "示例机构")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW - timedelta(days=1000))
        .not_valid_after(until)
        .sign(key, SHA256())
    )
    return made.public_bytes(Encoding.PEM)


@pytest.mark.parametrize(
    ("days", "code", "soon"),
    [
        ((400,), "", ""),
        ((400, 10), "", CERTIFICATE_SOON),
        ((400, -10), "", CERTIFICATE_SOON),  # the other one still counts
        ((-10,), AUTHORITY_EXPIRED, ""),
    ],
)
def test_the_authorities_that_are_believed(
    tmp_path: Path, days: tuple[int, ...], code: str, soon: str
) -> None:
    file = tmp_path / "ca.pem"
    file.write_bytes(b"".join(authority(NOW + timedelta(days=each)) for each in days))
    found = delivery.authorities(file, NOW, 30)
    assert (found.code, found.soon, found.facts["count"]) == (code, soon, len(days))


@pytest.mark.parametrize(
    "content", [None, b"", b"-----BEGIN CERTIFICATE-----\nnot base64\n-----END CERTIFICATE-----\n"]
)
def test_a_file_of_authorities_that_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_bytes(content)
    assert delivery.authorities(file, NOW, 30).code == AUTHORITY_EXPIRED


def test_where_the_system_is_believed() -> None:
    assert delivery.authorities(None, NOW, 30).said == "authorities.system"
