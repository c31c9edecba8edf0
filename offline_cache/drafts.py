"""Pages of a visit that is not over: each sealed and durable as soon as she confirmed it.

A draft is nobody's case: it goes when the case is committed or the visit ends. Only a power cut or a killed face leaves
drafts behind, sealed like everything else. A terminal that holds a key of its own can open them in memory.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pyrage

from ground.clock import Clock
from ground.durable import sync_folder
from offline_cache.errors import BadRecipient, CacheError, Corrupt
from offline_cache.header import Header
from offline_cache.items import as_text
from offline_cache.seal import Recipients, seal_to, unsealed
from offline_cache.spool import Spool


@dataclass(frozen=True, slots=True)
class OwnKey:
    """The terminal's own key, from its credentials folder: opens drafts, and nothing that was handed in."""

    secret: str = field(repr=False)  #: AGE-SECRET-KEY-1…

    @classmethod
    def read(cls, file: Path) -> "OwnKey | None":
        """The key in `file`, None when there is no such file. Raises `BadRecipient` for one that is no key."""
        try:
            secret = file.read_text(encoding="ascii").strip()
            pyrage.x25519.Identity.from_str(secret)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, pyrage.IdentityError) as error:
            raise BadRecipient(why="unreadable own key", error=type(error).__name__) from None
        return cls(secret)

    @property
    def public(self) -> str:
        """The key to which drafts are sealed besides the platform's."""
        return str(pyrage.x25519.Identity.from_str(self.secret).to_public())

    def open(self, sealed: bytes) -> bytes:
        """What was sealed. Raises `Corrupt`."""
        try:
            return unsealed(sealed, self.secret)
        except ValueError as error:
            raise Corrupt(why="draft") from error


@dataclass(frozen=True, slots=True)
class Draft:
    """One page that lies sealed."""

    visit: str  #: id of the visit, or of its case
    place: int  #: order of confirmation
    at: datetime
    bytes: int
    file: str  #: its name in the folder of drafts


class Drafts:
    """The drafts of one terminal, in a folder beside the spool."""

    def __init__(self, folder: Path, clock: Clock, recipients: Recipients, own: OwnKey | None = None) -> None:
        """Raises `CacheError` when the folder cannot be made."""
        self._spool = Spool(folder)
        self._clock = clock
        self._own = own
        self.seal_to(recipients)

    def seal_to(self, recipients: Recipients) -> None:
        """From now on these are the ones to seal to; and a card, or without one this terminal, if it has a key."""
        self._recipients = recipients

    def keep(self, visit: str, place: int, content: bytes, key: OwnKey | None = None) -> Draft:
        """Seal a page and make it durable; one that was kept at the same place before is replaced.

        It is sealed to `key`, too, her card's; without one to the terminal's own. Raises `DiskFull`, `NotDurable`.
        """
        old = [draft for draft in self.of(visit) if draft.place == place]
        at = self._clock.now()
        about = Header(unit=visit, part="draft", of=0, sha256="", bytes=0, order=place, at=as_text(at))
        mine = key or self._own
        keys = (*self._recipients.keys, *([mine.public] if mine else ()))
        to = Recipients(tuple(dict.fromkeys(keys)), self._recipients.suite)
        (kept,) = self._spool.keep([seal_to(content, to)], about)
        self._spool.remove(draft.file for draft in old)
        return Draft(visit, place, at, kept.bytes, kept.name)

    def all(self) -> list[Draft]:
        """Every draft, by visit and place."""
        found = []
        for name in self._spool.names(".age"):
            try:
                with self._spool.sealed_file(name) as file:
                    header = file.header
            except (CacheError, OSError):
                continue
            if header is not None:
                at = datetime.fromisoformat(header.at)
                found.append(Draft(header.unit, header.order, at, header.bytes, name))
        return sorted(found, key=lambda draft: (draft.visit, draft.place))

    def of(self, visit: str) -> list[Draft]:
        """The drafts of one visit, in order."""
        return [draft for draft in self.all() if draft.visit == visit]

    def open(self, draft: Draft, key: OwnKey | None = None) -> bytes | None:
        """The page itself, in memory; None without a `key` and without one of this terminal's own.

        Raises `Corrupt`, also where the key is another card's.
        """
        opening = key or self._own
        if opening is None:
            return None
        with self._spool.open(draft.file) as file:
            return opening.open(file.read())

    def drop(self, visit: str) -> int:
        """The visit is over: its drafts go; how many."""
        return self._remove(self.of(visit))

    def expire(self, days: float) -> int:
        """Delete drafts that are older than so many days, and any half-written file; how many drafts.

        One from a moment that has not come yet was dated by a wrong clock, and is left for the operator.
        """
        limit = self._clock.now() - timedelta(days=days)
        gone = self._remove([draft for draft in self.all() if draft.at < limit])
        self._spool.sweep(lambda: self._spool.names(".age"))
        return gone

    def _remove(self, drafts: list[Draft]) -> int:
        gone = self._spool.remove(draft.file for draft in drafts)
        if gone:
            sync_folder(self._spool.folder)
        return gone
