"""What the platform makes of signed requests. The signer here is a library that is neither the terminal's nor ours."""

import base64
import io
import itertools
import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSigner, HTTPSignatureKeyResolver
from http_message_signatures.algorithms import ED25519
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.clock import ManualClock
from backend.nonces import Nonces, Repeated, Stale
from backend.serve import LiveServer
from backend.settings import Settings
from backend.signing import Asked, Malformed, is_signed_by, key_id_of, parse_public, read_signature
from tests.backend.sealing_terminal import SealingTerminal, draft_case, sha256

COVERED = ("@method", "@path", "@query")
FIELDS = (
    "content-digest",
    "content-length",
    "content-type",
    "tus-resumable",
    "upload-length",
    "upload-metadata",
    "upload-offset",
)


class _Keys(HTTPSignatureKeyResolver):
    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private

    def resolve_private_key(self, key_id: str) -> Any:
        return self._private

    def resolve_public_key(self, key_id: str) -> Any:
        raise AssertionError("only signs")


class SigningTerminal(SealingTerminal):
    """A terminal that signs with a foreign library; every step can be bent."""

    def __init__(self, url: str, clock: ManualClock) -> None:
        super().__init__(url)
        self.private = Ed25519PrivateKey.generate()
        self.clock = clock
        self.off = timedelta()
        self.nonces = (f"n{number}" for number in itertools.count())
        self.signs = True

    @property
    def public(self) -> str:
        return base64.b64encode(self.private.public_key().public_bytes_raw()).decode()

    @property
    def key_id(self) -> str:
        return f"{self.terminal_id}:{sha256(self.private.public_key().public_bytes_raw())[:16]}"

    def enrol(self, code: str, name: str = "一号机") -> requests.Response:
        self.signs = False
        answer = self.ask(
            "POST", "/v1/terminals/enrol", json={"code": code, "name": name, "public_key": self.public}
        )
        if answer.ok:
            self.take(answer)
        self.signs = True
        return answer

    def take(self, answer: requests.Response) -> None:
        self.authorize(answer.json()["token"])
        self.terminal_id, self.recipients = answer.json()["terminal_id"], answer.json()["recipients"]

    def signed(self, method: str, path: str, **more: Any) -> requests.PreparedRequest:
        request = self.session.prepare_request(requests.Request(method, self.url + path, **more))
        streamed = method == "PATCH"
        body = request.body if not streamed and isinstance(request.body, bytes) else None
        signer = HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=_Keys(self.private))
        signer.sign(
            request,
            key_id=self.key_id,
            created=self.clock.now() + self.off,
            nonce=next(self.nonces),
            label="terminal",
            tag="joint-service",
            covered_component_ids=COVERED + tuple(name for name in FIELDS if name in request.headers),
            body=body,
        )
        return request

    def send_on(self, request: requests.PreparedRequest) -> requests.Response:
        return self.session.send(request, timeout=60)

    def ask(self, method: str, path: str, **more: Any) -> requests.Response:
        if not self.signs:
            return super().ask(method, path, **more)
        return self.send_on(self.signed(method, path, **more))


@pytest.fixture(scope="module")
def shared_clock() -> ManualClock:
    return ManualClock()


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory, shared_clock: ManualClock) -> Iterator[LiveServer]:
    folder = tmp_path_factory.mktemp("signed")
    with LiveServer(folder, clock=shared_clock, journal=io.StringIO()) as live:
        yield live


@pytest.fixture(scope="module")
def boss(live: LiveServer) -> Iterator[SealingTerminal]:
    with closing(SealingTerminal(live.url, live.operator_token)) as caller:
        yield caller


def code_of(boss: SealingTerminal) -> str:
    return str(boss.ask("POST", "/v1/operator/codes").json()["code"])


@pytest.fixture
def kiosk(live: LiveServer, boss: SealingTerminal, shared_clock: ManualClock) -> Iterator[SigningTerminal]:
    with closing(SigningTerminal(live.url, shared_clock)) as caller:
        answer = caller.enrol(code_of(boss))
        assert answer.ok, answer.text
        assert answer.json()["key_id"] == caller.key_id.partition(":")[2]
        yield caller


def told(answer: requests.Response) -> str:
    assert answer.status_code == 401
    return str(answer.json()["code"])


