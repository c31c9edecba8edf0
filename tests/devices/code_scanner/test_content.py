"""What is acceptable as the text of a code, and what it is that was read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.code_scanner import Code
from devices.code_scanner.content import Encoding, checked, split_symbology
from devices.errors import Garbled


@pytest.mark.parametrize(
    ("raw", "encoding", "text"),
    [
        (b"TTS1:T-000123-7", "utf-8", "TTS1:T-000123-7"),
        ("天门市 㐂𠮷".encode(), "utf-8", "天门市 㐂𠮷"),
        ("天门市 㐂𠮷".encode("gb18030"), "gb18030", "天门市 㐂𠮷"),
        ("天门市".encode(), "auto", "天门市"),
        ("天门市".encode("gb18030"), "auto", "天门市"),
        (b" ", "utf-8", " "),
    ],
)
def test_texts(raw: bytes, encoding: Encoding, text: str) -> None:
    assert checked(raw, encoding) == text


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (b"", "utf-8"),
        (b"x" * 17, "utf-8"),
        ("天门".encode("gb18030"), "utf-8"),  # the scanner is set wrongly
        (b"\xff", "auto"),
        (b"\xed\xa0\x80", "utf-8"),  # half a surrogate pair
        (b"a\x00b", "utf-8"),
        (b"a\x1bb", "utf-8"),
        (b"a\x1db", "utf-8"),  # the separator of GS1 codes
        (b"a\x7fb", "utf-8"),
        ("a\u202eb".encode(), "utf-8"),  # reads backwards from here
        ("a\u200bb".encode(), "utf-8"),  # is there and cannot be seen
        ("a\u2028b".encode(), "utf-8"),
        ("\ufeffa".encode(), "utf-8"),
        ("a\u0085b".encode(), "utf-8"),
    ],
)
def test_what_is_no_text(raw: bytes, encoding: Encoding) -> None:
    with pytest.raises(Garbled) as caught:
        checked(raw, encoding, max_bytes=16)
    assert set(caught.value.facts) == {"what", "why", "bytes"}, "what it said stays out of logs"


@given(st.binary(max_size=64), st.sampled_from(["utf-8", "gb18030", "auto"]))
def test_any_bytes_are_a_text_or_garbled(raw: bytes, encoding: Encoding) -> None:
    try:
        text = checked(raw, encoding)
    except Garbled:
        return
    assert text
    assert not any(character < " " for character in text)


@pytest.mark.parametrize(
    ("raw", "symbology", "rest"),
    [
        (b"]Q1TTS1:x", "QRCode", b"TTS1:x"),
        (b"]C0429006", "Code128", b"429006"),
        (b"]L2abc", "PDF417", b"abc"),
        (b"]d2abc", "DataMatrix", b"abc"),
        (b"]Z9abc", "other", b"abc"),
        (b"]Q", "", b"]Q"),
        (b"Q1abc", "", b"Q1abc"),
    ],
)
def test_the_symbology_in_front(raw: bytes, symbology: str, rest: bytes) -> None:
    assert split_symbology(raw) == (symbology, rest)


def test_a_code_does_not_show_its_text() -> None:
    assert "秘密" not in repr(Code("秘密", "QRCode", "秘密".encode()))
