"""The platform's parts, put together over one data folder."""

import fcntl
import threading
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy import select

from backend import VERSION
from backend.clock import Clock
from backend.database import Database
from backend.downloads import RECIPIENTS, Downloads, recipients_content
from backend.durable import private_folder
from backend.journal import Event, Journal
from backend.keys import Keys
from backend.library import Library
from backend.nonces import Nonces
from backend.phone_uploads import PhoneUploads
from backend.rates import Rate
from backend.refusals import Refusal
from backend.schema import Upload
from backend.settings import Settings, load_settings
from backend.store import Store
from backend.turns import Turns

_OPENS_NOTHING = "none"  # stands in the database for the recipient of a platform that opens no age


class FolderTaken(Exception):
    """Another platform works in this data folder."""


class Platform:
    """Everything a request needs. One process owns a data folder; the lock file tells a second one so.

    Raises `FolderTaken`, `WrongFolder`, and what `load_settings` raises.
    """

    def __init__(self, data: Path, clock: Clock, stream: IO[str], settings: Settings | None = None) -> None:
        private_folder(data)
        with ExitStack() as opened:  # whatever fails below, what was opened before it is closed again
            opened.enter_context(_locked(data / "lock"))
            self.clock = clock
            self.journal = Journal(stream, clock)
            self.settings = settings or load_settings(data)
            self.keys = Keys(data / "keys", opens_age=self.settings.opens_age)
            self.library = Library.of_folder(data, self.keys)
            self.store = Store(data / "files")
            self.bundles = private_folder(data / "bundles")
            self.database = Database(data / "platform.sqlite3")
            opened.callback(self.database.close)
            self.database.prepare([each.recipient for each in self.keys.identities] or [_OPENS_NOTHING])
            self._sweep()
            self._changing = threading.Lock()
            self.downloads = Downloads(data / "downloads", self.keys.publisher, clock)
            self._publish_recipients()
            self._opened = opened.pop_all()
        self.turns = Turns()
        self.nonces = Nonces(clock, self.settings.signature_window_s)
        self.progress_rate = Rate(self.settings.progress_per_minute, clock)
        self.people_rate = Rate(self.settings.people_per_minute, clock)
        self.draft_page_rate = Rate(self.settings.draft_pages_per_minute, clock)
        self.rating_rate = Rate(self.settings.ratings_per_minute, clock)
        self.enrolment_rate = Rate(self.settings.enrolments_per_minute, clock)
        self.phones = PhoneUploads(self.settings, clock, self.journal)
        self.journal.write(Event.STARTED, version=VERSION)

    def recipients(self) -> list[str]:
        """The public keys (`age1…`) to which terminals seal from now on; none when they are to open themselves."""
        own = [self.keys.recipient] if self.keys.identities else []
        return [*own, *self.settings.other_recipients]

    def change_recipient(self, until: datetime | None) -> tuple[str, int]:
        """A new key to seal to until that moment, and the version of the list that tells terminals of it.

        Refuses (422) when this platform opens no age.
        """
        if not self.keys.identities:
            raise Refusal(422, "B458", "this platform opens no age; there is no key to change")
        with self._changing:
            recipient = self.keys.change_recipient(until)
            version = self._publish_recipients()
        told = "" if until is None else until.isoformat()
        self.journal.write(Event.RECIPIENTS_CHANGED, version=version, until=told)
        return recipient, version

    def _publish_recipients(self) -> int:
        """Tell terminals to whom they seal; 0 when to nobody but themselves."""
        until = self.keys.identities[-1].until if self.keys.identities else None
        own = self.keys.recipient
        told: list[dict[str, str | None]] = [
            {"key": key, "until": until.isoformat() if key == own and until is not None else None}
            for key in self.recipients()
        ]
        return self.downloads.publish(RECIPIENTS, recipients_content(told)) if told else 0

    def _sweep(self) -> None:
        """Remove files that no row names: a crash between the two leaves them, never the other way round."""
        with self.database.reading() as session:
            named = set(session.scalars(select(Upload.upload_id)))
        for name in self.store.names() - named:
            self.store.remove(name)

    def remove_files(self, names: Iterable[str]) -> None:
        """Remove files that no row names any more; what a crash leaves of them goes at the next start."""
        for name in names:
            self.store.remove(name)

    def close(self) -> None:
        """Let the data folder go."""
        self.phones.forget_all()
        self.journal.write(Event.FINISHED)
        self._opened.close()


def _locked(file: Path) -> IO[bytes]:
    lock = file.open("ab")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise FolderTaken(f"another platform works in {file.parent}") from error
    return lock