def test_a_whole_case_is_delivered_signed(kiosk: SigningTerminal) -> None:
    case = draft_case().seal(kiosk.recipients)
    kiosk.send_all(case)
    assert kiosk.hand_in(case).status_code == 201
    assert len(kiosk.files(case.case_id)) == len(case.sealed)


def test_without_a_signature_a_keyed_terminal_is_refused(kiosk: SigningTerminal) -> None:
    kiosk.signs = False
    assert told(kiosk.ask("GET", "/v1/terminal")) == "B462"


def test_what_was_sent_once_is_refused_the_second_time(kiosk: SigningTerminal) -> None:
    request = kiosk.signed("GET", "/v1/terminal")
    assert kiosk.send_on(request).status_code == 200
    assert told(kiosk.send_on(request)) == "B464"


def altered(request: requests.PreparedRequest, what: str) -> requests.PreparedRequest:
    match what:
        case "method":
            request.method = "POST"
        case "path":
            request.url = str(request.url).replace("/v1/files", "/v1/terminal")
        case "query":
            request.url = str(request.url).replace("case=", "case=x")
        case "nonce":
            request.headers["Signature-Input"] = request.headers["Signature-Input"].replace('"n', '"m')
        case "signature":
            request.headers["Signature"] = "terminal=:" + base64.b64encode(bytes(64)).decode() + ":"
        case "no signature":
            del request.headers["Signature"]
        case "garbled":
            request.headers["Signature-Input"] = "terminal=;;;"
        case "field added":
            request.headers["Upload-Offset"] = "7"
        case "for another purpose":
            request.headers["Signature-Input"] = request.headers["Signature-Input"].replace("joint", "other")
    return request


@pytest.mark.parametrize(
    "what",
    [
        "method",
        "path",
        "query",
        "nonce",
        "signature",
        "no signature",
        "garbled",
        "field added",
        "for another purpose",
    ],
)
def test_what_was_changed_on_the_way_is_refused(kiosk: SigningTerminal, what: str) -> None:
    request = altered(kiosk.signed("GET", "/v1/files?case=12345678"), what)
    answer = kiosk.send_on(request)
    if what == "method":  # POST of this path is another call, and is refused all the same
        assert answer.status_code in (401, 412)
    else:
        assert told(answer) == "B463"
    assert kiosk.ask("GET", "/v1/terminal").status_code == 200


def test_a_changed_body_is_refused(kiosk: SigningTerminal) -> None:
    case = draft_case().seal(kiosk.recipients)
    kiosk.send_all(case)
    request = kiosk.signed("PUT", f"/v1/cases/{case.case_id}", json=case.envelope)
    assert isinstance(request.body, bytes)
    request.body = request.body.replace(b"2026", b"2025")
    assert told(kiosk.send_on(request)) == "B463"


def test_a_patch_may_not_be_moved_within_its_file(kiosk: SigningTerminal) -> None:
    content = b"0123456789"
    location = kiosk.create("case-moved", "p01", content).headers["Location"]
    headers = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    request = kiosk.signed("PATCH", location, headers=headers, data=content[:5])
    request.headers["Upload-Offset"] = "5"
    assert told(kiosk.send_on(request)) == "B463"
    assert kiosk.patch(location, 0, content).status_code == 204


def test_other_bytes_in_a_streamed_patch_never_become_the_part(kiosk: SigningTerminal) -> None:
    case = draft_case().seal(kiosk.recipients)
    for part, content in case.sealed.items():
        location = kiosk.create(case.case_id, part, content).headers["Location"]
        headers = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
        request = kiosk.signed("PATCH", location, headers=headers, data=content)
        if part == "p01":
            request.body = bytes(len(content))
        kiosk.send_on(request)
    answer = kiosk.hand_in(case)
    assert (answer.status_code, answer.json()["missing"]) == (409, ["p01"])


@pytest.mark.parametrize("off_s", [-301, 301, -86400 * 365 * 56])
def test_a_wrong_clock_is_told_the_time(
    kiosk: SigningTerminal, shared_clock: ManualClock, off_s: int
) -> None:
    kiosk.off = timedelta(seconds=off_s)
    answer = kiosk.ask("GET", "/v1/terminal")
    assert told(answer) == "B461"
    assert datetime.fromisoformat(answer.json()["time"]) == shared_clock.now()
    kiosk.off = timedelta()
    assert kiosk.ask("GET", "/v1/terminal").status_code == 200


