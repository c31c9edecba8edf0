"""The soft keyboard that stands at the foot of a screen while a citizen writes."""

from collections.abc import Callable
from datetime import date
from typing import Any

from kivy.clock import Clock
from kivy.graphics import Color, Rectangle
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from screens.input import regions
from screens.input.boards import DateBoard, RegionBoard
from screens.input.candidates import CandidateBoard
from screens.input.draft import Draft
from screens.input.keys import KEY_GAP, Field, Key, KeyBoard, Words
from screens.input.layouts import COMPOSING, LENGTH, SWITCHES, WAYS, Kind, grouped, rows
from screens.input.pad import WritingPad
from screens.input.pinyin import ENGINE, SharedEngine
from screens.input.zinnia import Point
from screens.theme import tokens
from screens.widgets.text import Text

#: chosen: the catalogue's own default for a field
LONGEST = 60
#: pixels: with it the pad is more than 60 % of the panel, 170 mm high
PAD_HEIGHT = 636
#: pixels: the row of candidates beside which a whole hand writes
CANDIDATE_HEIGHT = 104
#: chosen: long enough to see that the right key was hit, too short to read along
LAST_SEEN_S = 0.8
#: the last day where the form names none: no date is out of reach
_NO_LAST_DAY = date(2099, 12, 31)


