"""Pictures on their way from a citizen's phone to the terminal that waits for them. In memory only, for minutes.

A code opens one slot of one terminal for pictures and for nothing else: with it nothing can be read, not even what was
sent. Why a code in a QR picture is safe enough for that: docs/adr/0027.
"""

import enum
import re
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from backend.clock import Clock
from backend.journal import Event, Journal
from backend.keys import token_hash
from backend.rates import Rate
from backend.refusals import Refusal
from backend.settings import Settings

#: Crockford's base 32, as for enrolment: a code that is read out is typed right.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH = 16  # 80 random bits: nobody finds one of a thousand live codes within minutes
_CODE = re.compile(rf"[{_ALPHABET}]{{{_CODE_LENGTH}}}")
_REMEMBERED = 10_000  # ended codes that are still told from wrong ones; chosen, some hundred kilobytes


class Kind(enum.StrEnum):
    """What a picture is, by its first bytes."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    PDF = "application/pdf"


def kind_of(content: bytes) -> Kind | None:
    """What `content` is by its own first bytes; its name and what the phone says of it do not count."""
    if content.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return Kind.WEBP
    if content.startswith(b"%PDF-"):
        return Kind.PDF
    return None


class State(enum.StrEnum):
    """How far an upload is."""

    WAITING = "waiting"
    OPENED = "opened"
    ARRIVED = "arrived"
    OVER = "over"


class Void(Exception):
    """A code that opens nothing: `ended` when it once did, or was never given out."""

    def __init__(self, *, ended: bool) -> None:
        self.ended = ended
        super().__init__()


class TooMuch(Exception):
    """No room for more pictures: of this slot, or of the platform."""


@dataclass(slots=True)
class PhoneUpload:
    """One slot that waits for pictures. `expires` is an instant of the clock."""

    upload_id: str
    terminal_id: str
    code_hash: str
    label: str
    most_pages: int
    expires: float
    expires_at: datetime
    opened: bool = False
    arrived: int = 0  #: pictures that ever came
    pictures: dict[int, bytes] = field(
        default_factory=dict, repr=False
    )  #: by number from 1, until they are taken

    @property
    def room(self) -> int:
        """How many more pictures may come."""
        return self.most_pages - self.arrived


class PhoneUploads:
    """All that wait now. Thread-safe."""

    def __init__(self, settings: Settings, clock: Clock, journal: Journal) -> None:
        self._settings, self._clock, self._journal = settings, clock, journal
        self._lock = threading.RLock()
        self._by_id: dict[str, PhoneUpload] = {}
        self._by_code: dict[str, PhoneUpload] = {}
        self._ended: dict[str, None] = {}
        self._coming = 0  #: bytes that were let in and are still being received
        self._wrong_codes = Rate(settings.phone_guesses_per_minute, clock)
        self._opened_rate = Rate(settings.phone_uploads_per_minute, clock)

    # --- the terminal's side ---

    def begin(self, terminal_id: str, label: str, most_pages: int, minutes: int) -> tuple[PhoneUpload, str]:
        """A slot that waits, and its code, which is told this once. The terminal's former slot is closed."""
        self._opened_rate.take(terminal_id)
        code = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
        lasts_s = 60 * min(minutes, self._settings.phone_most_minutes)
        with self._lock:
            self.sweep()
            for former in [one for one in self._by_id.values() if one.terminal_id == terminal_id]:
                self._forget(former)
            upload = PhoneUpload(
                upload_id=secrets.token_urlsafe(16),
                terminal_id=terminal_id,
                code_hash=token_hash(code),
                label=label,
                most_pages=min(most_pages, self._settings.phone_most_pages),
                expires=self._clock.instant() + lasts_s,
                expires_at=self._clock.now() + timedelta(seconds=lasts_s),
            )
            self._by_id[upload.upload_id] = self._by_code[upload.code_hash] = upload
        self._journal.write(Event.PHONE_UPLOAD_BEGUN, terminal=terminal_id, upload=upload.upload_id)
        return upload, code

    def of(self, terminal_id: str, upload_id: str) -> PhoneUpload:
        """This terminal's slot; 403 for another terminal's, 404 once it is gone."""
        with self._lock:
            self.sweep()
            upload = self._by_id.get(upload_id)
        if upload is None:
            raise Refusal(404, "B404", "no such phone upload")
        if upload.terminal_id != terminal_id:
            raise Refusal(403, "B403", "this phone upload is another terminal's")
        return upload

    def state(self, upload: PhoneUpload) -> State:
        """How far `upload` is."""
        if self._is_over(upload):
            return State.OVER
        return State.ARRIVED if upload.arrived else State.OPENED if upload.opened else State.WAITING

    def seconds_left(self, upload: PhoneUpload) -> int:
        """Until the code is void; 0 once it is."""
        return max(0, int(upload.expires - self._clock.instant()))

    def picture(self, upload: PhoneUpload, number: int) -> bytes:
        """Picture `number`; 404 when it is not there or was taken."""
        with self._lock:
            content = upload.pictures.get(number)
        if content is None:
            raise Refusal(404, "B404", "no such picture")
        return content

    def taken(self, upload: PhoneUpload, number: int) -> None:
        """The terminal has picture `number`: nothing of it stays here. Saying so twice changes nothing."""
        with self._lock:
            upload.pictures.pop(number, None)

    def end(self, upload: PhoneUpload) -> None:
        """Nobody waits any more: the code is void and what was not taken is gone."""
        with self._lock:
            self._forget(upload)
        self._journal.write(
            Event.PHONE_UPLOAD_ENDED,
            terminal=upload.terminal_id,
            upload=upload.upload_id,
            pictures=upload.arrived,
        )

    # --- the phone's side ---

    def opened(self, code: str, address: str) -> PhoneUpload:
        """The slot that `code` opens. Raises `Void`, and a 429 refusal for an address that guesses."""
        self._wrong_codes.check(address)
        code_hash = token_hash(code.upper()) if _CODE.fullmatch(code.upper()) else ""
        with self._lock:
            self.sweep()
            upload = self._by_code.get(code_hash)
            if upload is not None and not self._is_over(upload):
                return upload
            ended = upload is not None or code_hash in self._ended
        if not ended:  # whoever comes late with a code that was good does not guess
            self._wrong_codes.take(address)
        raise Void(ended=ended)

    def looked_at(self, upload: PhoneUpload) -> None:
        """The phone is there."""
        upload.opened = True

    @contextmanager
    def coming(self, length: int) -> Iterator[None]:
        """Room for a body of `length` bytes while it is received. Raises `TooMuch`."""
        with self._lock:
            kept = sum(len(one) for upload in self._by_id.values() for one in upload.pictures.values())
            if kept + self._coming + length > self._settings.phone_memory_bytes:
                raise TooMuch
            self._coming += length
        try:
            yield
        finally:
            with self._lock:
                self._coming -= length

    def add(self, upload: PhoneUpload, contents: list[bytes]) -> None:
        """Put all `contents` into the slot, or none. Raises `Void` when it was closed meanwhile, `TooMuch`."""
        with self._lock:
            if self._is_over(upload):
                raise Void(ended=True)
            if len(contents) > upload.room:
                raise TooMuch
            for content in contents:
                upload.arrived += 1
                upload.pictures[upload.arrived] = content
            upload.opened = True
        self._journal.write(
            Event.PHONE_PICTURES_CAME,
            terminal=upload.terminal_id,
            upload=upload.upload_id,
            pictures=len(contents),
        )

    # --- time ---

    def sweep(self) -> None:
        """Forget what has been void for longer than a terminal needs to take the last picture."""
        with self._lock:
            last = self._clock.instant() - self._settings.phone_taking_over_s
            for upload in [one for one in self._by_id.values() if one.expires <= last]:
                self._forget(upload)

    def forget_all(self) -> None:
        """The platform ends."""
        with self._lock:
            for upload in list(self._by_id.values()):
                self._forget(upload)

    def _is_over(self, upload: PhoneUpload) -> bool:
        return upload.upload_id not in self._by_id or self._clock.instant() >= upload.expires

    def _forget(self, upload: PhoneUpload) -> None:
        self._by_id.pop(upload.upload_id, None)
        self._by_code.pop(upload.code_hash, None)
        upload.pictures.clear()
        self._ended[upload.code_hash] = None
        while len(self._ended) > _REMEMBERED:
            del self._ended[next(iter(self._ended))]
