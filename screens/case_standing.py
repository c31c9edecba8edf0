"""One case: how far it is, department by department, and what she can do about it."""

from datetime import datetime
from typing import Any

from kivy.properties import BooleanProperty, OptionProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.journey.events import AskWithdraw, Mend
from kiosk.journey.views import AskedAgain, CaseStanding, DepartmentLine
from screens.base import Desk, StepScreen
from screens.cases import state_said
from screens.widgets.action_bar import Action
from screens.widgets.icon import FLAVOURS

#: icon and colour of a department's line by its state; an unknown one is a dot
_MARKS = {
    "received": ("check", "city"),
    "accepted": ("progress-clock", "solid"),
    "waiting": ("timer-sand", "soft"),
    "correction": ("alert-outline", "notice"),
    "finished": ("check-bold", "good"),
    "declined": ("close-thick", "wrong"),
    "withdrawn": ("undo-variant", "soft"),
}


class DepartmentRow(BoxLayout):
    """A department on the line from above to below. See `case_standing.kv`."""

    icon = StringProperty("")
    flavour = OptionProperty("city", options=list(FLAVOURS))
    name = StringProperty("")
    state = StringProperty("")
    what = StringProperty("")
    when = StringProperty("")
    last = BooleanProperty(False)


class CaseStandingScreen(StepScreen):
    """See `case_standing.kv`."""

    matter = StringProperty("")
    number = StringProperty("")

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        self._view: CaseStanding | None = None
        self._mend = self.ids.mend

    def draw(self, view: CaseStanding) -> None:
        """The line of departments is built once."""
        asked = view.asked_again
        self.sentence = self.words("standing.mend_sentence" if asked else "standing.sentence")
        self.quiet = self.quietly(self._state(view.state), self._received(view.received_at))
        self.matter = view.matter
        self.number = self.words("standing.number", number=view.number)
        if view != self._view:
            self._view = view
            self._build(view)
        self._write_correction(view, asked)
        self.ids.card_first.plain = self.words("standing.card_first_tip") if self._card_first(view) else ""
        mend = Action("action.mend", self.words("standing.mend"), Mend(), "arrow-right")
        withdraw = Action("action.withdraw", self.words("standing.withdraw"), AskWithdraw())
        self.offer(mend if asked and view.mendable else None, *((withdraw,) if view.can_withdraw else ()))

    def leave(self) -> None:
        """Nothing of her stays in the widgets."""
        self.ids.line.clear_widgets()
        self._view, self.matter, self.number = None, "", ""

    def _card_first(self, view: CaseStanding) -> bool:
        return not view.by_card and (view.can_withdraw or (view.asked_again is not None and view.mendable))

    def _build(self, view: CaseStanding) -> None:
        line = self.ids.line
        line.clear_widgets()
        rows = [self._row(part) for part in view.departments]
        if not rows:
            rows = [DepartmentRow(icon="check", name=self.words("standing.nothing_yet"))]
        rows[-1].last = True
        for row in rows:
            line.add_widget(row)

    def _row(self, part: DepartmentLine) -> DepartmentRow:
        icon, flavour = _MARKS.get(part.state, ("circle-medium", "city"))
        state = self._state(part.state)
        what = part.what if part.what != state else ""
        comma = self.words("list.comma")
        return DepartmentRow(
            icon=icon,
            flavour=flavour,
            name=part.department,
            state=state,
            what=self.quietly(comma.join(part.items), what),
            when=self._when(part.at),
        )

    def _write_correction(self, view: CaseStanding, asked: AskedAgain | None) -> None:
        ids = self.ids
        ids.mend_head.plain = self.words("standing.mend_head", department=asked.department) if asked else ""
        ids.mend_reason.plain = asked.reason if asked else ""
        comma = self.words("list.comma")
        what = comma.join((*asked.fields, *asked.materials)) if asked else ""
        ids.mend_what.plain = self.words("standing.mend_what", what=what) if asked else ""
        note = "standing.mend_note" if view.mendable else "standing.window"
        ids.mend_note.plain = self.words(note) if asked else ""
        shown = self._mend in ids.sheet.column.children
        if asked and not shown:
            ids.sheet.column.add_widget(self._mend, index=len(ids.sheet.column.children))
        elif shown and not asked:
            ids.sheet.column.remove_widget(self._mend)

    def _state(self, state: str) -> str:
        return state_said(self.words, state)

    def _received(self, at: datetime | None) -> str:
        return self.words("standing.received", month=at.month, day=at.day) if at else ""

    def _when(self, at: datetime) -> str:
        return self.words("standing.at", month=at.month, day=at.day, time=f"{at:%H:%M}")
