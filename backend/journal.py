"""What the platform notes about itself: a closed list of events, one JSON object a line, no personal data.

Facts are identifiers that the platform or a terminal drew at random, codes and counts; the uvicorn access log stays
off because the address of a progress question holds four digits of an id number.
"""

import enum
import json
import threading
from typing import IO

from backend.clock import Clock


class Event(enum.StrEnum):
    """Everything that the journal can say."""

    STARTED = "platform_started"
    """The platform took its data folder. Facts: version."""
    FINISHED = "platform_finished"
    """The platform let its data folder go."""
    TERMINAL_ENROLLED = "terminal_enrolled"
    """A terminal spent a code. Facts: terminal."""
    TERMINAL_REVOKED = "terminal_revoked"
    """An operator revoked a terminal. Facts: terminal."""
    TERMINAL_RESTORED = "terminal_restored"
    """An operator took a revocation back. Facts: terminal."""
    TERMINAL_REFUSED = "terminal_refused"
    """A request with a known token was refused. Facts: terminal, code (B461 to B466)."""
    TERMINAL_KEY_GIVEN = "terminal_key_given"
    """A terminal gave its public key. Facts: terminal, key (its id)."""
    TERMINAL_KEY_FORGOTTEN = "terminal_key_forgotten"
    """An operator let a terminal's public key be forgotten. Facts: terminal."""
    LOG_WENT_BACK = "log_went_back"
    """A terminal's event log ends before, or otherwise than, what was told of it earlier. Facts: terminal."""
    RECIPIENTS_CHANGED = "recipients_changed"
    """There is a new key to seal to. Facts: version (of the published list), until (when it expires, or "")."""
    DOWNLOAD_PUBLISHED = "download_published"
    """An operator published something for the terminals. Facts: name, version."""
    PART_SPOILT = "part_spoilt"
    """A sealed part arrived whole with another SHA-256 and was removed. Facts: terminal, case, part."""
    CASE_RECEIVED = "case_received"
    """A case was accepted. Facts: terminal, case, number, parts."""
    CASE_REPEATED = "case_repeated"
    """A case came again and got the same answer. Facts: terminal, case."""
    CASE_REFUSED = "case_refused"
    """A case was refused. Facts: terminal, case, code."""
    MESSAGE_RECEIVED = "message_received"
    """A message of a terminal was taken. Facts: terminal, message, kind."""
    MESSAGE_REFUSED = "message_refused"
    """A message was refused. Facts: terminal, message, kind, code."""
    CASES_ASKED = "cases_asked"
    """A terminal asked for the cases of a person. Facts: terminal, cases (how many)."""
    EARLIER_ASKED = "earlier_asked"
    """A terminal asked, with her consent, for what a person wrote before and for her licences. Facts: terminal,
    matter, values, licences (how many)."""
    CORRECTION_ASKED = "correction_asked"
    """A department asked for a correction. Facts: case, correction."""
    CORRECTION_ANSWERED = "correction_answered"
    """A correction came. Facts: case, correction, used (1, or 0 when nobody waited for it any more)."""
    CASE_WITHDRAWN = "case_withdrawn"
    """A case was withdrawn by its applicant. Facts: case, done (1, or 0 when it was too late)."""
    DRAFT_KEPT = "draft_kept"
    """A draft came. Facts: terminal, draft, pages."""
    DRAFT_OPENED = "draft_opened"
    """A draft was opened for its owner. Facts: terminal, draft."""
    DRAFT_DROPPED = "draft_dropped"
    """A draft is gone. Facts: draft, why (replaced, expired, handed_in, unwanted)."""
    TICKET_OPENED = "ticket_opened"
    """A hardship report or a wish to be called came. Facts: terminal, ticket, kind."""
    TICKET_MOVED = "ticket_moved"
    """An operator moved such a ticket. Facts: ticket, state."""
    CASE_RATED = "case_rated"
    """A case was rated from a phone, after the visit. Facts: case."""
    PHONE_UPLOAD_BEGUN = "phone_upload_begun"
    """A terminal waits for pictures from a phone. Facts: terminal, upload (its id, never its code)."""
    PHONE_PICTURES_CAME = "phone_pictures_came"
    """A phone sent pictures. Facts: terminal, upload, pictures (how many)."""
    PHONE_PICTURES_REFUSED = "phone_pictures_refused"
    """What a phone sent was not taken. Facts: terminal, upload, why (a key of phone_words.toml)."""
    PHONE_UPLOAD_ENDED = "phone_upload_ended"
    """The terminal waits no more. Facts: terminal, upload, pictures (how many came)."""
    REQUEST_FAILED = "request_failed"
    """An unforeseen error. Facts: error (its type), place (file:line). Never its message, which may quote data."""


class Journal:
    """Writes events to a text stream."""

    def __init__(self, stream: IO[str], clock: Clock) -> None:
        self._stream = stream
        self._clock = clock
        self._lock = threading.Lock()

    def write(self, event: Event, **facts: str | int) -> None:
        """Note that `event` happened. Never raises."""
        line = json.dumps({"at": self._clock.now().isoformat(), "event": event.value, **facts})
        with self._lock:
            try:
                self._stream.write(line + "\n")
                self._stream.flush()
            except (OSError, ValueError):  # a full disk or a closed stream must not stop the intake
                return
