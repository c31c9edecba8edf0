"""Her cases, newest first; or honestly why none is to be seen."""

from datetime import datetime
from typing import Any

from kiosk.journey.events import ChooseCase, TryAgain
from kiosk.journey.views import CaseCard, Cases
from screens.base import Desk, StepScreen
from screens.widgets.action_bar import Action
from screens.widgets.list_row import ListRow

#: reasons that have a sentence of their own; every other is the platform's trouble
_TOLD = ("offline", "slow", "late", "waits")
#: states that have words; docs/backend-api.md
STATES = ("received", "accepted", "waiting", "correction", "finished", "declined", "withdrawn")
#: icon and colour of a case by its state
_LOOKS = {
    "correction": ("file-alert-outline", "notice"),
    "finished": ("check-circle-outline", "good"),
    "declined": ("close-circle-outline", "wrong"),
    "withdrawn": ("undo-variant", "soft"),
}


class CasesScreen(StepScreen):
    """See `cases.kv`."""

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        self._cards: tuple[CaseCard, ...] | None = None

    def draw(self, view: Cases) -> None:
        """A list, or a sentence in its place."""
        slow = view.state == "asking" and bool(view.code)
        self.sentence = self.words("cases.still_asking" if slow else f"cases.{view.state}")
        self.wait_for("cases" if view.state == "asking" else "", said=True)
        self.quiet = self._quiet(view)
        tip = self.ids.tip
        tip.plain = self._said(view)
        asking = view.state == "asking" and not slow
        tip.mood = "city" if asking else "offline" if view.code in ("offline", "slow") else "tip"
        tip.icon = "timer-sand" if asking else ""
        if view.cases != self._cards:
            self._cards = view.cases
            self.ids.rows.clear_widgets()
            for card in view.cases if view.state == "list" else ():
                self.ids.rows.add_widget(self._row(card))
        again = Action("action.try_again", self.words("cases.again"), TryAgain(), "refresh")
        self.offer(again if view.state == "failed" else None)

    def leave(self) -> None:
        """Nothing of her stays in the rows."""
        self.ids.rows.clear_widgets()
        self._cards = None

    def _quiet(self, view: Cases) -> str:
        if view.state == "list":
            return self.words("cases.count", count=len(view.cases))
        return self.words("cases.asking_note") if view.state == "asking" and not view.code else ""

    def _said(self, view: Cases) -> str:
        if view.state == "nothing":
            return self.words("cases.nothing_card" if view.by_card else "cases.nothing_number")
        if view.state == "failed" or view.code in ("offline", "slow"):
            return self.words(f"cases.{view.code}" if view.code in _TOLD else "cases.trouble")
        return ""

    def _row(self, card: CaseCard) -> ListRow:
        icon, flavour = _LOOKS.get(card.state, ("clock-outline", "city"))
        row = ListRow(
            name=card.matter,
            note=self.quietly(
                state_said(self.words, card.state), received(self.words, card.received_at), card.number
            ),
            icon=icon,
            flavour=flavour,
            touch_key=f"case.{card.case_id}",
        )
        row.bind(on_tap=lambda _: self.post(ChooseCase(card.case_id)))
        return row


def state_said(words: Any, state: str) -> str:
    """How a state is said; a newer platform's own stays unsaid."""
    return words(f"standing.state.{state}") if state in STATES else ""


def received(words: Any, at: datetime | None) -> str:
    """11月20日 交件; "" when nobody said when."""
    return words("cases.received", month=at.month, day=at.day) if at is not None else ""
