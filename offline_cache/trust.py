"""Whose certificate is believed: the system's authorities, or only those of a pinned file, or only pinned keys."""

import base64
import hashlib
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from offline_cache.errors import CertificateExpired, Unreachable, Untrusted, UploadError, WrongName


class PinMismatch(ssl.SSLError):
    """The certificate's public key is none of the pinned ones."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom this terminal believes."""

    ca_file: Path | None = None  #: PEM; then these authorities alone
    pins: tuple[
        str, ...
    ] = ()  #: base64 SHA-256 of SubjectPublicKeyInfo, as HPKP and curl write it; none: any key

    @property
    def verify(self) -> str | None:
        """For requests: the file, or None for its usual ways."""
        return None if self.ca_file is None else str(self.ca_file)

    def check(self, opened: Any) -> None:
        """Raise `PinMismatch` unless the peer of a TLS socket shows a pinned key, where keys are pinned."""
        if not self.pins:
            return
        shown = opened.getpeercert(binary_form=True)
        if shown is None or pin_of(shown) not in self.pins:
            opened.close()
            raise PinMismatch("the public key is another than the pinned one")


def pin_of(certificate: bytes) -> str:
    """The pin of a certificate in DER: base64 of the SHA-256 of its SubjectPublicKeyInfo."""
    key = x509.load_der_x509_certificate(certificate).public_key()
    info = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(info).digest()).decode("ascii")


def tls_fault(causes: Iterable[BaseException]) -> UploadError:
    """What the causes of a failed TLS handshake say about the platform's certificate."""
    for cause in causes:
        if isinstance(cause, PinMismatch):
            return Untrusted(why="tls_pin")
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _verdict(cause.verify_code)
    return Unreachable(why="tls")


def _verdict(code: int) -> UploadError:
    """`code`: OpenSSL's X509_V_ERR_… (x509_vfy.h)."""
    match code:
        case 9:
            return CertificateExpired(why="tls_not_yet")
        case 10:
            return CertificateExpired(why="tls_expired")
        case 62 | 64:  # host name, IP address: somebody else answers
            return WrongName(why="tls_name")
        case 18 | 19 | 20 | 21:  # self-signed, self-signed in the chain, issuer not found, first not verified
            return Untrusted(why="tls_issuer")
        case _:
            return Unreachable(why="tls")
