"""What the city wants to be read in passing, on the idle screen. Data: messages.yaml of the catalogue.

As a part of the catalogue it comes with the platform's signed download (ADR 0033), and holds without a link, too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class CityMessage:
    """One page of the idle screen."""

    title: str
    text: str
    source: str  #: who says so
    icon: str = "bullhorn-outline"
    since: date | None = None  #: the first day; None: at once
    until: date | None = None  #: the last day; None: until it is taken away
    sample: bool = False  #: ours: 示例 on the screen, too


def in_force(messages: Iterable[CityMessage], today: date) -> tuple[CityMessage, ...]:
    """Those that are to be shown `today`, in their order."""
    return tuple(
        one
        for one in messages
        if (one.since is None or one.since <= today) and (one.until is None or today <= one.until)
    )
