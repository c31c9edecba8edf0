"""What nobody but her may see: while a helper stands at her side, and while nobody stands before the glass.

While she is away the whole view is covered (`Away`); what is covered is in no widget, so nothing of it can be seen.
"""

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np

from ground.clock import Clock
from kiosk.journey import views
from kiosk.journey.delays import Delays

#: pixels of the longer side that are left of a page: its shape and its stamp, no letter (chosen, looked at)
_GRAIN = 12
_SIDE = 160  # pixels of the longer side of what is shown in its place
_NAMELESS = "＊＊＊"


class Presence:
    """Whether she stands there, as far as a sensor says. Without a sensor she always does."""

    def __init__(self, clock: Clock, delays: Delays) -> None:
        self._clock = clock
        self._delays = delays
        self.sensed = False  #: a sensor sees somebody at this moment
        self._gone_at: float | None = None  #: when she counts as gone, unless she is seen before

    def seen(self, there: bool) -> None:
        """The sensor has changed its mind."""
        self.sensed = there
        self._gone_at = None if there else self._clock.after(self._delays.away_after_s)

    def touched(self) -> None:
        """A finger tells more than a sensor: it is believed again when it has seen somebody."""
        self._gone_at = None

    @property
    def away(self) -> bool:
        """Whether nobody stands there."""
        return self._gone_at is not None and self._clock.due(self._gone_at)

    @property
    def pace(self) -> float:
        """How fast patience runs."""
        return self._delays.away_pace if self.away else 1.0


class Veil:
    """Blurs pages for whoever looks over her shoulder; keeps nothing after `forget`."""

    def __init__(self, blur: Callable[[bytes], bytes] | None = None) -> None:
        self._blur = blur or blurred
        self._known: dict[bytes, bytes] = {}

    def over(self, view: views.View) -> views.View:
        """The view as a helper may see it: what is written on pages and what files are called is her own business."""
        match view:
            case views.Form():
                return replace(view, known=_masked(view.known), asked=_masked(view.asked))
            case views.Capture():
                return replace(view, taken=self._cards(view.taken))
            case views.Review():
                materials = tuple(replace(one, pages=self._cards(one.pages)) for one in view.materials)
                return replace(view, materials=materials, secrets="")
            case views.Stick():
                files = (replace(one, name=_NAMELESS, picture=self._page(one.picture)) for one in view.files)
                return replace(view, files=tuple(files))
            case _:
                return view

    def forget(self) -> None:
        """The visit is over."""
        self._known = {}

    def _cards(self, pages: tuple[views.PageCard, ...]) -> tuple[views.PageCard, ...]:
        return tuple(replace(page, thumbnail=self._page(page.thumbnail)) for page in pages)

    def _page(self, jpeg: bytes) -> bytes:
        if not jpeg:
            return jpeg
        if jpeg not in self._known:
            self._known[jpeg] = self._blur(jpeg)
        return self._known[jpeg]


def _masked(entries: tuple[views.FormEntry, ...]) -> tuple[views.FormEntry, ...]:
    return tuple(replace(entry, revealed=False) for entry in entries)


def blurred(jpeg: bytes) -> bytes:
    """A JPEG of which the shape is left; b"" for what is no picture."""
    sharp = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    if sharp is None:
        return b""
    high, wide = sharp.shape[:2]
    grain = cv2.resize(sharp, _within(wide, high, _GRAIN), interpolation=cv2.INTER_AREA)
    soft = cv2.resize(grain, _within(wide, high, _SIDE), interpolation=cv2.INTER_CUBIC)
    return bytes(cv2.imencode(".jpg", soft)[1])


def _within(wide: int, high: int, longest: int) -> tuple[int, int]:
    factor = longest / max(wide, high)
    return max(1, round(wide * factor)), max(1, round(high * factor))
