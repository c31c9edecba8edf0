"""Chinese line breaking."""

from hypothesis import given
from hypothesis import strategies as st

from screens.widgets.wrapping import NOT_FIRST, NOT_LAST, break_lines


def em(text: str) -> float:
    """Every Chinese character is 10 wide, every other 5."""
    return sum(10 if ord(character) > 0x2000 else 5 for character in text)


def test_a_comma_never_starts_a_line() -> None:
    assert break_lines("纸张压平，四个角都要看得见", 40, em)[1][0] not in NOT_FIRST


def test_an_opening_bracket_never_ends_a_line() -> None:
    for line in break_lines("请把《房屋租赁合同》平放在灯下", 30, em)[:-1]:
        assert line[-1] not in NOT_LAST


def test_a_number_stays_with_its_unit() -> None:
    lines = break_lines("无人操作 88 秒后自动退出", 80, em)
    assert any("88 秒" in line for line in lines)


def test_latin_words_are_not_torn() -> None:
    assert break_lines("Leave and clear my data", 60, em) == ["Leave and", "clear my", "data"]


def test_headings_are_balanced() -> None:
    lines = break_lines("请把房屋租赁合同平放在灯下四角看得见", 120, em, balance=True)
    assert [len(line) for line in lines] == [9, 9]


def test_no_lonely_character_is_left_on_the_last_line() -> None:
    lines = break_lines("窗口的工作人员会帮您办好这件事", 140, em)
    assert len(lines) == 2
    assert len(lines[1]) >= 5


def test_line_breaks_that_are_there_stay() -> None:
    assert break_lines("一\n二", 100, em) == ["一", "二"]


def test_a_word_wider_than_the_line_is_torn_after_all() -> None:
    assert "".join(break_lines("429006199001010021", 40, em)) == "429006199001010021"


TEXT = st.text(alphabet="一二三，。《》“”（）abc12 ", max_size=60)


@given(text=TEXT, width=st.integers(30, 400), balance=st.booleans())
def test_nothing_is_lost_and_nothing_is_too_wide(text: str, width: int, balance: bool) -> None:
    lines = break_lines(text, width, em, balance=balance)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    clinging = 4 * 10  # a run of punctuation may hang over by itself: it must stay with its word
    assert all(em(line) <= width + clinging for line in lines if not _is_one_atom(line))


def _is_one_atom(line: str) -> bool:
    return sum(character not in NOT_FIRST | NOT_LAST and character != " " for character in line) <= 1
