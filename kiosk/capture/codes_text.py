"""What the bytes of a code say: UTF-8 or the Chinese encodings, whether the symbol names its encoding or not.

Chinese issuers print GBK (GB 18030) into QR codes without saying so (no ECI); readers then guess Latin-1 or
Japanese. A symbol that names its encoding is taken at its word.
"""

import re

#: AIM ECI assignments → Python's codecs
_CODECS = {
    0: "cp437",
    1: "iso8859_1",
    2: "cp437",
    3: "iso8859_1",
    **{number: f"iso8859_{number - 2}" for number in (4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17, 18)},
    20: "shift_jis",
    21: "cp1250",
    22: "cp1251",
    23: "cp1252",
    24: "cp1256",
    25: "utf_16_be",
    26: "utf_8",
    27: "ascii",
    28: "big5",
    29: "gb18030",  # registered as GB 2312, which GB 18030 contains
    30: "euc_kr",
    31: "gbk",
    32: "gb18030",
    33: "utf_16_le",
    34: "utf_32_be",
    35: "utf_32_le",
    170: "ascii",
}
_WIDE = (25, 33, 34, 35)  # UTF-16 and UTF-32: bytes may be ASCII, the text is not
_FIRST_MARK = re.compile(rb"\\(\d{6})")
_MARKED = re.compile(rb"(\\\\)|\\(\d{6})|(\\|[^\\]+)")  # a backslash stands doubled, a mark is six digits
_KANJI = re.compile(rb"(?:[\x00-\x7f]|[\x81-\x9f\xe0-\xeb][\x40-\x7e\x80-\xfc])*")
_BESIDE_LATIN = re.compile(r"[A-Za-z][À-ſ]|[À-ſ][A-Za-z]")
_ONE_ALPHABET = re.compile(r"[Ά-ώ]+|[Ѐ-ё]+")
_FEW_HANZI = re.compile(rb"[\x81-\x9f]")


def text_of(raw: bytes, told: str) -> str:
    """The text of a symbol. `told` is zxing-cpp's HexECI form: the symbology's mark, then bytes with ECI marks.

    Bytes that are no text in any encoding come out as Latin-1, one character each, so that nothing is lost.
    """
    try:
        marked = bytes.fromhex(told)[3:]
    except ValueError:
        marked = raw
    first = _FIRST_MARK.match(marked)
    if raw.isascii() and (first is None or int(first[1]) not in _WIDE):
        return raw.decode("ascii")
    named = _named(marked) if first else None
    return guessed(raw) if named is None else named


def guessed(raw: bytes) -> str:
    """The text of bytes whose encoding nobody named."""
    utf8, chinese, kanji = (_decoded(raw, codec) for codec in ("utf_8", "gb18030", "shift_jis"))
    if utf8 is not None and (chinese is None or _plainly_utf8(utf8)):
        return utf8
    if kanji is not None and _KANJI.fullmatch(raw) and _FEW_HANZI.search(raw):
        return kanji
    for text in (chinese, utf8):
        if text is not None:
            return text
    return raw.decode("iso8859_1")


def _named(marked: bytes) -> str | None:
    """Decoded as the symbol's ECI marks say; None when they say "binary" or what is unknown here."""
    texts: list[str] = []
    codec: str | None = "iso8859_1"
    part = b""
    for literal, number, plain in [*_MARKED.findall(marked), (b"", b"000003", b"")]:
        part += b"\\" if literal else plain
        if number:
            text = None if codec is None else _decoded(part, codec)
            if text is None:
                return None
            texts.append(text)
            codec, part = _CODECS.get(int(number)), b""
    return "".join(texts)


def _decoded(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except UnicodeDecodeError:
        return None


def _plainly_utf8(text: str) -> bool:
    """Whether text read as UTF-8 is what somebody may have written, and not GBK that passes for it by chance.

    Two bytes of GBK can form a letter of UTF-8, but hardly one beside Latin letters, or a word of one alphabet.
    """
    beyond = "".join(character for character in text if ord(character) > 0x7F)
    if not beyond or any(ord(character) >= 0x800 for character in beyond):
        return True
    if all("\u00c0" <= character <= "\u017f" for character in beyond):
        return _BESIDE_LATIN.search(text) is not None
    return len(beyond) > 1 and _ONE_ALPHABET.fullmatch(beyond) is not None
