"""What bytes say: Chinese issuers print GBK without saying so, and readers' guesses at it are wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.capture.codes import find_codes
from kiosk.capture.codes_text import guessed, text_of
from tests.kiosk.capture.codes_printed import printed


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "gbk"])
@pytest.mark.parametrize(
    "text", ["天门市政务服务中心", "受理编号：420000-12", "营业执照abc", "一", "喆珺", "Name 李明 2026"]
)
def test_chinese_comes_out_whole_without_an_eci(text: str, codec: str) -> None:
    (code,) = find_codes(printed(text.encode(codec)))
    assert (code.text, code.raw) == (text, text.encode(codec))


@pytest.mark.parametrize("kind", ["PDF417", "DataMatrix"])
def test_other_symbologies_carry_chinese_too(kind: str) -> None:
    (code,) = find_codes(printed("营业执照".encode("gb18030"), kind))
    assert code.text == "营业执照"


def test_four_byte_characters_of_gb18030() -> None:
    assert guessed("㐂𠮷".encode("gb18030")) == "㐂𠮷"


def test_gbk_that_passes_for_utf8_by_chance_is_chinese() -> None:
    """D0 A1 is 小 in GBK and С in UTF-8; D5 B2 is 詹, or an Armenian letter; C3 A8 is 猫, or è."""
    for text in ("小詹", "小", "一", "猫", "一猫"):
        raw = text.encode("gbk")
        assert raw.decode("utf-8") != text
        assert guessed(raw) == text


@pytest.mark.parametrize("text", ["café", "Привет", "Ελλάδα", "naïve façade"])
def test_other_alphabets_in_utf8_stay(text: str) -> None:
    assert guessed(text.encode()) == text


def test_bytes_that_are_no_text_are_kept_one_by_one() -> None:
    raw = bytes([0xFF, 0x00, 0x80, 0xC0])
    assert guessed(raw).encode("iso8859_1") == raw


def test_a_symbol_in_japanese_mode_is_taken_at_its_word() -> None:
    """zxing-cpp's own writer packs what it can in QR's kanji mode; 点茗 is 93 5F E4 AA there."""
    assert text_of(b"\x93\x5f\xe4\xaa", "5D5131935FE4AA") == "点茗"


@pytest.mark.parametrize(
    ("eci", "raw", "text"),
    [
        ("000003", b"\xce\xf1", "Îñ"),
        ("000029", b"\xce\xf1", "务"),
        ("000026", "务".encode(), "务"),
        ("000028", "務".encode("big5"), "務"),
        ("000020", b"\x93\x5f", "点"),
        ("000899", b"\xce\xf1", "务"),  # "binary": nobody said anything
        ("000777", b"\xce\xf1", "务"),  # unknown here
    ],
)
def test_a_named_encoding_is_taken_at_its_word(eci: str, raw: bytes, text: str) -> None:
    told = (b"]Q2\\" + eci.encode() + raw).hex()
    assert text_of(raw, told) == text


def test_encodings_may_change_within_a_symbol() -> None:
    told = (b"]Q2\\000029\xce\xf1\\000003\xe9\\\\x").hex()
    assert text_of(b"\xce\xf1\xe9\\x", told) == "务é\\x"


def test_a_printed_backslash_with_six_digits_is_no_mark() -> None:
    told = (b"]Q2\\000029\xce\xf1\\\\000003\xce\xf1").hex()
    assert text_of(b"\xce\xf1\\000003\xce\xf1", told) == "务\\000003务"


def test_utf16_that_looks_like_ascii() -> None:
    assert text_of(b"\x4e\x2d", (b"]Q2\\000025\x4e\x2d").hex()) == "中"


@given(st.binary(max_size=60), st.text(max_size=40))
def test_any_bytes_are_some_text(raw: bytes, told: str) -> None:
    assert isinstance(text_of(raw, told), str)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=30))
def test_any_hanzi_in_utf8(text: str) -> None:
    assert guessed(text.encode()) == text
