"""A page of lines for whoever looks after the terminal: what can be done, health, tests, supplies, the log."""

from typing import Any

from kivy.uix.widget import Widget

from kiosk.journey.views import TendingList
from kiosk.tending.events import Choose, Line, Proceed
from screens.base import Desk
from screens.tending import MOODS, TendingScreen, ToldRow
from screens.widgets.action_bar import Action
from screens.widgets.list_row import ListRow
from screens.widgets.text import Text

#: icon and flavour of an act
_ACTS = {
    "health": ("heart-pulse", "good"),
    "refill": ("paper-roll-outline", "notice"),
    "tests": ("clipboard-check-outline", "city"),
    "adjust": ("tune-vertical", "city"),
    "clean": ("spray-bottle", "city"),
    "training": ("school-outline", "plum"),
    "version": ("qrcode", "city"),
    "log": ("text-box-search-outline", "city"),
    "bundle": ("lifebuoy", "city"),
}
#: pages whose every line is touched
_TOUCHED = ("acts", "tests", "refill", "bundle", "adjust")


class TendingListScreen(TendingScreen):
    """See `tending_list.kv`."""

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        self._drawn: object = None

    def draw(self, view: TendingList) -> None:
        """Rows are built when they change."""
        self.sentence = view.title or self.words(f"tending.page.{view.page}.sentence")
        self.quiet = self.words(f"tending.page.{view.page}.quiet")
        self.wait_for("tending" if view.loading and not view.lines else "")
        tip = self.ids.tip
        tip.mood, tip.plain = "tip", self._tip(view)
        drawn = (view.page, view.lines)
        if drawn != self._drawn:
            if self._drawn is None or view.page != self._drawn[0]:  # type: ignore[index]
                self.ids.rows.to_top()
            self._drawn = drawn
            self._fill(view)
        main = Action("tending.go", self.words(f"tending.main.{view.main}"), Proceed()) if view.main else None
        self.offer(main)

    def _tip(self, view: TendingList) -> str:
        if view.page == "mend":
            return view.code
        if view.page == "training":
            return self.words("training.what")
        return self.words(f"errors.{view.code}.hint") if view.code else ""

    def _fill(self, view: TendingList) -> None:
        rows = self.ids.rows
        rows.clear_widgets()
        group = ""
        for line in view.lines:
            if line.group and line.group != group:
                rows.add_widget(
                    Text(plain=self.words(f"tending.group.{line.group}"), kind="body", bold=True, tone="city")
                )
            group = line.group
            rows.add_widget(self._row(view.page, line))

    def _row(self, page: str, line: Line) -> Widget:
        if page == "acts":
            icon, flavour = _ACTS[line.key]
            said = self.words(f"tending.act.{line.key}.name"), self.words(f"tending.act.{line.key}.note")
        else:
            (icon, flavour), said = MOODS[line.mood], (line.name, line.note)
        if page == "mend":
            return ToldRow(name=said[0], number=line.key.rpartition(".")[2])
        if page not in _TOUCHED and not line.more:
            return ToldRow(name=said[0], note=said[1], mood=line.mood)
        row = ListRow(name=said[0], note=said[1], icon=icon, flavour=flavour, touch_key=f"line.{line.key}")
        row.bind(on_tap=lambda _: self.post(Choose(line.key)))
        return row
