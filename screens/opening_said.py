"""When the window opens next, and that the mains failed, in words: the same on each screen that says it."""

from kiosk.journey.views import Home, Window
from screens.base import Words


def when_opens(words: Words, window: Window) -> str:
    """ "明天 8:30"; "" while it is open, or when nobody knows."""
    at = window.opens
    if window.open or at is None:
        return ""
    facts = {"at": f"{at.hour}:{at.minute:02d}", "month": at.month, "day": at.day}
    if window.days > 1:
        return words("window.day", weekday=words(f"home.weekday.{at.isoweekday()}"), **facts)
    return words("window.tomorrow" if window.days else "window.today", **facts)


def window_said(words: Words, window: Window | None, *, key: str = "closed") -> str:
    """Words `window.<key>`, or `window.<key>_keeps` where this terminal closes with the window; "" while it is open."""
    if window is None or window.open:
        return ""
    when = when_opens(words, window)
    name = f"{key}_keeps" if window.keeps else key
    if when:
        return words(f"window.{name}", when=when)
    return "" if key == "again" else words(f"window.{name}_unknown")


def home_said(words: Words, view: Home, *, on_battery: bool, offline: bool) -> str:
    """The one thing that whoever chooses must know; the most pressing of all that holds."""
    if on_battery:
        return words("power.strip")
    closed = window_said(words, view.window)
    if closed:
        return closed
    if offline:
        return words("offline.home")
    return words("limits.safe.cannot") if view.safe else ""
