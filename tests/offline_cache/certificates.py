"""An authority of our own, and servers that show its certificates on loopback."""

import contextlib
import ipaddress
import json
import ssl
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from ground.clock import RealClock

DAY = timedelta(days=1)


class Authority:
    """Issues certificates; `file` is its own, as a terminal would pin it."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self._key = generate_private_key(SECP256R1())
        self.file = folder / f"{name}.pem"
        now = RealClock().now()
        made = self._builder(self._name, self._key, now - 10 * DAY, now + 10 * DAY)
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        made = made.add_extension(_usage(authority=True), critical=True)
        self.file.write_bytes(made.sign(self._key, SHA256()).public_bytes(Encoding.PEM))

    def _builder(
        self, subject: x509.Name, key: EllipticCurvePrivateKey, begins: datetime, ends: datetime
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(ends)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False
            )
        )

    def issue(self, host: str, *, begins_days: float = -1, ends_days: float = 1) -> tuple[Path, bytes]:
        """A file with a key and its certificate for `host`, and the certificate in DER."""
        key, now = generate_private_key(SECP256R1()), RealClock().now()
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        with contextlib.suppress(ValueError):
            address: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(host))
        if not host[0].isdigit():
            address = x509.DNSName(host)
        made = self._builder(subject, key, now + begins_days * DAY, now + ends_days * DAY)
        made = made.add_extension(x509.SubjectAlternativeName([address]), critical=False)
        made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        certificate = made.sign(self._key, SHA256())
        file = self._folder / f"{certificate.serial_number:x}.pem"
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(secret + certificate.public_bytes(Encoding.PEM))
        return file, certificate.public_bytes(Encoding.DER)


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


class Healthy(BaseHTTPRequestHandler):
    """Answers everything as the platform's `GET /health`."""

    heard: list[str | None] = []  #: the Authorization of each request

    def do_GET(self) -> None:
        self.heard.append(self.headers.get("Authorization"))
        body = json.dumps(
            {"service": "joint-service", "status": "ok", "version": "1", "time": "2026-11-21T02:00:00Z"}
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up in the handshake is what these tests are about."""


@contextlib.contextmanager
def showing(file: Path) -> Iterator[str]:
    """The address of a platform that shows the certificate in `file`, by IP address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server = _Server(("127.0.0.1", 0), Healthy)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
