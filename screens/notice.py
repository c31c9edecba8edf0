"""一次告知: everything to know before the start, on one sheet."""

from typing import Any

from kiosk.journey.events import Continue, FindCases, Report, TakeHome
from kiosk.journey.views import Notice
from screens.base import Desk, StepScreen
from screens.opening_said import window_said
from screens.widgets.action_bar import Action
from screens.widgets.list_row import ListRow
from screens.widgets.text import Text


class NoticeScreen(StepScreen):
    """See `notice.kv`."""

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        self._view: Notice | None = None
        self._parts = list(reversed(self.ids.card.children))

    def draw(self, view: Notice) -> None:
        """Fill the facts once; they do not change while she reads."""
        home = Action("action.take_home", self.words("notice.take_home"), TakeHome(), "cellphone-arrow-down")
        if view.complete and not view.blocked:
            self.sentence = self.words("notice.sentence")
            minutes = self.words("notice.minutes", minutes=view.minutes) if view.minutes else ""
            self.quiet = self.quietly(minutes, self.words("mark.sample_line") if view.sample else "")
            self.offer(Action("action.continue", self.words("notice.go"), Continue(), "arrow-right"), home)
        else:
            self.sentence = self.words("notice.window_sentence")
            self.quiet = ""
            self.offer(None, home)
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
        facts.window.plain = self._window(view) if view.complete and not view.blocked else self.words(said)
        if view.blocked in ("staff", "hours"):
            facts.window.plain += window_said(self.words, view.window, key="again")
        self._offer_what_can_be_done(not view.complete or bool(view.blocked))
        self._leave_out_empty()
        facts.sheet.to_top()

    def _window(self, view: Notice) -> str:
        """It is taken now; who looks at it comes when the window opens."""
        return window_said(self.words, view.window, key="later") if view.later else ""

    def _offer_what_can_be_done(self, wanted: bool) -> None:
        """Who cannot hand it in here does not stand before a dead end."""
        ways = self.ids.ways
        ways.clear_widgets()
        if not wanted:
            return
        ways.add_widget(Text(plain=self.words("notice.do_here"), kind="body", bold=True, tone="city"))
        for key, icon, event in (
            ("progress", "progress-clock", FindCases()),
            ("callback", "phone-return-outline", Report("callback")),
            ("hardship", "hand-heart-outline", Report("hardship")),
        ):
            row = ListRow(name=self.words(f"notice.{key}"), icon=icon, touch_key=f"notice.{key}")
            row.bind(on_tap=lambda _, event=event: self.post(event))
            ways.add_widget(row)

    def _leave_out_empty(self) -> None:
        """An empty line would still take the gap between two lines."""
        card = self.ids.card
        card.clear_widgets()
        for part in self._parts:
            if part.plain:
                card.add_widget(part)
