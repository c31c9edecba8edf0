"""Lines of Chinese: where they may end, how wide they are, and that nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.receipt_printer.columns import clusters, printable, width, wrap

chinese = st.text(st.sampled_from("天门市政务服务，。、；：？！（）《》“”a1 -/.\n"), max_size=120)
anything = st.text(max_size=200)


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("abc", 3), ("天门", 4), ("天a门", 5), ("￥12.50", 7), ("·", 2), ("e\u0301a", 2), ("𠮷", 2)],
)
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("天门市政务服务", 8, ["天门市政", "务服务"]),
        ("天门市政。务服务", 8, ["天门市", "政。务服", "务"]),  # 。 may not begin a line
        ("天门市（政务）", 8, ["天门市", "（政务）"]),  # （ may not end one
        ("共 15 个工作日", 8, ["共 15 个", "工作日"]),
        ("see example.invalid/a", 12, ["see", "example.inva", "lid/a"]),
        ("one two three", 8, ["one two", "three"]),
        ("甲\n\n乙", 8, ["甲", "", "乙"]),
        ("", 8, [""]),
        ("！！！！！！", 4, ["！！", "！！", "！！"]),
    ],
)
def test_wrap(text: str, columns: int, lines: list[str]) -> None:
    assert wrap(text, columns) == lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("¥12", "￥12"),  # §4: U+00A5 would be four bytes
        ("a\u00a0b\u2003c\td", "a b c d"),
        ("全\u3000角", "全\u3000角"),
        ("x\x1b@\x10\x04\x01y\x7f", "x@y"),
        ("\u200b王\ufeff", "王"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("\ud842", "〓"),
    ],
)
def test_printable(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(anything)
def test_printable_is_final(text: str) -> None:
    assert printable(printable(text)) == printable(text)


@given(anything, st.integers(2, 48))
def test_no_line_is_too_long_and_nothing_is_lost(text: str, columns: int) -> None:
    shown = printable(text)
    lines = wrap(shown, columns)
    assert all(width(line) <= columns for line in lines)
    assert all("\n" not in line for line in lines)
    assert "".join(lines).replace(" ", "") == shown.replace("\n", "").replace(" ", "")
    assert "".join(clusters(shown)) == shown


@given(chinese, st.integers(12, 48))
def test_no_line_begins_with_a_closing_mark(text: str, columns: int) -> None:
    for paragraph in text.split("\n"):
        for line in wrap(paragraph, columns)[1:]:
            # a run of marks longer than a line has nowhere to go
            if line[:1] in "，。、；：？！）》”" and line:
                run = paragraph[: paragraph.find(line)]
                assert width(run[-8:]) >= 8 or not run
