"""Capture: the live picture, what to put under the camera, what was taken, and what if it does not work."""

from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.journey.events import (
    CitizenEvent,
    Continue,
    DeletePage,
    Scan,
    TakePicture,
    TryAgain,
    UsePhone,
    UseStick,
)
from kiosk.journey.views import Capture, PageCard
from screens.base import Desk, StepScreen
from screens.theme import tokens
from screens.widgets.action_bar import Action
from screens.widgets.button import PushButton
from screens.widgets.live_preview import LivePreview
from screens.widgets.surface import Surface, TouchCard
from screens.widgets.thumbnail import Picture
from screens.widgets.verdict_picture import VerdictCard

#: pixels of width: seven thumbnails side by side, or ten narrower ones
WIDEST_THUMB = 124
THUMB_GAP = 14


#: other ways than the camera → (icon, what is posted)
_WAYS: dict[str, tuple[str, CitizenEvent]] = {
    "phone": ("cellphone", UsePhone()),
    "stick": ("usb-flash-drive-outline", UseStick()),
}


class PageThumb(TouchCard):
    """A page that was kept, or the place of one that is still wanted. See `capture.kv`."""

    caption = StringProperty("")
    marked = BooleanProperty(False)  #: asked whether it should go
    wanted = BooleanProperty(False)

    def __init__(self, picture: bytes = b"", **properties: Any) -> None:
        super().__init__(**properties)
        if picture:
            self.picture = Picture()
            self.picture.show(picture)
            self.add_widget(self.picture, len(self.children))


class SightPill(Surface):
    """What the camera sees now, in words, over the picture. See `capture.kv`."""

    plain = StringProperty("")
    icon = StringProperty("")
    part = NumericProperty(0.0)


