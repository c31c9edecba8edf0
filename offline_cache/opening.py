"""For a platform that cannot open age: what is sealed here is opened as it is sent, in memory only.

Everything lies sealed to a key of this terminal's own, from its credentials folder. The uploader's outbox opens a part
when its turn comes and hands it over in clear, to be sent inside TLS; nothing that is open ever touches the disk.
Hashes and lengths in the envelope are those of the open parts.
"""

import hashlib
import io
from dataclasses import dataclass, fields, replace
from typing import Any, BinaryIO

from offline_cache.drafts import OwnKey
from offline_cache.errors import BadRecipient, Corrupt
from offline_cache.items import CaseJob, EvaluationJob, Job, MessageJob, SealedPart
from offline_cache.outbox import Outbox
from offline_cache.pace_metered import EVERYTHING, Allowed

SEALING = {"sealing": "none"}  #: what the envelope says besides


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCaseJob(CaseJob):
    """A case whose parts are sent open."""

    def envelope(self) -> dict[str, Any]:
        return CaseJob.envelope(self) | SEALING


class OpeningOutbox(Outbox):
    """An outbox whose jobs are of open parts. For the uploader alone; `own_key` must be given."""

    def claim(self, lease_s: float, worker: str | None = None, allowed: Allowed = EVERYTHING) -> Job | None:
        """As `Outbox.claim`. Raises `BadRecipient` when there is no key to open with."""
        job = super().claim(lease_s, worker, allowed)
        match job:
            case None | EvaluationJob():
                return job
            case CaseJob():
                return OpenCaseJob(**_fields(job) | {"parts": self._opened(job.parts)})
            case MessageJob():
                return replace(job, parts=self._opened(job.parts))

    def open_part(self, part: SealedPart) -> BinaryIO:
        """The open content, in memory. Raises `Corrupt` when it is gone, harmed or not sealed to this terminal."""
        return io.BytesIO(self._content(part))

    def _opened(self, parts: tuple[SealedPart, ...]) -> tuple[SealedPart, ...]:
        """The same parts as they are when open: a part that cannot be opened keeps the figures of its sealed file."""
        return tuple(self._told(part) for part in parts)

    def _told(self, part: SealedPart) -> SealedPart:
        try:
            content = self._content(part)
        except Corrupt:
            return part  # met again when it is sent, and told there
        return replace(part, sha256=hashlib.sha256(content).hexdigest(), bytes=len(content))

    def _content(self, part: SealedPart) -> bytes:
        key: OwnKey | None = self._own_key
        if key is None:
            raise BadRecipient(why="no own key to open with")
        with super().open_part(part) as file:
            return key.open(file.read())


def _fields(job: CaseJob) -> dict[str, Any]:
    return {each.name: getattr(job, each.name) for each in fields(job)}
