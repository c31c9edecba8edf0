"""To whom this terminal seals: the platform's signed list when there is one, else what enrolment or a technician gave.

An expiry stops nothing that has begun. What has not expired is sealed to; when everything has, all of it is,
for the platform opens with old keys on. Only the next visit is not begun (S110), and not even that while
the clock of this machine is known to be wrong.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import pydantic
from pydantic import AwareDatetime, BaseModel, Field

from ground.clock import Clock
from offline_cache.downloads import Downloads, Unfit
from offline_cache.errors import BadRecipient, RecipientsExpired
from offline_cache.said import SAID
from offline_cache.seal import Recipients, Suite

NAME = "recipients"
FILE = "recipients.json"
WARN_DAYS = 30  # chosen: a month to publish a new key, of which a terminal needs ten minutes on the network


class Recipient(BaseModel):
    """A public key to seal to."""

    model_config = SAID

    key: str
    until: AwareDatetime | None = None  #: sealed to until then; None: no end


class RecipientList(BaseModel):
    """The file of the download `recipients`."""

    model_config = SAID

    version_of_form: Literal[1] = Field(alias="schema")
    recipients: tuple[Recipient, ...] = Field(min_length=1, max_length=8)


@dataclass(frozen=True, slots=True)
class Outlook:
    """How long there is somebody to seal to."""

    until: datetime | None  #: when the last recipient expires; None: never, or there is none
    days_left: int | None  #: whole days until then, negative when it is over
    expired: bool

    @property
    def code(self) -> str:
        """S110 when all have expired, else ""."""
        return RecipientsExpired.code if self.expired else ""

    @property
    def soon(self) -> bool:
        """Whether the technician is to be warned."""
        return self.days_left is not None and self.days_left < WARN_DAYS

    @property
    def said(self) -> str:
        """In short, for a status line."""
        if self.days_left is None:
            return "no expiry"
        return f"expired {-self.days_left} days ago" if self.expired else f"{self.days_left} days left"


def read_list(folder: Path) -> RecipientList:
    """The list in a fetched version. Raises `Unfit` for what could not be sealed to."""
    try:
        listed = RecipientList.model_validate(json.loads((folder / FILE).read_bytes()))
        Recipients.parse([each.key for each in listed.recipients])
    except (OSError, ValueError, pydantic.ValidationError) as error:
        raise Unfit(type(error).__name__) from error
    except BadRecipient as error:
        raise Unfit("no recipient") from error
    return listed


class KnownRecipients:
    """Asked each time that something is sealed, so a key that was changed counts at once, in every process."""

    def __init__(
        self,
        given: Sequence[str],
        downloads: Downloads,
        clock: Clock,
        *,
        also: Sequence[str] = (),
        suite: Suite = "international",
    ) -> None:
        """`given`: by enrolment or configuration. `also`: sealed to besides, whatever the list says."""
        self._suite = suite
        self._given = tuple(Recipient(key=key) for key in Recipients.parse(given).keys) if given else ()
        self._downloads = downloads
        self._clock = clock
        self._also = tuple(also)
        self._stamp: str | None = None
        self._listed: tuple[Recipient, ...] = ()

    def __call__(self) -> Recipients | None:
        """To whom to seal now; None when nobody was ever named."""
        named, now = self._all(), self._clock.now()
        valid = [each.key for each in named if each.until is None or now < each.until]
        keys = (*(valid or [each.key for each in named]), *self._also)
        return Recipients(tuple(dict.fromkeys(keys)), self._suite) if keys else None

    def outlook(self, *, clock_is_wrong: bool = False) -> Outlook:
        """How long this goes on. A clock that is known to be wrong proves no expiry."""
        ends = [each.until for each in self._all()]
        until = max((end for end in ends if end is not None), default=None)
        if until is None or None in ends:
            return Outlook(None, None, False)
        left = until - self._clock.now()
        return Outlook(until, left // timedelta(days=1), left <= timedelta() and not clock_is_wrong)

    def _all(self) -> tuple[Recipient, ...]:
        stamp = self._downloads.stamp(NAME)
        if stamp != self._stamp:
            self._listed, self._stamp = self._read(), stamp
        return self._listed or self._given

    def _read(self) -> tuple[Recipient, ...]:
        held = self._downloads.held(NAME)
        if held is None:
            return ()
        try:
            return read_list(held.folder).recipients
        except Unfit:
            return ()