class CaptureScreen(StepScreen):
    """See `capture.kv`. Which page is about to be deleted is the screen's own short-lived state."""

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        self._view: Capture | None = None
        self._taken: tuple[object, ...] | None = None
        self._thumbs: list[PageThumb] = []
        self._marked: int | None = None
        self._offered: tuple[str, ...] = ()
        self._ways: list[PushButton] = []
        self._ways_row = self.ids.ways.__self__  # out of the body it takes no gap, either
        self.remove_widget(self._ways_row)
        self._fault = VerdictCard()
        self.preview = LivePreview(desk.preview)
        self.ids.glass.add_widget(self.preview, len(self.ids.glass.children))
        self.preview.fbind("steady", self._count)
        self.preview.fbind("live", self._see)
        self.ids.thumbs.fbind("width", self._fit_thumbs)

    def draw(self, view: Capture) -> None:
        """Sentence, sight, thumbnails, tip, buttons."""
        self._view = view
        self._show_ways(view)
        key = (
            "capture.full"
            if view.enough and full(view)
            else "capture.enough"
            if view.enough
            else "capture.lay"
        )
        self.sentence = self.words(key, name=view.material.name, page=view.page)
        which = self.words("capture.which", number=view.number, of=view.of)
        self.quiet = self.quietly(which, view.material.hint)
        self.ids.busy.opacity, self.ids.busy.moving = float(view.taking), view.taking and not self.desk.still
        self._show_taken(view)
        self._see()
        self._advise()
        self._offer(view)

    # --- what the camera sees ---

    def _see(self, *_: object) -> None:
        view, pill = self._view, self.ids.sight
        if view is None:
            return
        live = "" if self.preview.live else "broken" if failed(view) else "opening"
        state = "taking" if view.taking else live or view.sheet
        pill.plain = self.words(f"capture.sight.{state}")
        icons = {
            "none": "file-document-outline",
            "moving": "hand-back-right-outline",
            "opening": "camera-outline",
            "broken": "camera-off-outline",
        }
        pill.icon = icons.get(state, "check-circle-outline")
        pill.fill = tokens.GOOD if state in ("steady", "taking") else tokens.CITY
        self._count()

    def _count(self, *_: object) -> None:
        counting = self._view is not None and self._view.sheet == "steady" and not self._view.taking
        self.ids.sight.part = self.preview.steady if counting else 0.0

    # --- other ways ---

    def _show_ways(self, view: Capture) -> None:
        """Two quiet buttons; none while nothing more fits."""
        offered = tuple(way for way in _WAYS if getattr(view, way)) if not full(view) else ()
        if offered != self._offered:
            self._offered = offered
            self._ways = [self._way(way) for way in offered]
            self._lay_ways()
        for button in self._ways:
            button.enabled = not view.taking

    def _lay_ways(self) -> None:
        """The row above the question and the tip; away when it is empty."""
        row, below = self._ways_row, self.ids.ask.__self__
        row.clear_widgets()
        for button in self._ways:
            row.add_widget(button)
        if self._ways and row.parent is None:
            self.add_widget(row, self.body.column.children.index(below) + 1)
        elif not self._ways and row.parent is not None:
            self.remove_widget(row)

    def _way(self, way: str) -> PushButton:
        icon, event = _WAYS[way]
        button = PushButton(
            plain=self.words(f"capture.ways.{way}"),
            icon=icon,
            look="plain",
            kind="body",
            touch_key=f"way.{way}",
        )
        button.bind(on_tap=lambda _: self.post(event))
        return button

    # --- what was taken ---

    def _show_taken(self, view: Capture) -> None:
        taken = (view.material.slot, view.taken, view.material.min_pages)
        if taken == self._taken:
            return
        self._taken, self._marked = taken, None
        self.ids.thumbs.clear_widgets()
        self._thumbs = [self._thumb(index, page) for index, page in enumerate(view.taken)]
        empty = [
            PageThumb(caption=self.words("capture.page", page=number + 1), wanted=True, enabled=False)
            for number in range(len(view.taken), view.material.min_pages)
        ]
        for thumb in (*self._thumbs, *empty):
            self.ids.thumbs.add_widget(thumb)
        self.ids.thumbs.add_widget(Widget())
        self.ids.taken.plain = self.words(
            "capture.taken" if view.taken else "capture.none_taken",
            count=len(view.taken),
            least=view.material.min_pages,
        )
        self._fit_thumbs()

    def _thumb(self, index: int, page: PageCard) -> PageThumb:
        slot = self._view.material.slot if self._view is not None else ""
        thumb = PageThumb(
            page.thumbnail,
            caption=self.words("capture.page", page=index + 1),
            hint=self.words("focus.page"),
            touch_key=f"page.{slot}.{index}",
        )
        thumb.bind(on_tap=lambda _: self._mark(None if self._marked == index else index))
        return thumb

    def _fit_thumbs(self, *_: object) -> None:
        thumbs = [child for child in self.ids.thumbs.children if isinstance(child, PageThumb)]
        if thumbs:
            room = (self.ids.thumbs.width - THUMB_GAP * len(thumbs)) / len(thumbs)
            for thumb in thumbs:
                thumb.width = min(WIDEST_THUMB, room)

    def _mark(self, index: int | None) -> None:
        self._marked = index
        for place, thumb in enumerate(self._thumbs):
            thumb.marked = place == index
        self._advise()

    def keep(self) -> None:
        """The marked page stays."""
        self._mark(None)

    def delete(self) -> None:
        """The marked page goes."""
        if self._view is not None and self._marked is not None:
            self.post(DeletePage(self._view.material.slot, self._marked))

    # --- what if not ---

    def _advise(self) -> None:
        """The tip card, or the question whether a page should go."""
        view = self._view
        if view is None:
            return
        asking = self._marked is not None
        ask, tip = self.ids.ask, self.ids.tip
        ask.opacity, ask.disabled = float(asking), not asking
        ask.height = 132 if asking else 0
        ask.question = self.words("capture.delete.ask", page=(self._marked or 0) + 1) if asking else ""
        self.ids.delete.touch_key = f"page.delete.{view.material.slot}.{self._marked}" if asking else ""
        judged = bool(view.trouble) and is_verdict(view.trouble) and not asking
        self._show_fault(view.trouble if judged else "")
        tip.mood = "wrong" if view.trouble else "tip"
        tip.plain = (
            ""
            if asking or judged
            else self.words(f"errors.{view.trouble}.citizen")
            if view.trouble
            else self.words("capture.tip")
        )

    def _show_fault(self, verdict: str) -> None:
        """What is wrong with the picture, drawn, in the place of the tip."""
        column, there = self.ids.tip.parent, self._fault.parent is not None
        if verdict:
            self._fault.verdict = verdict
            self._fault.said = self.words(f"verdict.{verdict}.said")
            self._fault.do = self.words(f"verdict.{verdict}.do")
            if not there:
                column.add_widget(self._fault)
        elif there:
            column.remove_widget(self._fault)

    # --- buttons ---

    def _offer(self, view: Capture) -> None:
        take = Action(
            "action.take",
            self.words("capture.again" if view.enough else "capture.take"),
            TakePicture(),
            "camera",
            enabled=not view.taking and self._marked is None,
        )
        done = Action(
            "action.continue", self.words("capture.done"), Continue(), "check", enabled=not view.taking
        )
        retry = Action("action.try_again", self.words("capture.try_again"), TryAgain(), "refresh")
        scan = Action("action.scan", self.words("capture.scan"), Scan(), "scanner", enabled=not view.taking)
        scans = (scan,) if view.scanner and not full(view) else ()
        if view.enough:
            self.offer(done, *(() if full(view) else (retry,) if failed(view) else (take,)), *scans)
        else:
            self.offer(retry if failed(view) else take, *scans)

    def leave(self) -> None:
        """The camera's texture and every thumbnail go."""
        self.preview.stop()
        self.ids.thumbs.clear_widgets()
        self._view = None


def full(view: Capture) -> bool:
    """No further page of this material fits."""
    return len(view.taken) >= view.max_pages


def is_verdict(code: str) -> bool:
    """Whether a trouble is about the picture; else it is an error of the camera (`D101`, `condition.…`)."""
    return not (code.startswith("condition.") or code[:1].isupper())


def failed(view: Capture) -> bool:
    """The camera itself does not work now."""
    return bool(view.trouble) and not is_verdict(view.trouble)
