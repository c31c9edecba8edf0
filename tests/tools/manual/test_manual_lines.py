"""Lines of the manual: as wide as they may be, no comma in front, no word torn."""

from hypothesis import given
from hypothesis import strategies as st

from screens.widgets.wrapping import NOT_FIRST
from tools.manual.runs import Run, lines_of, widest


def measure(run: Run) -> float:
    """A Chinese sign is two wide, a Latin one is one."""
    return sum(1.0 if sign.isascii() else 2.0 for sign in run.text)


def told(runs: list[Run], width: float) -> list[str]:
    return ["".join(run.text for run in line) for line in lines_of(runs, width, measure)]


def test_chinese_breaks_anywhere_but_before_a_comma() -> None:
    assert told([Run("请把身份证，平放好。")], 10) == ["请把身份", "证，平放", "好。"]


def test_a_word_or_command_goes_to_the_next_line_whole() -> None:
    assert told([Run("先运行 "), Run("kiosk doctor", "code"), Run(" 看看")], 14) == [
        "先运行 kiosk ",
        "doctor 看看",
    ]


def test_what_is_too_long_for_any_line_is_torn_after_a_slash() -> None:
    path = "/var/lib/tiantianshun/setup/acceptance.pdf"
    lines = told([Run(path, "code")], 24)
    assert "".join(lines) == path
    assert lines[0] == "/var/lib/tiantianshun/"


def test_a_style_stays_with_its_words() -> None:
    (line,) = lines_of([Run("点"), Run("红的", "bold"), Run("一行")], 99, measure)
    assert [run.style for run in line] == ["plain", "bold", "plain"]


def test_a_hard_break_ends_a_line() -> None:
    assert told([Run("一\n二")], 99) == ["一", "二"]


signs = st.text(alphabet="纸盖卡，。、（）“”ab1-/. ", max_size=60)


@given(
    st.lists(st.builds(Run, signs, st.sampled_from(["plain", "bold", "code"])), max_size=4),
    st.integers(14, 40),
)
def test_nothing_is_lost_too_wide_or_begun_with_a_comma(runs: list[Run], width: int) -> None:
    lines = lines_of(runs, width, measure)
    before = "".join(run.text for run in runs).replace(" ", "")
    assert "".join(run.text for line in lines for run in line).replace(" ", "") == before
    fits = widest(runs, measure) <= width
    for line in lines:
        text = "".join(run.text for run in line).rstrip()
        assert not fits or measure(Run(text)) <= width
    for line in lines[1:]:
        first = line[0].text[:1]
        assert not fits or first.isascii() or first not in NOT_FIRST
