"""Words that people write here and no dictionary knows: the city's towns and streets, offered before all others."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import resources

from screens.input.composition import Composition, PinyinEngine

#: letters from which on a word is offered before it is spelled to its end; chosen
SURE_FROM = 4
#: most local words in front of the engine's own candidates
MOST = 3


class LocalWords:
    """A `PinyinEngine` around another one. Local words come first when the letters spell or begin them."""

    def __init__(self, engine: PinyinEngine, words: Mapping[str, str]) -> None:
        """`words`: word → its letters, "岳口" → "yuekou"."""
        self.name = engine.name
        self._engine = engine
        self._words = words
        self._local: tuple[str, ...] = ()
        self._kept: list[int] = []  #: which of the engine's candidates stand behind the local ones

    def type(self, letter: str) -> Composition:
        return self._with_local(self._engine.type(letter))

    def erase(self) -> Composition:
        return self._with_local(self._engine.erase())

    def choose(self, index: int) -> Composition:
        if index < len(self._local):
            word = self._local[index]
            self.clear()
            return Composition(finished=word)
        return self._with_local(self._engine.choose(self._kept[index - len(self._local)]))

    def clear(self) -> None:
        self._engine.clear()
        self._local, self._kept = (), []

    def forget(self) -> None:
        self._engine.forget()
        self._local, self._kept = (), []

    def _with_local(self, word: Composition) -> Composition:
        """Local words first, the engine's own behind them, none twice."""
        self._local = self._found(_letters(word.spelled))
        self._kept = [i for i, candidate in enumerate(word.candidates) if candidate not in self._local]
        return replace(word, candidates=(*self._local, *(word.candidates[i] for i in self._kept)))

    def _found(self, letters: str) -> tuple[str, ...]:
        if not letters:
            return ()
        exact = [word for word, spelled in self._words.items() if spelled == letters]
        begun = [
            word
            for word, spelled in self._words.items()
            if len(letters) >= SURE_FROM and spelled.startswith(letters) and spelled != letters
        ]
        return tuple((exact + begun)[:MOST])


def _letters(spelled: str) -> str:
    """What was typed, without the engine's marks; "" once characters are settled among the letters."""
    letters = spelled.replace(" ", "").replace("'", "").replace("ü", "v")
    return letters if letters.isascii() else ""


@cache
def shipped() -> dict[str, str]:
    """`places.txt`: a word and its letters in each line."""
    lines = resources.files("screens.input").joinpath("places.txt").read_text("utf-8").splitlines()
    return dict(line.split(" ", 1) for line in lines)
