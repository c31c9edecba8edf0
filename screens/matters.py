"""All matters, or those that a search found. The keyboard opens when she wants to write."""

from typing import Any

from kiosk.journey.events import ChooseMatter, Search
from kiosk.journey.views import MatterCard, Matters
from screens.base import Desk, StepScreen
from screens.input.layouts import Kind
from screens.input.panel import InputPanel
from screens.widgets.list_row import ListRow

#: longest text that a search makes sense of
LONGEST = 24


class MattersScreen(StepScreen):
    """See `matters.kv`."""

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        self._cards: tuple[MatterCard, ...] | None = None
        self._panel: InputPanel | None = None
        self._query = ""

    def draw(self, view: Matters) -> None:
        """List what was found; rebuild it only when it changes."""
        self._query = view.query
        self.sentence = self.words("matters.sentence")
        self.quiet = self._found(view)
        self.ids.query.plain = view.query or self.words("home.search")
        self.ids.query.tone = "ink" if view.query else "soft"
        self.offer()
        if view.cards != self._cards:
            self._cards = view.cards
            self._list(view)
        first_time = self.came_by is not None or view.query
        if first_time and self._panel is None and (isinstance(self.came_by, Search) or view.query):
            self.open_keyboard()
        self.came_by = None

    def open_keyboard(self) -> None:
        """Show the keyboard at the foot; every key searches."""
        if self._panel is not None:
            return
        self._panel = InputPanel(
            Kind.PINYIN,
            lambda text: self.post(Search(text)),
            self._query,
            words=self.words,
            on_done=self.close_keyboard,
            label=self.words("matters.write"),
            hint=self.words("home.search"),
            longest=LONGEST,
        )
        self.add_to_foot(self._panel)
        self.ids.field.size_hint_y, self.ids.field.height, self.ids.field.opacity = None, 0, 0
        self.ids.field.enabled = False

    def close_keyboard(self) -> None:
        """Take the keyboard away; the list has the room again."""
        if self._panel is None:
            return
        self._panel.close()
        self.remove_from_foot(self._panel)
        self._panel = None
        self.ids.field.height, self.ids.field.opacity, self.ids.field.enabled = 120, 1, True

    def leave(self) -> None:
        """The keyboard forgets what was written."""
        self.close_keyboard()

    def _found(self, view: Matters) -> str:
        if not view.query.strip():
            return self.words("matters.all", total=view.total)
        return self.words("matters.found", count=len(view.cards)) if view.cards else ""

    def _list(self, view: Matters) -> None:
        rows = self.ids.rows
        rows.clear_widgets()
        rows.to_top()
        for card in view.cards:
            row = ListRow(name=card.name, note=self._note(card), touch_key=f"matter.{card.code}")
            row.icon = "file-document-edit-outline" if card.complete else "file-document-outline"
            row.flavour = "soft" if card.blocked else "good" if card.complete else "city"
            row.bind(on_tap=lambda _, code=card.code: self.post(ChooseMatter(code)))
            rows.add_widget(row)
        nothing = bool(view.query.strip()) and not view.cards
        self.ids.nothing.plain = self.words("matters.nothing", query=view.query) if nothing else ""

    def _note(self, card: MatterCard) -> str:
        if card.blocked:
            return self.words(f"service.{card.blocked}.short")
        here = self.words("matters.here" if card.complete else "matters.window")
        return self.quietly(here, card.lead)