def test_a_strange_key_and_another_terminals_key_are_refused(
    kiosk: SigningTerminal, live: LiveServer, boss: SealingTerminal, shared_clock: ManualClock
) -> None:
    own = kiosk.private
    kiosk.private = Ed25519PrivateKey.generate()
    assert told(kiosk.ask("GET", "/v1/terminal")) == "B465"
    kiosk.private = own
    with closing(SigningTerminal(live.url, shared_clock)) as other:
        assert other.enrol(code_of(boss)).ok
        other.authorize(
            kiosk.session.headers["Authorization"].removeprefix("Bearer ")
        )  # its token was stolen
        assert told(other.ask("GET", "/v1/terminal")) == "B465"


def test_a_revoked_terminal_is_told_so_and_can_be_restored(
    kiosk: SigningTerminal, boss: SealingTerminal
) -> None:
    at = f"/v1/operator/terminals/{kiosk.terminal_id}"
    case = draft_case().seal(kiosk.recipients)
    kiosk.send_all(case)
    boss.ask("POST", f"{at}/revoke")
    answer = kiosk.hand_in(case)
    assert told(answer) == "B466"
    assert "restore" in answer.json()["detail"]
    assert boss.ask("POST", f"{at}/restore").json()["revoked_at"] is None
    assert boss.ask("POST", f"{at}/restore").status_code == 200
    assert kiosk.hand_in(case).status_code == 201  # nothing that was sent before is lost
    assert boss.ask("POST", "/v1/operator/terminals/T0/restore").status_code == 404


def test_a_key_is_changed_only_by_its_holder(kiosk: SigningTerminal) -> None:
    old, new = kiosk.private, Ed25519PrivateKey.generate()
    kiosk.private = new
    public = kiosk.public
    assert told(kiosk.ask("PUT", "/v1/terminal/key", json={"public_key": public})) == "B465"
    kiosk.private = old
    answer = kiosk.ask("PUT", "/v1/terminal/key", json={"public_key": public})
    assert answer.status_code == 200
    assert told(kiosk.ask("GET", "/v1/terminal")) == "B465"
    kiosk.private = new  # its answer was lost: asking again with the new key changes nothing
    assert kiosk.ask("PUT", "/v1/terminal/key", json={"public_key": public}).json() == answer.json()
    assert kiosk.ask("GET", "/v1/terminal").status_code == 200


def test_a_lost_key_is_forgotten_by_the_operator(kiosk: SigningTerminal, boss: SealingTerminal) -> None:
    rows = {row["terminal_id"]: row["key_id"] for row in boss.ask("GET", "/v1/operator/terminals").json()}
    assert rows[kiosk.terminal_id] == kiosk.key_id.partition(":")[2]
    for _ in range(2):
        answer = boss.ask("DELETE", f"/v1/operator/terminals/{kiosk.terminal_id}/key")
        assert answer.status_code == 204
    assert boss.ask("DELETE", "/v1/operator/terminals/T0/key").status_code == 404
    kiosk.signs = False
    assert kiosk.ask("GET", "/v1/terminal").status_code == 200
    kiosk.signs, kiosk.private = True, Ed25519PrivateKey.generate()
    assert kiosk.ask("PUT", "/v1/terminal/key", json={"public_key": kiosk.public}).ok
    kiosk.signs = False
    assert told(kiosk.ask("GET", "/v1/terminal")) == "B462"


def test_the_first_key_must_sign_its_own_giving(
    live: LiveServer, boss: SealingTerminal, shared_clock: ManualClock
) -> None:
    with closing(SigningTerminal(live.url, shared_clock)) as newcomer:
        newcomer.signs = False
        newcomer.take(
            newcomer.ask("POST", "/v1/terminals/enrol", json={"code": code_of(boss), "name": "two"})
        )
        assert newcomer.ask("GET", "/v1/terminal").status_code == 200  # the token alone, as ever
        assert told(newcomer.ask("PUT", "/v1/terminal/key", json={"public_key": newcomer.public})) == "B462"
        newcomer.signs = True
        foreign = base64.b64encode(Ed25519PrivateKey.generate().public_key().public_bytes_raw()).decode()
        assert told(newcomer.ask("PUT", "/v1/terminal/key", json={"public_key": foreign})) == "B465"
        assert newcomer.ask("PUT", "/v1/terminal/key", json={"public_key": newcomer.public}).ok
        assert newcomer.ask("PUT", "/v1/terminal/key", json={"public_key": "AAAA"}).status_code == 422


