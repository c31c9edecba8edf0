"""带齐了吗: tick what you have brought; what depends on the situation stands below."""

from typing import Any

from kiosk.journey.events import Continue, Tick
from kiosk.journey.views import MaterialCard, Readiness
from screens.base import Desk, StepScreen
from screens.widgets.action_bar import Action
from screens.widgets.material_drawings import thing
from screens.widgets.material_picture import MaterialRow
from screens.widgets.text import Text


class ReadinessScreen(StepScreen):
    """See `readiness.kv`."""

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        self._rows: dict[str, list[MaterialRow]] = {}
        self._shown: tuple[str, ...] = ()

    def draw(self, view: Readiness) -> None:
        """Build the rows once, then only tick them."""
        self.sentence = self.words("readiness.sentence")
        self.quiet = self.words("readiness.quiet")
        groups = ((self.words("readiness.always"), view.always), *self._conditional(view))
        shown = tuple(card.slot for _, cards in groups for card in cards)
        if shown != self._shown:
            self._shown = shown
            self._build(groups)
        for _, cards in groups:
            for card in cards:
                for row in self._rows[card.slot]:
                    row.chosen = card.ticked
        self.offer(Action("action.continue", self.words("readiness.go"), Continue(), "arrow-right"))

    def _conditional(self, view: Readiness) -> tuple[tuple[str, tuple[MaterialCard, ...]], ...]:
        return tuple((self.words("readiness.if", situation=label), cards) for label, cards in view.depends)

    def _build(self, groups: tuple[tuple[str, tuple[MaterialCard, ...]], ...]) -> None:
        self._rows = {}
        sheet = self.ids.sheet
        sheet.clear_widgets()
        for number, (title, cards) in enumerate(groups):
            sheet.add_widget(Text(plain=title, kind="body", bold=True, tone="city"))
            for card in cards:
                row = self._row(card, f"tick.{card.slot}" if number == 0 else f"tick.{number}.{card.slot}")
                self._rows.setdefault(card.slot, []).append(row)
                sheet.add_widget(row)

    def _row(self, card: MaterialCard, key: str) -> MaterialRow:
        row = MaterialRow(
            card.name,
            (card.hint, self.words("readiness.mark.source", source=card.source) if card.source else ""),
            self._marks(card),
            thing(card.picture, card=card.card, pages=card.min_pages),
            card.picture,
            touch_key=key,
        )
        row.bind(on_tap=lambda _: self.post(Tick(card.slot)))
        return row

    def _marks(self, card: MaterialCard) -> tuple[tuple[str, str], ...]:
        """In which form it is wanted, and what may stand for it: (words, look)."""
        said = [(self.words(f"readiness.mark.{'copy' if card.copy else 'original'}"), "city")]
        if card.card:
            said.append((self.words("readiness.mark.card_size"), "city"))
        if card.licence:
            said.append((self.words("readiness.mark.licence"), "good"))
        if card.promise:
            said.append((self.words("readiness.mark.promise"), "good"))
        return tuple(said)
