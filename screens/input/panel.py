"""The soft keyboard that stands at the foot of a screen while a citizen writes."""

from collections.abc import Callable
from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.uix.boxlayout import BoxLayout

from screens.input.candidates import CandidateBoard
from screens.input.draft import Draft
from screens.input.keys import Field, KeyBoard, Words
from screens.input.layouts import LENGTH, Kind, date_digits, grouped, rows
from screens.input.pinyin import ENGINE, SharedEngine
from screens.theme import tokens
from screens.widgets.text import Text

#: chosen: the catalogue's own default for a field
LONGEST = 60


class InputPanel(BoxLayout):
    """A keyboard of one kind with the text above its keys. As high as it needs; as wide as its parent.

    `on_text(text)` is called after every key with the text settled so far (also while letters still wait to
    become characters, so that patience sees that somebody writes). `on_done()` is called by 完成. Call
    `close()` when the panel goes away: it settles waiting letters and returns the text.

    Touch keys: `key.<character>`, `key.delete`, `key.clear`, `key.space`, `key.done`, `key.shift`,
    `key.pinyin|letters|symbols`, `candidate.<n>`, `candidates.next|previous`.
    """

    def __init__(
        self,
        kind: Kind,
        on_text: Callable[[str], None],
        text: str = "",
        *,
        words: Words,
        on_done: Callable[[], None] = lambda: None,
        label: str = "",
        hint: str = "",
        longest: int = LONGEST,
        suggestions: tuple[str, ...] = (),
        engines: SharedEngine = ENGINE,
        **properties: Any,
    ) -> None:
        """`label` names what is written, `hint` stands in the empty field, `suggestions` are offered as
        candidates while nothing is spelled ("镇", "村", "号")."""
        super().__init__(orientation="vertical", size_hint_y=None, padding=(20, 18), spacing=14, **properties)
        self.fbind("minimum_height", self.setter("height"))
        self._draw_ground()
        self._words, self._on_text, self._on_done = words, on_text, on_done
        self._suggestions = suggestions
        self._draft = Draft(kind, text, longest, engines)
        self._field = Field(placeholder=hint)
        self._candidates = CandidateBoard(self._choose)
        self._keys = KeyBoard(words, self._press)
        if label:
            self.add_widget(Text(plain=label, kind="body", tone="city", bold=True))
        self.add_widget(self._field)
        self.add_widget(self._keys)
        self._show()

    @property
    def text(self) -> str:
        """What is settled so far."""
        return self._draft.text

    def close(self) -> str:
        """The panel goes away: waiting letters become their first candidates. Returns the text."""
        self._draft.settle()
        return self._draft.text

    def drop(self) -> None:
        """The screen goes away: forget what is half spelled."""
        self._draft.drop_word()

    def _press(self, key: str) -> None:
        if key == "done" and not self._draft.composing:
            self._on_done()
            return
        if key == "done":
            self._draft.settle()
        else:
            self._draft.press(key)
        self._changed()

    def _choose(self, index: int) -> None:
        if self._draft.composing:
            self._draft.choose(index)
        else:
            self._draft.append(self._suggestions[index])
        self._changed()

    def _changed(self) -> None:
        self._show()
        self._on_text(self._draft.text)

    def _show(self) -> None:
        draft = self._draft
        self._field.plain = self._readable()
        self._field.count = self._counted()
        self._show_candidates(draft)
        done = "input.key.settle" if draft.composing else "input.key.done"
        self._keys.show(rows(draft.kind, upper=draft.upper), self._words(done))

    def _show_candidates(self, draft: Draft) -> None:
        """The board stands between field and keys while pinyin is written."""
        wanted = draft.kind is Kind.PINYIN
        if wanted and self._candidates.parent is None:
            self.add_widget(self._candidates, index=1)
        elif not wanted and self._candidates.parent is not None:
            self.remove_widget(self._candidates)
        spelled = draft.word.spelled or self._words("input.spell")
        self._candidates.show(spelled, draft.word.candidates if draft.composing else self._suggestions)

    def _readable(self) -> str:
        if self._draft.kind is Kind.DATE:
            return readable_date(self._draft.text, self._words)
        return grouped(self._draft.kind, self._draft.text)

    def _counted(self) -> str:
        """How many of a fixed number of digits are there."""
        wanted = LENGTH.get(self._draft.kind, 0)
        return self._words("input.count", done=self._draft.length, of=wanted) if wanted else ""

    def _draw_ground(self) -> None:
        with self.canvas.before:
            Color(*tokens.CITY_TINT)
            ground = Rectangle()
            Color(*tokens.CITY_EDGE)
            edge = Rectangle()

        def place(*_: object) -> None:
            ground.pos, ground.size = self.pos, self.size
            edge.pos, edge.size = (self.x, self.y + self.height - 3), (self.width, 3)

        self.fbind("pos", place)
        self.fbind("size", place)


def readable_date(text: str, words: Words) -> str:
    """`2026-11-21` → 2026 年 11 月 21 日, as far as it is written."""
    digits = date_digits(text)
    parts = (("year", digits[:4]), ("month", digits[4:6]), ("day", digits[6:8]))
    written = [
        words(f"input.date.{name}", digits=part) if len(part) == (4 if name == "year" else 2) else part
        for name, part in parts
        if part
    ]
    return " ".join(written)
