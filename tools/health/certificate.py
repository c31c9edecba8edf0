"""The certificate of the health page: the configured one, or one that the terminal made for itself.

Nobody vouches for a self-made one: its fingerprint stands on the glass, and whoever opens the page compares it once.
"""

import ipaddress
import ssl
from datetime import timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from config.schema import TerminalConfig
from ground.clock import Clock
from offline_cache.durable import write_secret
from tools.health.near import Place

FILE, KEY = "health-certificate.pem", "health-key.pem"
_DAYS: Final = 3650  # chosen: as long as a cabinet serves; a new one would be compared anew
_LONGEST: Final = 64 * 1024


def files_of(config: TerminalConfig) -> tuple[Path, Path]:
    """Certificate and key: the configured, else those in the data folder, whether they are there or not."""
    view, folder = config.health_view, config.storage.data_folder
    if view.certificate is not None and view.key is not None:
        return view.certificate, view.key
    return folder / FILE, folder / KEY


def ready(config: TerminalConfig, where: Place, clock: Clock) -> tuple[Path, Path]:
    """The same, made where none is configured and none fits. Raises `CacheError`."""
    certificate, key = files_of(config)
    if config.health_view.certificate is None and not (key.is_file() and _fits(certificate, where)):
        _make(certificate, key, config.terminal.id, where, clock)
    return certificate, key


def fingerprint(certificate: Path) -> str:
    """SHA-256 as browsers show it; "" while there is none that can be read."""
    try:
        return _read(certificate).fingerprint(hashes.SHA256()).hex(":").upper()
    except (OSError, ValueError):
        return ""


def context(certificate: Path, key: Path) -> ssl.SSLContext:
    """TLS 1.2 or later. Raises OSError (`ssl.SSLError` is one)."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.load_cert_chain(certificate, key)
    return made


def _read(certificate: Path) -> x509.Certificate:
    with certificate.open("rb") as file:
        return x509.load_pem_x509_certificate(file.read(_LONGEST))


def _fits(certificate: Path, where: Place) -> bool:
    try:
        names = _read(certificate).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound):
        return False
    return ipaddress.ip_address(where.host) in names.get_values_for_type(x509.IPAddress)


def _make(certificate: Path, key: Path, terminal: str, where: Place, clock: Clock) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, terminal)])
    now = clock.now()
    address = x509.IPAddress(ipaddress.ip_address(where.host))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=_DAYS))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(private, hashes.SHA256())
    )
    write_secret(key, private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    write_secret(certificate, made.public_bytes(Encoding.PEM))
