"""A terminal's signature: RFC 9421 to the letter, read by a verifier that is not ours, dated by the platform."""

import base64
import hashlib
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from http_message_signatures import HTTPMessageVerifier, HTTPSignatureKeyResolver, InvalidSignature
from http_message_signatures.algorithms import ED25519

from ground.clock import ManualClock, RealClock
from offline_cache.errors import BadKey
from offline_cache.keys import PublicKey, TerminalKey
from offline_cache.signing import RequestSigner, content_digest, signature_base, signature_params

#: RFC 9421 B.1.4 (test-key-ed25519): d and x of the JWK.
RFC_PRIVATE = base64.urlsafe_b64decode("n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU=")
RFC_PUBLIC = base64.urlsafe_b64decode("JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs=")
#: RFC 9421 B.2, the request of every example.
RFC_URL = "https://example.com/foo?param=Value&Pet=dog"
RFC_HEADERS = {
    "Date": "Tue, 20 Apr 2021 02:07:55 GMT",
    "Content-Type": "application/json",
    "Content-Length": "18",
}
URL = "https://platform.example:8443/kiosk/v1/cases/one?a=1&b=%20"


@pytest.fixture(scope="module")
def key() -> TerminalKey:
    return TerminalKey.new()


def test_rfc_9421_b_2_6_ed25519() -> None:
    key = TerminalKey(Ed25519PrivateKey.from_private_bytes(RFC_PRIVATE))
    assert base64.b64decode(key.public) == RFC_PUBLIC
    covered = ("date", "@method", "@path", "@authority", "content-type", "content-length")
    params = signature_params(covered, {"created": 1618884473, "keyid": "test-key-ed25519"})
    assert params == (
        '("date" "@method" "@path" "@authority" "content-type" "content-length")'
        ';created=1618884473;keyid="test-key-ed25519"'
    )
    base = signature_base("POST", RFC_URL, RFC_HEADERS, covered, params)
    assert base.decode() == (
        '"date": Tue, 20 Apr 2021 02:07:55 GMT\n'
        '"@method": POST\n'
        '"@path": /foo\n'
        '"@authority": example.com\n'
        '"content-type": application/json\n'
        '"content-length": 18\n'
        f'"@signature-params": {params}'
    )
    signed = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
    assert base64.b64encode(key.sign(base)).decode() == signed


@pytest.mark.parametrize(
    ("name", "url", "value"),
    [  # RFC 9421 2.2.3, 2.2.6, 2.2.7
        ("@authority", "https://www.EXAMPLE.com:443/path", "www.example.com"),
        ("@authority", "http://www.example.com:8080/", "www.example.com:8080"),
        ("@authority", "http://[2001:db8::1]:80/", "[2001:db8::1]"),
        ("@path", "https://www.example.com/path?param=value", "/path"),
        ("@path", "https://www.example.com", "/"),
        (
            "@query",
            "https://www.example.com/path?param=value&foo=bar&baz=bat%2Dman",
            "?param=value&foo=bar&baz=bat%2Dman",
        ),
        ("@query", "https://www.example.com/path?queryString", "?queryString"),
        ("@query", "https://www.example.com/path", "?"),
    ],
)
def test_derived_components_are_those_of_the_rfc(name: str, url: str, value: str) -> None:
    assert signature_base("GET", url, {}, [name], "()").decode().splitlines()[0] == f'"{name}": {value}'


def test_content_digest_is_that_of_rfc_9530() -> None:
    # RFC 9530 appendix B.1: the body with a line feed.
    body = b'{"hello": "world"}\n'
    assert content_digest(body) == "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"


class _Keys(HTTPSignatureKeyResolver):
    def __init__(self, key: TerminalKey) -> None:
        self._key = Ed25519PublicKey.from_public_bytes(base64.b64decode(key.public))

    def resolve_public_key(self, key_id: str) -> Any:
        return self._key

    def resolve_private_key(self, key_id: str) -> Any:
        raise AssertionError("only verified here")


def signed_request(key: TerminalKey, method: str, url: str, **more: Any) -> requests.PreparedRequest:
    signer = RequestSigner(key, "T0123", RealClock())
    request = requests.Request(method, url, **more).prepare()
    request.headers.update(signer.signed(method, str(request.url), request.headers, request.body))
    return request