class InputPanel(BoxLayout):
    """A keyboard of one kind with the text above its keys. As high as it needs; as wide as its parent.

    `on_text(text)` is called after every touch with the text settled so far (also while letters or strokes still
    wait to become characters, so that patience sees that somebody writes). `on_done()` is called by 完成. Call
    `close()` when the panel goes away: it settles waiting letters, wipes strokes, and returns the text.

    Touch keys: `key.<character>`, `key.delete|clear|space|done|shift|undo|wipe|code`, `key.stroke.<h|s|p|n|z>`,
    `key.<kind>`, `candidate.<n>`, `candidates.next|previous`, `pad`, and those of `boards`.
    """

    reads_whole = True

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
        latest: date = _NO_LAST_DAY,
        dotted: bool = False,
        engines: SharedEngine = ENGINE,
        **properties: Any,
    ) -> None:
        """`label` names what is written, `hint` stands in the empty field, `suggestions` are offered as
        candidates while nothing is spelled ("镇", "村", "号"); `latest` is the last day that can be chosen;
        `dotted`: somebody stands beside her, so dots stand for all but what she wrote last, and soon for that."""
        super().__init__(orientation="vertical", size_hint_y=None, padding=(20, 18), spacing=14, **properties)
        self.fbind("minimum_height", self.setter("height"))
        self._draw_ground()
        self._words, self._on_text, self._on_done = words, on_text, on_done
        self._suggestions, self._latest, self._engines = suggestions, latest, engines
        self._region = kind is Kind.REGION
        self._path = regions.written(text) if self._region else ()
        self._draft = Draft(self._first(kind, text), text, longest, engines)
        chosen = kind in (Kind.DATE, Kind.REGION)
        self._field = Field(placeholder=hint or words("input.choose" if chosen else "input.empty"))
        self._delete = Key(
            icon="backspace-outline", quiet=True, touch_key="key.delete", size_hint_x=None, width=140
        )
        self._delete.bind(on_tap=lambda _: self._press("delete"))
        self._candidates = CandidateBoard(self._choose)
        self._ink_candidates = CandidateBoard(self._choose, rows=1, row_height=CANDIDATE_HEIGHT)
        self._pad = WritingPad(self._drawn, words("input.write"), size_hint_y=None, height=PAD_HEIGHT)
        self._keys = KeyBoard(words, self._press)
        self._board: DateBoard | RegionBoard | None = None
        self._shown: Kind | None = None
        self._dotted, self._seen = dotted, len(text)  #: up to where dots stand
        self._dot = Clock.create_trigger(self._dot_all, LAST_SEEN_S)
        self._look = Clock.create_trigger(self._look_again, 0)
        if label:
            self.add_widget(Text(plain=label, kind="body", tone="city", bold=True))
        self._body = BoxLayout(orientation="vertical", size_hint_y=None, spacing=14)
        self._body.fbind("minimum_height", self._body.setter("height"))
        self.add_widget(self._body)
        self._show()

    @property
    def text(self) -> str:
        """What is settled so far."""
        return self._draft.text

    @property
    def spelling(self) -> bool:
        """Whether letters wait to become characters: digits then choose among the candidates."""
        return bool(self._draft.composing and self._draft.kind is not Kind.HANDWRITING)

    @property
    def kind(self) -> Kind:
        """The keyboard that is shown."""
        return self._draft.kind

    def close(self) -> str:
        """The panel goes away: waiting letters become their first candidates, strokes are wiped. The text."""
        self._draft.put_away()
        self._release()
        return self._draft.text

    def drop(self) -> None:
        """The screen goes away: forget what is half spelled and half drawn."""
        self._draft.drop_word()
        self._release()

    # --- what is touched ---

    def _press(self, key: str) -> None:
        if key == "done" and not self._draft.composing:
            self._on_done()
            return
        if key == "done":
            self._draft.settle()
        elif key == "clear" and isinstance(self._board, DateBoard):
            self._board.clear()
            return
        else:
            self._draft.press(key)
        if key == "undo":
            self._pad.undo()
            self._look()
        elif key == "clear":
            self._path = ()
        self._changed()

    def _choose(self, index: int) -> None:
        if self._draft.composing:
            self._draft.choose(index)
        else:
            self._draft.append(self._offered()[index])
        self._changed()

    def _drawn(self, stroke: list[Point]) -> None:
        """A stroke is finished: candidates come a frame or two later."""
        self._draft.draw(stroke)
        self._look()
        self._changed()

    def _look_again(self, *_: object) -> None:
        if not self._draft.look():
            self._look()
        elif self._draft.kind is Kind.HANDWRITING:
            self._show()

    def _settle_place(self, path: regions.Path) -> None:
        """A place was chosen, or taken back: it stands before what she wrote herself."""
        before = "".join(self._path)
        rest = (
            self._draft.text.removeprefix(before) if self._draft.text.startswith(before) else self._draft.text
        )
        self._path, self._draft.text = path, ""
        self._draft.append("".join(path) + rest)
        if path and not regions.below(path):
            self._draft.press(self._way())
        self._changed()

    def _settle_date(self, text: str) -> None:
        self._draft.text = text
        self._changed()

    # --- what is shown ---

    def _changed(self) -> None:
        self._show()
        self._on_text(self._draft.text)

    def _show(self) -> None:
        draft = self._draft
        if draft.kind is not self._shown:
            self._arrange(draft.kind)
        if not draft.composing:
            self._pad.wipe()
        self._field.plain = self._readable()
        self._field.count = self._counted()
        self._show_candidates(draft)
        settles = draft.composing and (draft.kind is not Kind.HANDWRITING or bool(draft.word.candidates))
        self._keys.show(
            rows(draft.kind, upper=draft.upper, switches=self._switches()),
            self._words("input.key.settle" if settles else "input.key.done"),
        )

    def _arrange(self, kind: Kind) -> None:
        """Field, then what this kind is written with, then its keys."""
        self._shown = kind
        if self._board is not None:
            self._board.release()
        self._board = self._new_board(kind)
        for widget in (self._field, self._delete):
            if widget.parent is not None:
                widget.parent.remove_widget(widget)
        parts: list[Widget] = [self._field]
        if kind is Kind.HANDWRITING:
            head = BoxLayout(size_hint_y=None, spacing=KEY_GAP)
            self._field.fbind("height", head.setter("height"))
            head.height = self._field.height
            head.add_widget(self._field)
            head.add_widget(self._delete)
            parts = [head, self._ink_candidates, self._pad]
        elif kind in COMPOSING:
            parts.append(self._candidates)
        elif self._board is not None:
            parts.append(self._board)
        self._body.clear_widgets()
        for part in (*parts, self._keys):
            self._body.add_widget(part)

    def _new_board(self, kind: Kind) -> DateBoard | RegionBoard | None:
        if kind is Kind.DATE:
            return DateBoard(self._words, self._draft.text, self._latest, self._settle_date)
        if kind is Kind.REGION:
            return RegionBoard(self._words, self._path or regions.HOME, self._settle_place)
        return None

    def _show_candidates(self, draft: Draft) -> None:
        """Over the pad one row; over keys two, with what was spelled above them."""
        board = self._ink_candidates if draft.kind is Kind.HANDWRITING else self._candidates
        hint = self._words(f"input.spell.{draft.kind}") if draft.kind in COMPOSING else ""
        board.show(draft.word.spelled or hint, draft.word.candidates if draft.composing else self._offered())

    def _offered(self) -> tuple[str, ...]:
        """What is offered while nothing is spelled: over the pad there is room for punctuation, too."""
        marks = tuple(self._words("input.marks").split()) if self._draft.kind is Kind.HANDWRITING else ()
        wanted = self._draft.kind in WAYS
        return (*marks, *self._suggestions) if wanted else ()

    def _first(self, kind: Kind, text: str) -> Kind:
        """The keyboard to open with: her own way of writing, and nothing that this machine lacks."""
        if kind is Kind.REGION and text and not self._path:
            kind = Kind.HANDWRITING
        if kind in WAYS and self._engines.way is not None:
            kind = self._engines.way
        return kind if self._engines.has(kind) else Kind.PINYIN

    def _way(self) -> Kind:
        """How she writes Chinese: as before in this visit, else by hand where that can be."""
        way = self._engines.way or Kind.HANDWRITING
        return way if self._engines.has(way) else Kind.PINYIN

    def _switches(self) -> tuple[Kind, ...]:
        """The keyboards that this text may be written with, as far as this machine has them."""
        offered = tuple(kind for kind in SWITCHES if self._engines.has(kind))
        found = () if Kind.FIND in offered else (Kind.CODE,)
        return (*((Kind.REGION,) if self._region else ()), *offered, *found)

    def _dot_all(self, *_: object) -> None:
        """The last character was seen long enough."""
        self._seen = len(self._draft.text)
        self._field.plain = self._readable()

    def _dots(self) -> str:
        """Dots, and for a moment the one character that was added."""
        text = self._draft.text
        if len(text) < self._seen:
            self._seen = len(text)
        fresh = text[self._seen :][-1:]
        if fresh:
            self._dot()
        return hidden(text[: len(text) - len(fresh)]) + fresh

    def _readable(self) -> str:
        if self._dotted:
            return self._dots()
        if self._draft.kind is Kind.DATE:
            return readable_date(self._draft.text, self._words)
        return grouped(self._draft.kind, self._draft.text)

    def _counted(self) -> str:
        """How many of a fixed number of digits are there."""
        wanted = LENGTH.get(self._draft.kind, 0)
        return self._words("input.count", done=len(self._draft.text), of=wanted) if wanted else ""

    def _release(self) -> None:
        """Strokes are wiped; the keys wait for the next panel."""
        self._look.cancel()
        self._dot.cancel()
        self._pad.wipe()
        self._keys.release()
        if self._board is not None:
            self._board.release()

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


def hidden(text: str) -> str:
    """A dot for each character: she sees that she wrote, and how much."""
    return "●" * len(text)


def readable_date(text: str, words: Words) -> str:
    """`2026-11-21` → 2026 年 11 月 21 日, as far as it is written."""
    parts = zip(("year", "month", "day"), text.split("-"), strict=False)
    return " ".join(words(f"input.date.{name}", digits=part) for name, part in parts if part)
