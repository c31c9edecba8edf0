"""What people call a matter comes first, spelled, sounded out, or with one slip of the finger."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from kiosk.catalogue.load import load_catalogue
from kiosk.catalogue.model import Matter
from kiosk.catalogue.search import Index
from kiosk.catalogue.slips import Grams, swapped
from kiosk.catalogue.spelled import plain, sound_of

SHIPPED = Path(__file__).parents[3] / "config" / "catalogue"
CATALOGUE = load_catalogue(SHIPPED, date(2026, 11, 21))
EVERY = 6  # each so many-th slip is tried: all of them (17,000) take half a minute
#: shares of slips of which the matter that was meant comes first; measured over all: 99.8, 100, 99.9, 99.9, 99.4 %
LEAST = {"missing": 0.99, "swapped": 0.99, "wrong": 0.99, "doubled": 0.99, "character": 0.98}


def names(matter: Matter) -> tuple[str, ...]:
    return (matter.name, matter.short_name, *matter.aliases, *matter.synonyms)


def place(text: str, code: str) -> int:
    """Where the matter stands among what is found, from 0; 99 when it does not."""
    found = [matter.code for matter in CATALOGUE.search(text)]
    return found.index(code) if code in found else 99


@pytest.mark.parametrize("matter", CATALOGUE.matters, ids=lambda matter: matter.code)
def test_what_people_call_it_comes_first(matter: Matter) -> None:
    for name in names(matter):
        assert place(name, matter.code) == 0, name
        assert place(sound_of(plain(name)), matter.code) == 0, f"{name} by sound"


def slips(kind: str, name: str) -> Iterator[str]:
    sound, text = sound_of(plain(name)), plain(name)
    if len(sound) < 6 or (kind == "character" and len(text) < 4):
        return
    match kind:
        case "missing":
            yield from (sound[:at] + sound[at + 1 :] for at in range(len(sound)))
        case "swapped":
            yield from swapped(sound)
        case "wrong":
            yield from (f"{sound[:at]}q{sound[at + 1 :]}" for at in range(len(sound)))
        case "doubled":
            yield from (sound[:at] + sound[at - 1] + sound[at:] for at in range(1, len(sound)))
        case _:
            yield from (f"{text[:at]}某{text[at + 1 :]}" for at in range(len(text)))


@pytest.mark.parametrize("kind", LEAST)
def test_a_slip_finds_what_was_meant(kind: str) -> None:
    tried = [(slip, m.code) for m in CATALOGUE.matters for name in names(m) for slip in slips(kind, name)]
    places = [place(slip, code) for slip, code in tried[::EVERY]]
    assert len(places) > 100
    assert sum(at == 0 for at in places) / len(places) >= LEAST[kind]
    assert sum(at <= 2 for at in places) / len(places) >= 0.99


def test_initials_parts_and_other_names_of_items() -> None:
    assert place("jmyb", "C29") == 0  # 居民医保
    assert place("灵活就业人员新增", "N04") == 0
    assert place("优待证", "C28") == 0
    assert place("退伍军人优待", "C28") == 0


def test_an_index_of_spelled_entries_is_the_same() -> None:
    whole = Index(CATALOGUE.matters)
    again = Index(CATALOGUE.matters, whole.entries)
    for text in ("居住证", "juzuzheng", "kfd", "我要开板店"):
        assert again.find(text) == whole.find(text)


def test_the_count_of_pairs_never_loses_a_text() -> None:
    texts = ["juzhuzheng", "jzhuzheng", "yyjuzhuzhegxx", "abcdefgh"]
    found = Grams(texts).candidates("juzhuzheng", 2).tolist()
    assert set(found) == {0, 1, 2}
    assert found[0] == 0


def test_two_neighbours_change_places() -> None:
    assert swapped("aab") == ("aba",)
    assert swapped("x") == ()
