"""一次告知: everything to know before the start, on one sheet."""

from typing import Any

from kiosk.journey.events import Continue
from kiosk.journey.views import Notice
from screens.base import Desk, StepScreen
from screens.widgets.action_bar import Action


class NoticeScreen(StepScreen):
    """See `notice.kv`."""

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        self._view: Notice | None = None
        self._parts = list(reversed(self.ids.card.children))

    def draw(self, view: Notice) -> None:
        """Fill the facts once; they do not change while she reads."""
        if view.complete and not view.blocked:
            self.sentence = self.words("notice.sentence")
            minutes = self.words("notice.minutes", minutes=view.minutes) if view.minutes else ""
            self.quiet = self.quietly(minutes, self.words("mark.sample_line") if view.sample else "")
            self.offer(Action("action.continue", self.words("notice.go"), Continue(), "arrow-right"))
        else:
            self.sentence = self.words("notice.window_sentence")
            self.quiet = ""
            self.offer()
        if view != self._view:
            self._view = view
            self._fill(view)

    def _fill(self, view: Notice) -> None:
        facts = self.ids
        facts.name.plain = view.name
        facts.what.plain = view.what
        comma = self.words("list.comma")
        facts.together.plain = comma.join(view.items)
        facts.who_for.plain = view.who_for
        with_partners = self.words("notice.partners", lead=view.lead, partners=comma.join(view.partners))
        facts.who_decides.plain = view.who_decides or (with_partners if view.partners else view.lead)
        facts.how_long.plain = view.how_long
        facts.fee.plain = view.fee
        facts.not_here.plain = self.words("list.semicolon").join(view.not_here)
        facts.ask.plain = view.ask
        said = f"service.{view.blocked}.said" if view.blocked else "notice.window"
        facts.window.plain = "" if view.complete and not view.blocked else self.words(said)
        self._leave_out_empty()
        facts.sheet.to_top()

    def _leave_out_empty(self) -> None:
        """An empty line would still take the gap between two lines."""
        card = self.ids.card
        card.clear_widgets()
        for part in self._parts:
            if part.plain:
                card.add_widget(part)
