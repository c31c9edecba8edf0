"""What there is to see while nobody is here: the idle screen's pages, or why nothing can be done. Pure, like `show`."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from kiosk.catalogue.load import Catalogue
from kiosk.catalogue.messages import CityMessage, in_force
from kiosk.journey import views
from kiosk.journey.record import Record
from kiosk.journey.surroundings import CHINA, Surroundings
from kiosk.service import CLOSED, Limit, abilities, limits, out_reason

_Page = tuple[Literal["steps", "can", "message", "limits"], CityMessage | None]


class ShowIdle:
    """The part of `Show` that draws what everybody sees."""

    _catalogue: Catalogue
    _surroundings: Callable[[], Surroundings]
    _now: Callable[[], datetime]
    _attract_s: float

    def _idle(self, record: Record) -> views.View:
        around = self._surroundings()
        if around.out_of_service:
            return self._out_of_service(around.out_of_service, around)
        cannot = limits(
            around.faults, online=around.online, slips=around.printer_ready, safe=around.safe_mode
        )
        pages = self._pages(cannot)
        turned = int(self._now().timestamp() / self._attract_s) % len(pages)
        shows, message = pages[turned]
        return views.Idle(
            around.place,
            around.hours,
            around.phone,
            around.online,
            around.printer_ready,
            shows=shows,
            message=message,
            can=abilities(around.faults, online=around.online),
            limits=cannot,
            page=turned,
            of=len(pages),
            window=self._window(around),
        )

    def _window(self, around: Surroundings) -> views.Window | None:
        """Whether somebody is behind the window at this moment, however the clock came to it."""
        if around.window is None:
            return None
        keeps, local = CLOSED in around.faults, self._now().astimezone(CHINA)
        if around.window.open_at(local):
            return views.Window(open=True)
        opens = around.window.opens_after(local)
        days = 0 if opens is None else (opens.date() - local.date()).days
        return views.Window(open=False, opens=opens, days=days, keeps=keeps)

    def _pages(self, cannot: tuple[Limit, ...]) -> list[_Page]:
        """The first step comes back between any two others: whoever comes in between must find it."""
        pages: list[_Page] = [("steps", None), ("can", None)]
        if cannot:
            pages += [("steps", None), ("limits", None)]
        today = self._now().astimezone(CHINA).date()
        for message in in_force(self._catalogue.messages, today):
            pages += [("steps", None), ("message", message)]
        return pages

    def _out_of_service(self, code: str, around: Surroundings) -> views.View:
        since = around.out_since
        return views.OutOfService(
            code,
            None if since is None else since.astimezone(CHINA),
            around.place,
            around.hours,
            around.phone,
            out_reason(code),
            around.hotline if around.hotline != around.phone else "",
            around.nearby,
            self._window(around),
        )
