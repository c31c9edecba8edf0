"""The suite `sm`: the standards' own vectors, what each half makes of the other's, and every way to spoil it."""

import hashlib
from pathlib import Path

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SM3, Hash
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.keys import CannotOpen, Identity, Keys
from config.load import load_config
from ground.clock import ManualClock
from offline_cache import sm_suite
from offline_cache.drafts import OwnKey
from offline_cache.errors import Corrupt
from offline_cache.header import SealedFile
from offline_cache.items import CaseJob
from offline_cache.seal import Recipients, seal_to, unsealed
from tests.offline_cache.bench_terminal import BenchTerminal, a_case
from tools.downloads import known_recipients
from tools.logs import rules_of

_PIECE = sm_suite.PIECE_BYTES
#: GB/T 32907-2016, appendix A.1: key and plaintext are the same
_SM4_KEY = bytes.fromhex("0123456789abcdeffedcba9876543210")
#: RFC 8998, appendix A.1: SM4-GCM
_GCM_PLAIN = bytes.fromhex(
    "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
    "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa"
)
_GCM_SEALED = bytes.fromhex(
    "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
    "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
)


def _sm3(content: bytes) -> str:
    made = Hash(SM3())
    made.update(content)
    return made.finalize().hex()


def test_sm3_is_that_of_gb_t_32905() -> None:
    """GB/T 32905-2016, appendix A.1 and A.2; the log's hash is the same."""
    for content, expected in (
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ):
        assert _sm3(content) == expected
        assert hashlib.new("sm3", content).hexdigest() == expected


def test_sm4_is_that_of_gb_t_32907_and_rfc_8998() -> None:
    """One block, a million rounds shortened to one, and GCM with its tag."""
    block = Cipher(algorithms.SM4(_SM4_KEY), modes.ECB()).encryptor()
    assert block.update(_SM4_KEY).hex() == "681edf34d206965e86b3e94f536e4246"
    gcm = Cipher(algorithms.SM4(_SM4_KEY), modes.GCM(bytes.fromhex("00001234567800000000abcd"))).encryptor()
    gcm.authenticate_additional_data(bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2"))
    assert gcm.update(_GCM_PLAIN) + gcm.finalize() == _GCM_SEALED
    assert gcm.tag.hex() == "83de3541e4c2b58177e065a9bf7b62ec"


def test_keys_are_read_as_age_reads_them() -> None:
    identity = pyrage.x25519.Identity.generate()
    secret = sm_suite.raw_key(str(identity))
    public = X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()
    assert public == sm_suite.raw_key(str(identity.to_public()))
    said = str(identity.to_public())
    for spoilt in (said[:-1] + ("q" if said[-1] != "q" else "p"), said[:-3], "age1", ""):
        with pytest.raises(ValueError):
            sm_suite.raw_key(spoilt)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    """A platform that has changed its key once."""
    made = Keys(tmp_path_factory.mktemp("keys"))
    made.change_recipient(None)
    return made


@pytest.mark.parametrize("length", [0, 1, _PIECE - 1, _PIECE, _PIECE + 1, 2 * _PIECE, 2 * _PIECE + 7])
def test_the_platform_opens_what_the_terminal_seals(length: int, keys: Keys) -> None:
    content = bytes(index % 251 for index in range(length))
    other = str(pyrage.x25519.Identity.generate().to_public())
    for identity in keys.identities:
        sealed = seal_to(content, Recipients((other, identity.recipient), "sm"))
        assert sealed.startswith(sm_suite.MAGIC)
        assert keys.open(sealed) == content
        assert unsealed(sealed, identity.secret) == content


@settings(max_examples=60)
@given(st.data())
def test_whatever_is_spoilt_is_not_opened(keys: Keys, data: st.DataObject) -> None:
    sealed = seal_to(b"papers" * 20, Recipients((keys.recipient,), "sm"))
    at = data.draw(st.integers(0, len(sealed) - 1))
    how = data.draw(st.sampled_from(("flip", "cut", "more")))
    spoilt = {
        "flip": sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :],
        "cut": sealed[:at],
        "more": sealed + sealed[at:],
    }[how]
    with pytest.raises(CannotOpen):
        keys.open(spoilt)
    with pytest.raises(ValueError):
        unsealed(spoilt, keys.identities[-1].secret)


def test_pieces_cannot_be_moved_or_left_out(keys: Keys) -> None:
    sealed = seal_to(bytes(3 * _PIECE), Recipients((keys.recipient,), "sm"))
    body = len(sealed) - 3 * (_PIECE + 16)
    head, pieces = sealed[:body], [sealed[body + n * (_PIECE + 16) :][: _PIECE + 16] for n in range(3)]
    for order in ((1, 0, 2), (0, 1), (0, 2), (0, 0, 2)):
        with pytest.raises(CannotOpen):
            keys.open(head + b"".join(pieces[n] for n in order))
    stranger = Identity(str(pyrage.x25519.Identity.generate()), None)
    with pytest.raises(Corrupt):
        OwnKey(stranger.secret).open(sealed)


def test_a_queue_of_both_suites_is_named_and_opened(terminal: BenchTerminal, keys: Keys) -> None:
    suites = []
    for suite in ("international", "sm", "international"):
        to = Recipients((keys.recipient,), suite)  # type: ignore[arg-type]
        terminal.outbox._recipients_now = lambda to=to: to  # type: ignore[misc]
        terminal.hand_in(a_case(pages=1))
    for job in terminal.outbox.open_jobs():
        assert isinstance(job, CaseJob)
        suites.append(job.envelope().get("sealing", "age"))
        for part in job.parts:
            with SealedFile(terminal.spool.folder / part.file) as file:
                assert keys.open(file.read())
    assert suites == ["age", "sm", "age"]
    claimed = terminal.outbox.claim(60)
    assert isinstance(claimed, CaseJob) and "sealing" not in claimed.envelope()


def test_one_word_of_the_configuration(tmp_path: Path) -> None:
    file = tmp_path / "terminal.toml"
    recipient = str(pyrage.x25519.Identity.generate().to_public())
    file.write_text(
        f'[site]\nname = "x"\n[terminal]\nid = "T-1"\nname = "x"\n[platform]\nurl = "http://127.0.0.1:9"\n'
        f'recipients = ["{recipient}"]\n[storage]\ndata_folder = "{tmp_path}"\n[security]\nsuite = "sm"\n',
        encoding="utf-8",
    )
    config = load_config(file, None, {})
    known = known_recipients(config, ManualClock())()
    assert known is not None and known.suite == "sm"
    assert rules_of(config).hashes == "sm3"
