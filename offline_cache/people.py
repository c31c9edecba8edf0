"""What is known of the person at the terminal: her cases, what she need not write again, her drafts.

The calls of `/v1/people` (docs/backend-api.md, *People*). Whoever asks has identified her, and has her word for it
where one is needed. Her number travels in bodies alone, never in an address; nothing of an answer touches the disk.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

from offline_cache.answers import accepted, parsed
from offline_cache.errors import Portal
from offline_cache.link import LONGEST_REPLY_BYTES, Link, Reply
from offline_cache.people_replies import (
    DraftContent,
    DraftList,
    DraftThere,
    Earlier,
    Standing,
    StandingList,
)

_PLACE = "/v1/people"
LONGEST_PAGE_BYTES = 20 * 1024 * 1024  # of the contract: one page of a draft; ours have 2 MB


class People:
    """The calls of `/v1/people`; each raises `UploadError` and nothing else.

    `Refused` (422) when the number has no form that a person's can have; `ServerTrouble` when asked too often.
    """

    def __init__(self, link: Link) -> None:
        self._link = link

    def cases(self, number: str) -> tuple[Standing, ...]:
        """Her cases, newest first, at most 50; none is no error."""
        return parsed(accepted(self._tell("POST", "cases", number), {200}), StandingList).cases

    def earlier(self, number: str, matter: str, consented_at: datetime) -> Earlier:
        """What she wrote in earlier cases, and her e-licences, for the matter (its code) that she has chosen.

        `consented_at` (aware): when she agreed to be asked for; the platform refuses what is older than 15 minutes.
        """
        said = {"matter": matter, "consented_at": consented_at.isoformat()}
        return parsed(accepted(self._tell("POST", "earlier", number, said=said), {200}), Earlier)

    def drafts(self, number: str) -> tuple[DraftThere, ...]:
        """Her drafts that have not expired, newest first."""
        return parsed(accepted(self._tell("POST", "drafts", number), {200}), DraftList).drafts

    def draft(self, number: str, draft_id: str) -> DraftContent:
        """What a draft of hers holds. Raises `Garbled` (404) when there is none any more, or it is not hers."""
        return parsed(accepted(self._tell("POST", _draft(draft_id), number), {200}), DraftContent)

    def draft_part(self, number: str, draft_id: str, part: str) -> bytes:
        """One page of a draft, opened. Raises as `draft`."""
        place = f"{_draft(draft_id)}/parts/{quote(part, safe='')}"
        reply = accepted(self._tell("POST", place, number, longest=LONGEST_PAGE_BYTES), {200})
        if reply.media_type != "application/octet-stream":
            raise Portal(why="not_ours", status=reply.status)
        return reply.body

    def drop_draft(self, number: str, draft_id: str) -> None:
        """She does not want it kept any longer. One that is gone already is no error."""
        reply = self._tell("DELETE", _draft(draft_id), number)
        if reply.status != 404 or not reply.is_json:
            accepted(reply, {204})

    def _tell(
        self,
        method: str,
        place: str,
        number: str,
        *,
        said: Mapping[str, str] | None = None,
        longest: int = LONGEST_REPLY_BYTES,
    ) -> Reply:
        body = json.dumps({"number": number, **(said or {})}).encode("ascii")
        headers = {"Content-Type": "application/json"}
        path = f"{_PLACE}/{place}"
        return self._link.ask(method, path, headers=headers, body=body, longest_reply=longest)


def _draft(draft_id: str) -> str:
    return f"drafts/{quote(draft_id, safe='')}"