def test_signatures_can_be_demanded_of_all(tmp_path: Path) -> None:
    clock = ManualClock()
    strict = Settings(signatures="all")
    with (
        LiveServer(tmp_path / "p", clock=clock, settings=strict, journal=io.StringIO()) as live,
        closing(SealingTerminal(live.url, live.operator_token)) as boss,
        closing(SealingTerminal(live.url)) as old,
        closing(SigningTerminal(live.url, clock)) as new,
    ):
        assert old.enrol(code_of(boss)).ok
        assert told(old.ask("GET", "/v1/terminal")) == "B462"
        assert new.enrol(code_of(boss)).ok
        assert new.ask("GET", "/v1/terminal").ok


def test_a_proxys_prefix_is_part_of_what_was_signed(tmp_path: Path) -> None:
    clock = ManualClock()
    behind = Settings(public_url="https://ywt.example.cn/kiosk")
    with (
        LiveServer(tmp_path / "p", clock=clock, settings=behind, journal=io.StringIO()) as live,
        closing(SealingTerminal(live.url, live.operator_token)) as boss,
        closing(SigningTerminal(live.url, clock)) as kiosk,
    ):
        assert kiosk.enrol(code_of(boss)).ok
        request = kiosk.signed("GET", "/kiosk/v1/terminal")
        request.url = str(request.url).replace("/kiosk", "")  # as the proxy passes it on
        assert kiosk.send_on(request).status_code == 200


def test_a_restart_does_not_make_old_signatures_new(tmp_path: Path) -> None:
    clock, folder = ManualClock(), tmp_path / "p"
    with closing(SigningTerminal("", clock)) as kiosk:
        with (
            LiveServer(folder, clock=clock, journal=io.StringIO()) as live,
            closing(SealingTerminal(live.url, live.operator_token)) as boss,
        ):
            kiosk.url = live.url
            assert kiosk.enrol(code_of(boss)).ok
            heard = kiosk.signed("GET", "/v1/terminal")
            assert kiosk.send_on(heard).ok
        clock.turn(2)
        with LiveServer(folder, clock=clock, journal=io.StringIO()) as live:
            heard.url = f"{live.url}/v1/terminal"
            assert told(kiosk.send_on(heard)) == "B461"
            kiosk.url = live.url
            assert kiosk.ask("GET", "/v1/terminal").ok


def test_nonces_are_bounded_and_never_become_new_again() -> None:
    clock = ManualClock()
    nonces, start = Nonces(clock, window_s=100, most=10), int(clock.now().timestamp())
    for second in range(10):
        clock.turn(1)
        for number in range(3):
            nonces.spend("k", start + second + 1, f"n{number}")
    with pytest.raises(Stale):  # its second was forgotten for want of room
        nonces.spend("k", start + 1, "n0")
    with pytest.raises(Repeated):
        nonces.spend("k", start + 10, "n0")
    nonces.spend("other", start + 10, "n0")
    clock.turn(101)
    with pytest.raises(Stale):
        nonces.spend("k", start + 10, "fresh")


# --- reading a signature, without a server ---

RFC_PUBLIC = "JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs="  # RFC 9421 B.1.4, base64 instead of base64url
RFC_INPUT = (
    'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length")'
    ';created=1618884473;keyid="test-key-ed25519"'
)
RFC_SIGNATURE = (
    "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:"
)


def rfc_request(**fields: str) -> Asked:
    given = {
        "host": "example.com",
        "date": "Tue, 20 Apr 2021 02:07:55 GMT",
        "content-type": "application/json",
        "content-length": "18",
    } | fields
    return Asked("POST", "/foo", "param=Value&Pet=dog", given, b'{"hello": "world"}')


