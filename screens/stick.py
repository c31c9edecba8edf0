"""The pictures and PDFs on her USB stick, to choose from."""

from typing import Any

from kivy.properties import StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.journey.events import ChooseFile, Continue
from kiosk.journey.views import FileCard, Stick
from screens.base import Desk, StepScreen
from screens.theme import tokens
from screens.widgets.action_bar import Action
from screens.widgets.surface import TouchCard

#: files side by side, and how high one is: a page is known again at this size
_ABREAST = 3
_HIGH = 380


class FileTile(TouchCard):
    """One file: its first page small, its kind and the ends of its name. See `stick.kv`."""

    caption = StringProperty("")

    def show(self, card: FileCard, caption: str) -> None:
        """The small picture as soon as it is there; what cannot be used is grey."""
        self.caption = caption
        self.enabled = not card.code
        self.ids.picture.show(card.picture)
        icon = "file-alert-outline" if card.code else "timer-sand"
        self.ids.icon.name = "" if card.picture else icon


class StickScreen(StepScreen):
    """See `stick.kv`."""

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        self._cards: tuple[FileCard, ...] = ()
        self._tiles: list[FileTile] = []

    def draw(self, view: Stick) -> None:
        """What to do, the files, and what went wrong."""
        full = view.kept >= view.max_pages
        of_files = "full" if full else "choose" if view.files else "none"
        key = {"looking": "looking", "out": "out"}.get(view.state, of_files)
        self.sentence = self.words(f"stick.{key}", name=view.material.name)
        self.quiet = self.words("stick.which", kept=view.kept, most=view.max_pages)
        self._show_files(view.files)
        self.wait_for(
            "stick" if view.state == "looking" else "page" if view.working else "", said=not view.working
        )
        self._note(view)
        self.ids.tip.plain = self.words("stick.tip")
        done = Action(
            "action.continue", self.words("stick.done"), Continue(), "check", enabled=not view.working
        )
        self.offer(done if view.enough else None)

    def _note(self, view: Stick) -> None:
        """One card at most: what went wrong, what is being done, or that there is nothing."""
        note = self.ids.note
        note.icon = ""
        if view.trouble:
            note.mood, note.plain = "wrong", self.words(f"errors.{view.trouble}.citizen")
        elif view.working:
            note.mood, note.plain, note.icon = "good", self.words("stick.working"), "timer-sand"
        elif view.state == "in" and not view.files:
            said = f"{self.words('stick.nothing')}\n{self.words('stick.nothing_do')}"
            note.mood, note.plain, note.icon = "city", said, "file-search-outline"
        else:
            note.plain = ""

    def _show_files(self, cards: tuple[FileCard, ...]) -> None:
        if cards == self._cards:
            return
        if [card.number for card in cards] != [card.number for card in self._cards] or not cards:
            self._lay_out(cards)
        for tile, card, before in zip(self._tiles, cards, self._cards or (None,) * len(cards), strict=True):
            if card != before:
                tile.show(card, self._caption(card))
        self._cards = cards

    def _lay_out(self, cards: tuple[FileCard, ...]) -> None:
        """Rows of tiles, empty yet."""
        rows = self.ids.rows
        rows.clear_widgets()
        rows.to_top()
        self._tiles, self._cards = [], ()
        for first in range(0, len(cards), _ABREAST):
            row = BoxLayout(size_hint_y=None, height=_HIGH, spacing=tokens.GAP)
            for card in cards[first : first + _ABREAST]:
                tile = FileTile(touch_key=f"file.{card.number}")
                tile.bind(on_tap=lambda _, number=card.number: self.post(ChooseFile(number)))
                self._tiles.append(tile)
                row.add_widget(tile)
            for _ in range(_ABREAST - len(row.children)):
                row.add_widget(Widget())
            rows.add_widget(row)

    def _caption(self, card: FileCard) -> str:
        if card.code:
            return self.words("stick.useless")
        return self.words("stick.pdf" if card.pdf else "stick.picture", name=card.name)

    def leave(self) -> None:
        """Every small picture goes."""
        self._lay_out(())