@pytest.mark.parametrize(
    ("method", "more"),
    [
        ("GET", {}),
        ("PUT", {"data": b'{"schema": 1}', "headers": {"Content-Type": "application/json"}}),
        ("POST", {"headers": {"Upload-Length": "7", "Upload-Metadata": "case eA==,part cDAw"}}),
        ("PATCH", {"data": iter([b"streamed"]), "headers": {"Upload-Offset": "0"}}),
    ],
    ids=["get", "put", "post", "patch"],
)
def test_a_verifier_that_is_not_ours_reads_it(key: TerminalKey, method: str, more: dict[str, Any]) -> None:
    request = signed_request(key, method, URL, **more)
    verifier = HTTPMessageVerifier(signature_algorithm=ED25519, key_resolver=_Keys(key))
    (read,) = verifier.verify(request, expect_tag="joint-service", max_age=timedelta(minutes=5))
    assert {'"@method"', '"@path"', '"@query"'} <= set(read.covered_components)
    for name in ("content-digest", "content-length", "upload-offset", "upload-metadata"):
        assert (f'"{name}"' in read.covered_components) == (name in request.headers)
    assert read.parameters["keyid"] == f"T0123:{key.key_id}"
    request.method = "DELETE"
    with pytest.raises(InvalidSignature):
        verifier.verify(request, expect_tag="joint-service")


def test_each_signature_has_a_nonce_of_its_own(key: TerminalKey) -> None:
    signer = RequestSigner(key, "T0123", ManualClock())
    inputs = {signer.signed("GET", URL, {}, None)["Signature-Input"] for _ in range(64)}
    assert len(inputs) == 64


def test_a_wrong_clock_is_put_right_by_what_the_platform_tells(key: TerminalKey) -> None:
    clock = ManualClock(datetime(1970, 1, 1, 0, 5, tzinfo=UTC))
    signer = RequestSigner(key, "T0123", clock)

    def created() -> str:
        return (
            signer.signed("GET", URL, {}, None)["Signature-Input"].partition("created=")[2].partition(";")[0]
        )

    assert created() == "300"
    theirs = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
    assert signer.learns({"code": "B461", "time": theirs.isoformat()})
    assert created() == str(int(theirs.timestamp()))
    clock.turn(30)
    clock.set_wall(datetime(2099, 1, 1, tzinfo=UTC))  # a jump of the wall clock changes nothing any more
    assert created() == str(int(theirs.timestamp()) + 30)


@pytest.mark.parametrize(
    "said",
    [None, [], {}, {"code": "B401", "time": "2026-11-21T02:00:00Z"}, {"code": "B461"}, {"code": "B461", "time": 7},
     {"code": "B461", "time": "2026-11-21T02:00:00"}],
)  # fmt: skip
def test_nothing_else_moves_its_time(key: TerminalKey, said: object) -> None:
    assert not RequestSigner(key, "T0123", ManualClock()).learns(said)


def test_the_key_lies_private_and_comes_back(tmp_path: Path) -> None:
    file = tmp_path / "terminal.key"
    made = TerminalKey.new()
    made.save(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    read = TerminalKey.read(file)
    assert read is not None
    assert (read.public, read.key_id) == (made.public, made.key_id)
    assert made.key_id == hashlib.sha256(base64.b64decode(made.public)).hexdigest()[:16]
    assert PublicKey.parse(read.public).signed(b"said", made.sign(b"said"))
    assert not PublicKey.parse(read.public).signed(b"other", made.sign(b"said"))
    assert TerminalKey.read(tmp_path / "none") is None
    assert [path.name for path in tmp_path.iterdir()] == ["terminal.key"]


def test_what_is_no_key_is_told_so(tmp_path: Path) -> None:
    file = tmp_path / "terminal.key"
    file.write_text("AGE-SECRET-KEY-1")
    with pytest.raises(BadKey) as raised:
        TerminalKey.read(file)
    assert "AGE" not in str(raised.value)
    pem = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(pem)
    with pytest.raises(BadKey):
        TerminalKey.read(file)
    for text in ("", "AAAA", "not base64!"):
        with pytest.raises(BadKey):
            PublicKey.parse(text)