def test_the_signature_of_rfc_9421_b_2_6_is_good() -> None:
    # The RFC's example has no nonce, which we demand; so only base and signature are compared.
    asked = rfc_request()
    params = RFC_INPUT.partition("=")[2]
    covered = ("date", "@method", "@path", "@authority", "content-type", "content-length")
    with_nonce = {"signature-input": RFC_INPUT + ';nonce="n"', "signature": RFC_SIGNATURE}
    read = read_signature(rfc_request(**with_nonce), "sig-b26", tag="")
    assert (read.covered, read.created, read.key_id) == (covered, 1618884473, "test-key-ed25519")
    public = parse_public(RFC_PUBLIC)
    assert key_id_of(public) == sha256(public)[:16]
    assert is_signed_by(public, replace(read, params=params).base(asked), read.signature)
    assert not is_signed_by(public, read.base(asked), read.signature)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "terminal=()",
        'terminal=("@method")',
        'terminal=("@method");created=1;nonce="n"',
        'terminal=("@method");created=1;nonce="";keyid="k";tag="joint-service"',
        'terminal=("@method");created="1a";nonce="n";keyid="k";tag="joint-service"',
        'terminal=("@method");created=1;created=2;nonce="n";keyid="k";tag="joint-service"',
        'terminal=("@method" "@method");created=1;nonce="n";keyid="k";tag="joint-service"',
        'terminal=("@method");created=1;nonce="n";keyid="k";tag="joint-service";alg="hmac-sha256"',
        'terminal=("@method");created=1;nonce="n";keyid="k"',
        'other=("@method");created=1;nonce="n";keyid="k";tag="joint-service"',
        'terminal=("@method");created=1;nonce="n";keyid="k";tag="joint-service", ',
        'terminal=("@method");created=1;nonce="n";keyid="k";tag="joint-service" x',
        'terminal=("@method");created=1;nonce="n";keyid="k";tag="joint-service", ' * 2,
        "terminal=" + "(" * 9000,
    ],
)
def test_what_is_no_signature_is_said_to_be_none(said: str) -> None:
    asked = Asked("GET", "/", "", {"signature-input": said, "signature": "terminal=:AAAA:"}, b"")
    with pytest.raises(Malformed):
        read_signature(asked)


_BITS = st.sampled_from(
    [
        "terminal=",
        '("@method" "@path" "@query")',
        'terminal=("@method" "content-digest")',
        ";created=1",
        ';nonce="n"',
        ';keyid="k"',
        ';tag="joint-service"',
        *(", ", ":AAAA:", '"', "(", ")", ";", "\x00", "é", ":"),
    ]
)


@settings(max_examples=int(os.environ.get("KIOSK_EXAMPLES", "60")), deadline=None)
@given(
    st.lists(_BITS, max_size=14).map("".join), st.lists(_BITS, max_size=4).map("".join), st.binary(max_size=4)
)
def test_whatever_is_sent_is_read_or_malformed_and_nothing_else(
    said: str, signature: str, body: bytes
) -> None:
    asked = Asked(
        "GET", "/é", "", {"signature-input": said, "signature": signature, "content-digest": said}, body
    )
    try:
        read = read_signature(asked)
        read.demand_coverage(asked)
        read.base(asked)
    except Malformed as error:
        assert len(said) < 8 or said not in str(error)  # a refusal never quotes what was sent
    else:
        assert {"@method", "@path", "@query"} <= set(read.covered)


def test_a_signature_among_others_is_found() -> None:
    own = 'terminal=("@method" "@path" "@query");created=1;nonce="n,n";keyid="k";tag="joint-service"'
    fields = {
        "signature-input": f'proxy=("@method");created=2, {own}',
        "signature": "proxy=:AAAA:, terminal=:AAAA:",
    }
    assert read_signature(Asked("GET", "/", "", fields, b"")).nonce == "n,n"


def test_what_is_covered_must_be_there() -> None:
    fields = {
        "signature-input": 'terminal=("@method" "x-not-there");created=1;nonce="n";keyid="k";tag="joint-service"',
        "signature": "terminal=:AAAA:",
    }
    asked = Asked("GET", "/", "", fields, b"")
    signed = read_signature(asked)
    with pytest.raises(Malformed):
        signed.base(asked)
    with pytest.raises(Malformed):
        signed.demand_coverage(asked)
