"""The gate: what a stranger's text may become, and that everything else becomes nothing."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.numbers import format_number
from kiosk.domain.scanned import (
    CaseNumber,
    FormSlot,
    MatterCode,
    Scanned,
    Unknown,
    WebAddress,
    classified,
    format_form_code,
    format_matter_code,
    typed_number,
)
from kiosk.receipt import qr_content
from offline_cache.local_number import format_local_number

NUMBER = format_number("429006", date(2026, 11, 21), 1)
LOCAL = format_local_number("TM", 123)


def other_check(number: str) -> str:
    return number[:-1] + ("0" if number[-1] != "0" else "1")


@pytest.mark.parametrize(
    ("text", "scanned"),
    [
        (qr_content(NUMBER), CaseNumber(NUMBER, local=False)),
        (qr_content(LOCAL), CaseNumber(LOCAL, local=True)),
        (qr_content("ZX-42"), CaseNumber("ZX-42", local=False)),  # a platform with numbers of another form
        (NUMBER, CaseNumber(NUMBER, local=False)),
        (LOCAL, CaseNumber(LOCAL, local=True)),
        ("TTF1:N02:00", FormSlot("N02", "00")),
        ("http://example.cn/a?b", WebAddress("http://example.cn/a?b")),
        ("HTTPS://example.cn", WebAddress("HTTPS://example.cn")),
        ("www.example.cn", WebAddress("www.example.cn")),
    ],
)
def test_what_is_known(text: str, scanned: Scanned) -> None:
    assert classified(text) == scanned


@pytest.mark.parametrize(
    "text",
    [
        "",
        qr_content(other_check(NUMBER)),
        qr_content(other_check(LOCAL)),
        other_check(NUMBER),
        other_check(LOCAL),
        qr_content(""),
        qr_content("../../etc"),
        qr_content("x" * 65),
        qr_content(NUMBER + "\n"),
        "tts1:" + NUMBER,
        "ZX-42",  # an unknown form, and nothing that says it is ours
        "TTF1:N02",
        "TTF1:N02:00:01",
        "TTF1:n02:00",
        "TTF1:N02:" + "0" * 9,
        "javascript:alert(1)",
        "file:///etc/passwd",
        "weixin://dl",
        "tel:110",
        "http://",
        "http://a b",
        "王小明 420106199001011234",
        "٤٢٩٠٠٦-٢٠٢٦١١٢١-٠٠٠٠٠١-٠",
    ],
)
def test_everything_else_is_unknown(text: str) -> None:
    assert classified(text) == Unknown(len(text))


@given(st.text(max_size=80) | st.builds("TTS1:{}".format, st.text(max_size=80)))
def test_any_text_is_something(text: str) -> None:
    scanned = classified(text)
    if isinstance(scanned, CaseNumber):
        assert scanned.number.isascii()
        assert len(scanned.number) <= 64


def test_a_long_address_is_cut_for_the_screen() -> None:
    scanned = classified("https://example.cn/" + "x" * 500)
    assert isinstance(scanned, WebAddress)
    assert len(scanned.shown) == 60
    assert scanned.shown.endswith("…")


def test_form_codes_go_both_ways() -> None:
    assert classified(format_form_code("N02", "05")) == FormSlot("N02", "05")
    with pytest.raises(ValueError, match="needed"):
        format_form_code("N02", "0:5")


def test_a_posters_code_names_a_matter_and_nothing_else() -> None:
    assert classified(format_matter_code("N02")) == MatterCode("N02")
    for text in ("TTM1:", "TTM1:n02", "TTM1:N02 ", "TTM1:N02:01", "TTM1:" + "N" * 500, "TTM1:../../x"):
        assert isinstance(classified(text), Unknown)
    with pytest.raises(ValueError):
        format_matter_code("not a code")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("429006202611210000010", "429006-20261121-000001-0"),
        ("429006-20261121-000001-0", "429006-20261121-000001-0"),
        ("429006 20261121 000001 0", "429006-20261121-000001-0"),
        ("429006202611210000011", ""),  # its check character is wrong
        ("42900620261121", ""),
        ("", ""),
        ("T-000001-3", ""),
    ],
)
def test_a_number_as_people_write_it(typed: str, number: str) -> None:
    assert typed_number(typed) == number
