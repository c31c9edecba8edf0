"""带回去看: the notice as a QR code for her phone and, where it can be, on paper."""

from kivy.properties import StringProperty

from kiosk.journey.events import PrintNotice
from kiosk.journey.views import NoticeToGo
from screens.base import StepScreen
from screens.widgets.action_bar import Action


class NoticeToGoScreen(StepScreen):
    """See `notice_to_go.kv`."""

    name = StringProperty("")
    code = StringProperty("")
    means = StringProperty("")

    def draw(self, view: NoticeToGo) -> None:
        """The code is the thing itself; paper is one touch more."""
        self.sentence = self.words("take_home.sentence_paper" if view.paper else "take_home.sentence")
        self.quiet = self.words("take_home.free")
        self.name, self.code = view.name, view.qr
        self.means = self.words("take_home.code_address" if view.online else "take_home.code_text")
        self.wait_for("sheet" if view.printing == "printing" else "", said=True)
        tip = self.ids.tip
        tip.plain = self._said(view)
        tip.mood = {"printed": "good", "failed": "tip", "printing": "city"}.get(view.printing, "tip")
        busy = view.printing == "printing"
        print_it = Action(
            "action.print", self.words("take_home.print"), PrintNotice(), "printer-outline", enabled=not busy
        )
        self.offer(print_it if view.paper else None)

    def _said(self, view: NoticeToGo) -> str:
        if view.printing == "printed":
            return self.words(
                "take_home.printed_sheet" if view.paper == "sheet" else "take_home.printed_slip"
            )
        if view.printing:
            return self.words(f"take_home.{view.printing}")
        return "" if view.paper else self.words("take_home.no_paper")
