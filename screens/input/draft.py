"""What is being written: the text so far, the word in the making, and what each key does to them. No Kivy."""

from screens.input.composition import Composition, PinyinEngine
from screens.input.ink import Ink
from screens.input.layouts import COMPOSING, LENGTH, TEXT_KINDS, WAYS, Kind
from screens.input.pinyin import SharedEngine
from screens.input.zinnia import Stroke

#: no word has more parts than this; keeps `settle` from running for ever on an engine that never ends
_MOST_PARTS = 64


class Draft:
    """One text on its way. `kind` may change while writing (pinyin, handwriting, letters, symbols …)."""

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
    def full(self) -> bool:
        """Nothing more fits."""
        return len(self.text) >= self._longest

    def press(self, key: str) -> None:
        """A key by its name: a character, or delete, clear, space, shift, undo, wipe, or another text kind."""
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
            case "undo" | "wipe":
                self._unwrite(key)
            case _ if key in TEXT_KINDS:
                self._turn_to(Kind(key))
            case _ if key.startswith("stroke."):
                self._spell(key.removeprefix("stroke."))
            case _:
                self._write(key)

    def draw(self, stroke: Stroke) -> None:
        """A stroke of the finger is finished."""
        if not self.full:
            self.word = self._engines.ink.add(stroke)

    def look(self) -> bool:
        """Take the candidates of what was drawn, when they are there. True: nothing more is to be waited for."""
        seen = self._engines.ink.look()
        if seen is not None and self.kind is Kind.HANDWRITING:
            self.word = seen
        return seen is not None

    def choose(self, index: int) -> None:
        """Take the candidate at `index`."""
        self._take(self._engine.choose(index))

    def append(self, text: str) -> None:
        """Write a whole suggestion."""
        self.settle()
        self.text = (self.text + text)[: self._longest]

    def settle(self) -> None:
        """Turn waiting letters into their first candidates; letters that spell nothing are dropped."""
        if self.kind is Kind.HANDWRITING and self.composing:
            self.word = self._engines.ink.wait()
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

    def put_away(self) -> None:
        """The keyboard goes: waiting letters are settled, strokes are not. A palm on the pad is no character."""
        if self.kind is Kind.HANDWRITING:
            self.drop_word()
        self.settle()

    @property
    def _engine(self) -> PinyinEngine | Ink:
        return self._engines.ink if self.kind is Kind.HANDWRITING else self._engines.get(self.kind)

    def _take(self, word: Composition) -> None:
        self.word = word
        self.text = (self.text + word.finished)[: self._longest]

    def _turn_to(self, kind: Kind) -> None:
        self.put_away()
        self.kind = kind
        if kind in WAYS:
            self._engines.way = kind

    def _unwrite(self, key: str) -> None:
        """Take the last stroke back, or all of them."""
        if key == "undo" and self.composing:
            self.word = self._engines.ink.erase()
        else:
            self.drop_word()

    def _delete(self) -> None:
        """Letters first; strokes have a key of their own."""
        if self.composing and self.kind is not Kind.HANDWRITING:
            self._take(self._engines.get(self.kind).erase())
        else:
            self.text = self.text[:-1]

    def _space(self) -> None:
        if self.composing:
            self.settle()
        elif self.text and not self.full:
            self.text += " "

    def _spells(self, character: str) -> bool:
        """Whether this key makes a word in the making longer, instead of being written."""
        match self.kind:
            case Kind.PINYIN:
                return (character.isascii() and character.isalpha()) or (character == "'" and self.composing)
            case Kind.FIND | Kind.CODE:
                return True
            case _:
                return False

    def _spell(self, sign: str) -> None:
        if not self.full and self.kind in COMPOSING:
            self._take(self._engines.get(self.kind).type(sign))

    def _write(self, character: str) -> None:
        if self._spells(character):
            self._spell(character)
            return
        if character == "'" and self.kind is Kind.PINYIN:
            return
        self.settle()
        if self.full or (self.kind is Kind.ID_NUMBER and character == "X" and len(self.text) != 17):
            return  # X stands only for the last check digit (GB 11643)
        self.text += character
