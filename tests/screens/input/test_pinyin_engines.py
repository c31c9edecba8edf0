"""Both pinyin engines: what they offer, how a word is settled bit by bit, and that nothing stays behind."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from screens.input import rime, spelling
from screens.input.local_words import MOST, LocalWords, shipped
from screens.input.pinyin import Composition, PinyinEngine, SharedEngine


@pytest.fixture(scope="module")
def tables() -> spelling.Tables:
    return spelling.SpellingEngine().tables


@pytest.fixture
def with_rime(tmp_path: Path) -> Iterator[rime.RimeEngine]:
    engine = rime.RimeEngine(tmp_path)
    yield engine
    engine.forget()


@pytest.fixture(params=["rime", "spelling"])
def engine(request: pytest.FixtureRequest) -> PinyinEngine:
    """Each engine as citizens get it: with the local words around it."""
    bare: PinyinEngine
    if request.param == "rime":
        bare = request.getfixturevalue("with_rime")
    else:
        bare = spelling.SpellingEngine(request.getfixturevalue("tables"))
    return LocalWords(bare, shipped())


def write(engine: PinyinEngine, letters: str) -> Composition:
    composition = Composition()
    for letter in letters:
        composition = engine.type(letter)
    return composition


def test_a_spelling_offers_the_city(engine: PinyinEngine) -> None:
    composition = write(engine, "tianmen")
    assert composition.spelled == "tian men"
    assert composition.candidates[0] == "天门"


@pytest.mark.parametrize(
    ("letters", "first"),
    [("yuekou", "岳口"), ("jinglingjiedao", "竟陵街道"), ("jiedao", "街道"), ("yuek", "岳口")],
)
def test_the_towns_come_first(engine: PinyinEngine, letters: str, first: str) -> None:
    assert write(engine, letters).candidates[0] == first
    assert engine.choose(0) == Composition(finished=first)
    assert write(engine, "tian").spelled == "tian"


def test_no_candidate_is_offered_twice_and_each_is_what_it_says(engine: PinyinEngine) -> None:
    offered = write(engine, "tianmen").candidates
    assert len(offered) == len(set(offered))
    assert offered[:2] == ("天门", "天门市")
    index = offered.index("田")
    assert engine.choose(index).spelled == "田men"


def test_local_words_are_few_and_stay_away_once_characters_are_settled(engine: PinyinEngine) -> None:
    local = set(shipped())
    assert len(local & set(write(engine, "jiang").candidates)) <= MOST
    engine.clear()
    composition = write(engine, "woyuekou")
    rest = engine.choose(composition.candidates.index("我"))
    assert rest.spelled.startswith("我")
    assert rest.candidates[0] != "岳口"


def test_a_sentence_in_one_go_with_rime(with_rime: rime.RimeEngine) -> None:
    assert write(with_rime, "woyaokaifandian").candidates[0] == "我要开饭店"


def test_settling_everything_ends_the_word(engine: PinyinEngine) -> None:
    write(engine, "tianmen")
    assert engine.choose(0) == Composition(finished="天门")
    assert write(engine, "tian").spelled == "tian"


def test_settling_one_character_leaves_the_rest(engine: PinyinEngine) -> None:
    composition = write(engine, "tianmen")
    rest = engine.choose(composition.candidates.index("田"))
    assert rest.finished == ""
    assert rest.spelled == "田men"
    assert engine.choose(rest.candidates.index("们")).finished == "田们"


def test_erasing_takes_a_choice_back_before_it_takes_letters(engine: PinyinEngine) -> None:
    composition = write(engine, "tianmen")
    engine.choose(composition.candidates.index("田"))
    assert engine.erase().spelled.replace(" ", "") == "tianmen"
    assert engine.erase().spelled.replace(" ", "") == "tianme"


def test_erasing_the_last_letter_leaves_nothing(engine: PinyinEngine) -> None:
    write(engine, "a")
    assert engine.erase() == Composition()


def test_an_apostrophe_parts_syllables(engine: PinyinEngine) -> None:
    assert "先" in write(engine, "xian").candidates
    engine.clear()
    composition = write(engine, "xi'an")
    assert "先" not in composition.candidates
    assert "西" in composition.candidates


def test_far_candidates_can_be_chosen(engine: PinyinEngine) -> None:
    composition = write(engine, "yi")
    assert len(composition.candidates) > 60
    for index in (4, 5, 23, 60):
        engine.clear()
        expected = write(engine, "yi").candidates[index]
        assert engine.choose(index).finished == expected


def test_clearing_drops_the_word(engine: PinyinEngine) -> None:
    write(engine, "tian")
    engine.clear()
    assert write(engine, "men").spelled == "men"


def test_forgetting_twice_and_writing_again(engine: PinyinEngine) -> None:
    write(engine, "tian")
    engine.forget()
    engine.forget()
    assert write(engine, "men").spelled == "men"


def test_rime_learns_within_a_visit_and_forgets_after_it(with_rime: rime.RimeEngine, tmp_path: Path) -> None:
    composition = write(with_rime, "xiaomingli")
    composition = with_rime.choose(composition.candidates.index("晓"))
    with_rime.choose(composition.candidates.index("名利"))
    assert write(with_rime, "xiaomingli").candidates[0] == "晓名利"
    assert list(tmp_path.rglob("*")), "the learned words stand in the visit's own folder"

    with_rime.forget()
    assert list(tmp_path.iterdir()) == []
    assert "晓名利" not in write(with_rime, "xiaomingli").candidates


def test_rime_removes_its_folder_when_the_process_ends(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from screens.input.rime import RimeEngine;"
        "engine = RimeEngine(Path(sys.argv[1])); engine.type('t');"
        "print(len(list(Path(sys.argv[1]).iterdir())))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, timeout=120, check=True
    )
    assert run.stdout.strip() == "1"
    assert run.stderr == "", "librime's log could carry what was typed"
    assert list(tmp_path.iterdir()) == []


def test_rime_sweeps_up_after_a_killed_process(tmp_path: Path) -> None:
    dead = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    left = tmp_path / f"pinyin-{dead.stdout.decode().strip()}-abc"
    other = tmp_path / "pinyin-of-somebody-else"
    left.mkdir()
    other.mkdir()
    (left / "user.db").write_text("王小明", encoding="utf-8")
    rime.RimeEngine(tmp_path)
    assert list(tmp_path.iterdir()) == [other]


def test_the_shared_engine_opens_at_the_first_key() -> None:
    opened: list[PinyinEngine] = []

    def open_one() -> PinyinEngine:
        opened.append(spelling.SpellingEngine(spelling.Tables({"a": ("啊",)}, {})))
        return opened[-1]

    shared = SharedEngine(open_one)
    shared.forget()
    assert opened == []
    engine = shared.get()
    assert shared.get() is engine
    engine.type("a")
    shared.forget()
    assert engine.type("a").spelled == "a"


@pytest.mark.parametrize(
    ("letters", "parts"),
    [
        ("fangan", ["fang", "an"]),
        ("xianggang", ["xiang", "gang"]),
        ("tianguo", ["tian", "guo"]),
        ("danao", ["dan", "ao"]),
        ("da'nao", ["da", "nao"]),
        ("xi'an", ["xi", "an"]),
        ("nihaox", ["ni", "hao", "x"]),
        ("zh", ["zh"]),
        ("", []),
        ("'", []),
    ],
)
def test_letters_fall_into_syllables(letters: str, parts: list[str], tables: spelling.Tables) -> None:
    assert spelling.split(letters, frozenset(tables.characters)) == parts


def test_letters_that_make_no_syllable_offer_nothing(tables: spelling.Tables) -> None:
    assert write(spelling.SpellingEngine(tables), "zzz").candidates == ()


def test_rare_characters_come_last(tables: spelling.Tables) -> None:
    offered = write(spelling.SpellingEngine(tables), "zhang").candidates
    assert offered.index("张") < 10
    assert offered.index("张") < offered.index("鄣")
