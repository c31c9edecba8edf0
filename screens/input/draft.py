"""What is being written: the text so far, the word in the making, and what each key does to them. No Kivy."""

from screens.input.layouts import LENGTH, TEXT_KINDS, Kind, date_digits, date_text, next_date_digits
from screens.input.pinyin import Composition, PinyinEngine, SharedEngine

#: no word has more parts than this; keeps `settle` from running for ever on an engine that never ends
_MOST_PARTS = 64


class Draft:
    """One text on its way. `kind` may change while writing (pinyin, letters, symbols)."""

    def __init__(self, kind: Kind, text: str, longest: int, engines: SharedEngine) -> None:
        """`longest`: most characters; kinds with a fixed length bring their own."""
        self.kind = kind
        self.text = text
        self.upper = False
        self.word = Composition()
        self._longest = LENGTH.get(kind, longest)
        self._engines = engines

    @property
    def composing(self) -> bool:
        """Whether letters wait to become characters."""
        return bool(self.word.spelled)

    @property
    def length(self) -> int:
        """Characters written; a date counts its digits."""
        return len(date_digits(self.text)) if self.kind is Kind.DATE else len(self.text)

    @property
    def full(self) -> bool:
        """Nothing more fits."""
        return self.length >= self._longest

    def press(self, key: str) -> None:
        """A key by its name: a character, or delete, clear, space, shift, or the name of another text kind."""
        match key:
            case "delete":
                self._delete()
            case "clear":
                self.drop_word()
                self.text = ""
            case "space":
                self._space()
            case "shift":
                self.upper = not self.upper
            case _ if key in TEXT_KINDS:
                self.settle()
                self.kind = Kind(key)
            case _:
                self._write(key)

    def choose(self, index: int) -> None:
        """Take the candidate at `index`."""
        self._take(self._engine.choose(index))

    def append(self, text: str) -> None:
        """Write a whole suggestion."""
        self.settle()
        self.text = (self.text + text)[: self._longest]

    def settle(self) -> None:
        """Turn waiting letters into their first candidates; letters that spell nothing are dropped."""
        for _ in range(_MOST_PARTS):
            if not self.word.candidates:
                break
            self.choose(0)
        self.drop_word()

    def drop_word(self) -> None:
        """Forget the word in the making."""
        if self.composing:
            self._engine.clear()
        self.word = Composition()

    @property
    def _engine(self) -> PinyinEngine:
        return self._engines.get()

    def _take(self, word: Composition) -> None:
        self.word = word
        self.text = (self.text + word.finished)[: self._longest]

    def _delete(self) -> None:
        if self.composing:
            self._take(self._engine.erase())
        elif self.kind is Kind.DATE:
            self.text = date_text(date_digits(self.text)[:-1])
        else:
            self.text = self.text[:-1]

    def _space(self) -> None:
        if self.composing:
            self.settle()
        elif self.text and not self.full:
            self.text += " "

    def _write(self, character: str) -> None:
        spells = self.kind is Kind.PINYIN and (character.isascii() and character.isalpha())
        if spells or (character == "'" and self.composing):
            if not self.full:
                self._take(self._engine.type(character))
            return
        if character == "'" and self.kind is Kind.PINYIN:
            return
        self.settle()
        if self.full or (self.kind is Kind.ID_NUMBER and character == "X" and len(self.text) != 17):
            return  # X stands only for the last check digit (GB 11643)
        if self.kind is Kind.DATE:
            self.text = date_text(next_date_digits(date_digits(self.text), character))
        else:
            self.text += character
